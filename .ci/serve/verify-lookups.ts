// Answers that indexes, time indexes, epoch caches and producer states give, against what the records themselves say.
import { Refused, type WireClient } from '../../impl/host/testing/wire-client.ts'
import { describeProducers } from '../../impl/wire/apis/describe-producers.ts'
import type { Book } from './book.ts'
import type { Dice } from './dice.ts'
import { type ReadLog, rowsOf } from './read-log.ts'

const tries = 12

/** Asks for offsets, times and epochs of one partition. */
export async function verifyLookups(log: ReadLog, client: WireClient, book: Book, dice: Dice): Promise<void> {
  await Promise.all([
    ...Array.from({ length: tries }, () => verifyFetch(log, client, book, dice)),
    ...Array.from({ length: tries }, () => verifyTime(log, client, book, dice)),
    verifyEnds(log, client, book),
    verifyEpochs(log, client, book),
    verifyProducers(log, client, book),
  ])
}

async function verifyFetch(log: ReadLog, client: WireClient, book: Book, dice: Dice): Promise<void> {
  if (log.start === log.end) return
  const { topic, partition } = log
  const offset = dice.between(log.start, log.end - 1)
  const { records } = await client.fetch(topic, partition, offset, { bytesMax: dice.between(1, 3000) })
  const found = rowsOf(records ?? new Uint8Array(0))[0]?.baseOffset ?? null
  const expected = log.rows.find(row => row.lastOffset >= offset)?.baseOffset ?? null
  if (found === expected) return
  book.problem(
    `index: fetching ${topic}-${partition} from ${offset} gave the batch at ${found}, and not that at ${expected}`,
  )
}

async function verifyTime(log: ReadLog, client: WireClient, book: Book, dice: Dice): Promise<void> {
  const { topic, partition, start } = log
  const records = log.rows.flatMap(row => row.records).filter(({ offset }) => offset >= start)
  const some = records.length === 0 ? undefined : dice.pick(records)
  if (some === undefined) return
  const time = some.timestamp + dice.between(-30, 30)
  const expected = records.find(({ timestamp }) => timestamp >= time)
  const found = await client.listOffset(topic, partition, time)
  if (found.offset === (expected?.offset ?? -1) && found.timestamp === (expected?.timestamp ?? -1)) return
  book.problem(`time index: ${topic}-${partition} at ${time} gave ${found.offset}, and not ${expected?.offset ?? -1}`)
}

async function verifyEnds(log: ReadLog, client: WireClient, book: Book): Promise<void> {
  const { topic, partition, start, end } = log
  const at = `${topic}-${partition}`
  const last = await client.fetch(topic, partition, end)
  if ((last.records?.length ?? 0) > 0) book.problem(`${at} has records at its end ${end}`)
  if (last.highWatermark !== end)
    book.problem(`${at} has the high watermark ${last.highWatermark}, and ended at ${end}`)
  if (last.logStartOffset !== start) book.problem(`${at} starts at ${last.logStartOffset}, and started at ${start}`)
  for (const outside of [end + 1, ...(start > 0 ? [start - 1] : [])]) {
    const error = await client.fetch(topic, partition, outside).then(
      () => 'NONE',
      (thrown: unknown) => (thrown instanceof Refused ? thrown.error : String(thrown)),
    )
    if (error !== 'OFFSET_OUT_OF_RANGE')
      book.problem(`${at} answered ${error} at ${outside}, outside ${start} to ${end}`)
  }
}

async function verifyEpochs(log: ReadLog, client: WireClient, book: Book): Promise<void> {
  const { topic, partition, rows, end, leaderEpoch } = log
  const first = rows[0]?.leaderEpoch ?? leaderEpoch
  for (let epoch = first; epoch <= leaderEpoch; epoch++) {
    const answer = await client.endOfEpoch(topic, partition, epoch)
    const within = rows.findLast(row => row.leaderEpoch <= epoch)
    const behind = rows.find(row => row.leaderEpoch > epoch)
    const isRight =
      answer.endOffset > (within?.lastOffset ?? -1) &&
      answer.endOffset <= (behind?.baseOffset ?? end) &&
      answer.leaderEpoch <= epoch &&
      answer.leaderEpoch >= (within?.leaderEpoch ?? -1)
    if (isRight) continue
    book.problem(
      `epoch cache: epoch ${epoch} of ${topic}-${partition} ends at ${answer.endOffset} in ${answer.leaderEpoch}, ` +
        `and its last record is at ${within?.lastOffset}, the next epoch's first at ${behind?.baseOffset ?? end}`,
    )
  }
}

async function verifyProducers({ topic, partition, rows }: ReadLog, client: WireClient, book: Book): Promise<void> {
  const last = new Map<number, number>()
  for (const { producerId, baseSequence, baseOffset, lastOffset } of rows) {
    if (producerId >= 0) last.set(producerId, baseSequence + lastOffset - baseOffset)
  }
  const leader = await client.leader(topic, partition)
  const { topics } = await leader.ask(describeProducers, 0, {
    topics: [{ name: topic, partitionIndexes: [partition] }],
  })
  const known = topics[0]?.partitions[0]?.activeProducers ?? []
  const knownLast = new Map(known.map(({ producerId, lastSequence }) => [producerId, lastSequence]))
  for (const [producerId, sequence] of last) {
    if (knownLast.get(producerId) === sequence) continue
    book.problem(
      `producer state: ${topic}-${partition} knows ${knownLast.get(producerId)} as the last sequence of producer ${producerId}, and its log has ${sequence}`,
    )
  }
}
