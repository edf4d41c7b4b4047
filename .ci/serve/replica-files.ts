// The files of all replicas of a partition: that they hold the same, and that what is beside the batches fits to them.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sizeOf, viewOf, wholeBatchSize } from '../../impl/log/batch.ts'
import { SparseIndex } from '../../impl/log/sparse-index.ts'
import type { Book } from './book.ts'
import { type ReadLog, type Row, rowsOf } from './read-log.ts'

const brokers = [1, 2, 3]
const agreeWithinMs = 10_000

/** The folder of one replica. */
export function replicaFolder(data: string, broker: number, topic: string, partition: number): string {
  return join(data, `broker-${broker}`, `${topic}-${partition}`)
}

/** Its segments by name, oldest first. */
export function segmentsOf(folder: string): readonly string[] {
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.filter(name => /^\d{20}\.log$/.test(name)).sort()
}

/** Looks at the files of a partition that nobody writes to. */
export async function verifyReplicas(data: string, log: ReadLog, isCompacted: boolean, book: Book): Promise<void> {
  const at = `${log.topic}-${log.partition}`
  const until = performance.now() + agreeWithinMs
  let logs: (readonly Row[])[] = []
  // The last round of a follower may still be under way.
  for (;;) {
    logs = brokers.map(broker => batchesOf(replicaFolder(data, broker, log.topic, log.partition)))
    if (logs.every(rows => endOf(rows) === endOf(logs[0] ?? [])) || performance.now() > until) break
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  const expected = isCompacted ? lastByKey(log.rows) : null
  logs.forEach((rows, index) => {
    const broker = brokers[index] ?? 0
    const difference = isCompacted ? keyDifference(expected ?? new Map(), rows) : byteDifference(log.rows, rows)
    if (difference !== null) book.problem(`broker ${broker} has another ${at} than its leader: ${difference}`)
    const folder = replicaFolder(data, broker, log.topic, log.partition)
    for (const wrong of [...indexFaults(folder), ...epochFaults(folder, rows)]) {
      book.problem(`broker ${broker}, ${at}: ${wrong}`)
    }
  })
}

function batchesOf(folder: string): readonly Row[] {
  return segmentsOf(folder).flatMap(name => rowsOf(wholeBatches(readFileSync(join(folder, name)))))
}

/** A batch that is being written is not whole yet. */
function wholeBatches(bytes: Uint8Array): Uint8Array {
  const view = viewOf(bytes)
  let end = 0
  for (let size = wholeBatchSize(view, 0, bytes.length); size > 0; size = wholeBatchSize(view, end, bytes.length))
    end += size
  return bytes.subarray(0, end)
}

function endOf(rows: readonly Row[]): number {
  return (rows.at(-1)?.lastOffset ?? -1) + 1
}

/** Replicas may start at different offsets; from the later start on they are the same bytes. */
function byteDifference(a: readonly Row[], b: readonly Row[]): string | null {
  const start = Math.max(a[0]?.baseOffset ?? 0, b[0]?.baseOffset ?? 0)
  const mine = a.filter(({ baseOffset }) => baseOffset >= start)
  const theirs = b.filter(({ baseOffset }) => baseOffset >= start)
  if (mine.length !== theirs.length) return `${theirs.length} batches from ${start} on, and not ${mine.length}`
  const wrong = mine.findIndex(
    (row, index) => Buffer.compare(row.bytes, theirs[index]?.bytes ?? row.bytes.subarray(1)) !== 0,
  )
  return wrong === -1 ? null : `another batch at ${mine[wrong]?.baseOffset}`
}

/** Replicas compact when they like, so that they have the last record of each key in common. */
function keyDifference(expected: ReadonlyMap<string, string>, rows: readonly Row[]): string | null {
  const found = lastByKey(rows)
  for (const [key, record] of expected)
    if (found.get(key) !== record) return `${key}: ${found.get(key)}, and not ${record}`
  return null
}

function lastByKey(rows: readonly Row[]): ReadonlyMap<string, string> {
  const last = new Map<string, string>()
  for (const { records } of rows) {
    for (const { key, value, offset } of records) last.set(key ?? '', `${value?.slice(0, 20) ?? null} at ${offset}`)
  }
  return last
}

/** Index files that would be believed must be right. One that does not fit to its segment is not believed. */
function* indexFaults(folder: string): Generator<string> {
  for (const name of segmentsOf(folder)) {
    const path = join(folder, name.replace(/log$/, 'index'))
    if (!existsSync(path)) continue
    const bytes = readFileSync(join(folder, name))
    const index = new SparseIndex(0)
    if (!index.decode(readFileSync(path), bytes.length)) continue
    const view = viewOf(bytes)
    const starts = new Map<number, { readonly offset: number; readonly largestBefore: number }>()
    let largest = Number.NEGATIVE_INFINITY
    const rows = rowsOf(bytes)
    let at = 0
    for (const { baseOffset, records } of rows) {
      starts.set(at, { offset: baseOffset, largestBefore: largest })
      for (const { timestamp } of records) largest = Math.max(largest, timestamp)
      at += sizeOf(view, at)
    }
    for (const position of [...starts.keys(), bytes.length]) {
      const entry = index.floorOfPosition(position)
      if (entry === null) continue
      const start = starts.get(entry.position)
      if (start?.offset === entry.offset && start.largestBefore === entry.largestBefore) continue
      yield `the index of ${name} is wrong at ${entry.position}: offset ${entry.offset}, and not ${start?.offset}`
      break
    }
  }
}

/** Each epoch of the cache begins behind all records of earlier epochs, and at or before its own first one. */
function* epochFaults(folder: string, rows: readonly Row[]): Generator<string> {
  const path = join(folder, 'leader-epoch-checkpoint')
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').slice(2) : []
  const entries = lines.map(line => line.split(' ').map(Number))
  for (const { leaderEpoch, baseOffset } of rows) {
    const [epoch, start] = entries.findLast(([, from = 0]) => from <= baseOffset) ?? []
    if (epoch === leaderEpoch) continue
    // Records below a log start that was raised are still in their segment.
    if (start === undefined && baseOffset < (entries[0]?.[1] ?? 0)) continue
    yield `the epoch cache says ${epoch} at ${baseOffset}, and the batch there ${leaderEpoch}`
    return
  }
}
