// What a log that was read holds, against what was sent and acknowledged.
import type { Book, Sent } from './book.ts'
import type { ReadLog, Row } from './read-log.ts'

/** Where the producer's own bytes begin: what stands before is the broker's to fill in. */
const producersFrom = 16

/**
 * A log that deletes nothing but from its start: every batch is one that was sent, byte for byte, once, in its producer's
 * order, where it was acknowledged and where it was found before; and none that was acknowledged is missing.
 */
export function verifyLog(log: ReadLog, book: Book): void {
  const at = `${log.topic}-${log.partition}`
  const newest = new Map<string, Sent>()
  const seen = new Set<Sent>()
  let next = log.rows[0]?.baseOffset ?? log.end
  let epoch = -1
  if (next > log.start) book.problem(`${at} starts at ${log.start}, but its first batch is at ${next}`)
  for (const row of log.rows) {
    const { baseOffset, lastOffset } = row
    if (row.corrupt) book.problem(`${at} has a corrupt batch at ${baseOffset}`)
    if (baseOffset !== next) book.problem(`${at} has a batch at ${baseOffset} where ${next} should follow`)
    if (row.leaderEpoch < epoch) book.problem(`${at} has epoch ${row.leaderEpoch} at ${baseOffset} behind ${epoch}`)
    next = lastOffset + 1
    epoch = Math.max(epoch, row.leaderEpoch)
    const sent = sentOf(row, book)
    if (sent === undefined || !isAsSent(row, sent)) {
      book.problem(`${at} has a batch at ${baseOffset} that nobody sent: ${row.records[0]?.value?.slice(0, 40)}`)
      continue
    }
    if (seen.has(sent)) book.problem(`${sent.name} is twice in ${at}: at ${sent.found} and at ${baseOffset}`)
    seen.add(sent)
    place(sent, baseOffset, book)
    inOrder(newest.get(sent.lane), sent, book)
    newest.set(sent.lane, sent)
  }
  if (next !== log.end) book.problem(`${at} can be read up to ${next}, and its high watermark is ${log.end}`)
  nothingMissing(log, seen, book)
}

/** The batch that a batch in a log was sent as. */
export function sentOf(row: Row, book: Book): Sent | undefined {
  const [lane, order] = row.records[0]?.value?.split('/') ?? []
  return book.sent.get(`${lane}/${order}`)
}

function isAsSent(row: Row, sent: Sent): boolean {
  const length = sent.bytes.length
  return (
    row.bytes.length === length &&
    Buffer.compare(row.bytes.subarray(producersFrom), sent.bytes.subarray(producersFrom)) === 0
  )
}

function place(sent: Sent, baseOffset: number, book: Book): void {
  if (sent.acknowledged !== -1 && sent.acknowledged !== baseOffset) {
    book.problem(`${sent.name} was acknowledged at ${sent.acknowledged} and stands at ${baseOffset}`)
  }
  if (sent.found !== -1 && sent.found !== baseOffset) {
    book.problem(`${sent.name} stood at ${sent.found} and stands now at ${baseOffset}`)
  }
  sent.found = baseOffset
}

function inOrder(before: Sent | undefined, sent: Sent, book: Book): void {
  if (before === undefined) return
  if (sent.order <= before.order) book.problem(`${sent.name} stands behind ${before.name}`)
  const next = before.baseSequence + before.records.length
  if (sent.baseSequence >= 0 && sent.baseSequence !== next) {
    book.problem(`${sent.name} has sequence ${sent.baseSequence} where ${next} should follow`)
  }
}

function nothingMissing({ topic, partition, start }: ReadLog, seen: ReadonlySet<Sent>, book: Book): void {
  const deletedUpTo = book.deletedUpTo.get(`${topic}-${partition}`) ?? 0
  if (start > deletedUpTo)
    book.problem(`${topic}-${partition} starts at ${start}, and nobody deleted beyond ${deletedUpTo}`)
  for (const sent of book.sent.values()) {
    if (sent.topic !== topic || sent.partition !== partition || seen.has(sent)) continue
    const offset = sent.found === -1 ? sent.acknowledged : sent.found
    if (offset === -1 || offset + sent.records.length <= start) continue
    const how = sent.acknowledged === -1 ? 'read' : 'acknowledged'
    book.problem(`lost: ${sent.name} of ${topic}-${partition}, ${how} at ${offset}`)
  }
}

/**
 * A compacted log: every record is one that was sent, at its offset; and the last record of each key is the last one that
 * was acknowledged, or one that was sent later.
 */
export function verifyCompacted(log: ReadLog, book: Book): void {
  const at = `${log.topic}-${log.partition}`
  const last = new Map<string, { readonly offset: number; readonly value: string | null }>()
  let previous = -1
  for (const row of log.rows) {
    if (row.corrupt) book.problem(`${at} has a corrupt batch at ${row.baseOffset}`)
    if (row.baseOffset <= previous) book.problem(`${at} has a batch at ${row.baseOffset} behind ${previous}`)
    previous = row.lastOffset
    for (const { key, value, offset } of row.records) {
      last.set(key ?? '', { offset, value })
      if (value !== null) verifyRecord(key, value, offset, at, book)
    }
  }
  for (const [key, { offset, value }] of lastAcknowledged(log, book)) {
    const found = last.get(key)
    if (found === undefined || found.offset < offset) {
      book.problem(
        `lost: ${key} of ${at}, acknowledged at ${offset}; the last of that key is ${found?.offset ?? 'none'}`,
      )
    } else if (found.offset === offset && found.value !== value) {
      book.problem(`${at} has another value for ${key} at ${offset} than was acknowledged`)
    }
  }
}

function verifyRecord(key: string | null, value: string, offset: number, at: string, book: Book): void {
  const [lane, order, index] = value.split('/')
  const sent = book.sent.get(`${lane}/${order}`)
  const record = sent?.records[Number(index)]
  if (sent === undefined || record?.key !== key || record.value !== value) {
    book.problem(`${at} has a record at ${offset} that nobody sent: ${value.slice(0, 40)}`)
    return
  }
  place(sent, offset - Number(index), book)
}

function lastAcknowledged({ topic, partition }: ReadLog, book: Book) {
  const last = new Map<string, { readonly offset: number; readonly value: string | null }>()
  for (const sent of book.sent.values()) {
    if (sent.topic !== topic || sent.partition !== partition || sent.acknowledged === -1) continue
    sent.records.forEach(({ key, value }, index) => {
      const offset = sent.acknowledged + index
      if (offset >= (last.get(key ?? '')?.offset ?? -1)) last.set(key ?? '', { offset, value })
    })
  }
  return last
}
