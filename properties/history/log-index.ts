// What a history says about each partition's log: which values stood at which offsets, who sent and who read them. The
// checks are written over this, so that each looks at every record once.
//
// Offsets that nobody saw are left out of the order: they may be control records, or records that compaction took. The
// difference of two *ranks* says how many known records lie between two others.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { Offset } from '../../model/vocabulary/units.ts'
import type { History, HistoryOperation, Of, PolledRecord, SentRecord } from './history.ts'

/** A value of a partition. Operations are given by their index in the history. */
export type KnownValue = {
  readonly value: string
  readonly key: string | null
  /** The operations that sent it; more than one when the application tried again. */
  readonly sentBy: readonly number[]
  readonly acknowledgedBy: number | null
  /** True when a send of it is not known to have failed. */
  readonly mayBeWritten: boolean
  /** The first poll that gave it, and the first that was `ok`. */
  readonly readBy: number | null
  readonly surelyReadBy: number | null
  /** Where it was seen, in order of sight. */
  readonly places: readonly Place[]
}

/** An offset at which something was seen. */
export type Place = {
  readonly offset: Offset
  /** How many seen offsets of the partition are below. */
  readonly rank: number
  /** What was seen there, in order of sight; more than one value is an anomaly. */
  readonly seen: readonly { readonly value: KnownValue; readonly by: number }[]
}

export type PartitionLog = TopicPartition & {
  readonly values: ReadonlyMap<string, KnownValue>
  readonly placeAt: ReadonlyMap<Offset, Place>
  /** By offset. */
  readonly places: readonly Place[]
}

export type LogIndex = {
  readonly history: History
  readonly logs: readonly PartitionLog[]
  /** Every operation, in the order of their starts; those that started together as they stand in the file. */
  readonly order: readonly number[]
  /** The log of a partition that some record was sent to or read from. */
  readonly logOf: (topic: string, partition: number) => PartitionLog | null
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type GrowingPlace = Mutable<Omit<Place, 'seen'>> & { seen: { readonly value: GrowingValue; readonly by: number }[] }
type GrowingValue = Mutable<Omit<KnownValue, 'sentBy' | 'places'>> & { sentBy: number[]; places: GrowingPlace[] }

class GrowingLog {
  readonly topic: string
  readonly partition: number
  readonly values = new Map<string, GrowingValue>()
  readonly placeAt = new Map<Offset, GrowingPlace>()
  places: GrowingPlace[] = []

  constructor(topic: string, partition: number) {
    this.topic = topic
    this.partition = partition
  }

  sent({ value: text, offset, key }: SentRecord, { completed }: HistoryOperation, by: number): void {
    const value = this.#value(text, key ?? null)
    value.sentBy.push(by)
    if (completed === 'fail') return
    value.mayBeWritten = true
    if (completed !== 'ok') return
    value.acknowledgedBy ??= by
    if (offset !== null) this.#see(offset, value, by)
  }

  /** A poll that failed may still have given records, which were there. */
  polled({ value: text, offset, key }: PolledRecord, { completed }: HistoryOperation, by: number): void {
    const value = this.#value(text, key ?? null)
    value.readBy ??= by
    if (completed === 'ok') value.surelyReadBy ??= by
    this.#see(offset, value, by)
  }

  sort(): void {
    this.places = [...this.placeAt.values()].sort((a, b) => a.offset - b.offset)
    for (const [rank, place] of this.places.entries()) place.rank = rank
  }

  #value(value: string, key: string | null): GrowingValue {
    const known = this.values.get(value)
    if (known !== undefined) return known
    const unread = { acknowledgedBy: null, mayBeWritten: false, readBy: null, surelyReadBy: null }
    const fresh: GrowingValue = { value, key, sentBy: [], ...unread, places: [] }
    this.values.set(value, fresh)
    return fresh
  }

  #see(offset: Offset, value: GrowingValue, by: number): void {
    const place = this.placeAt.get(offset)
    if (place === undefined) {
      const fresh: GrowingPlace = { offset, rank: 0, seen: [{ value, by }] }
      this.placeAt.set(offset, fresh)
      value.places.push(fresh)
    } else if (!place.seen.some(sight => sight.value === value)) {
      place.seen.push({ value, by })
      value.places.push(place)
    }
  }
}

/** Reads a history once. Takes n log n time, for the sorting. */
export function indexLogs(history: History): LogIndex {
  const byTopic = new Map<string, Map<number, GrowingLog>>()
  const growing = (topic: string, partition: number): GrowingLog => {
    const partitions = byTopic.get(topic) ?? new Map<number, GrowingLog>()
    byTopic.set(topic, partitions)
    const log = partitions.get(partition) ?? new GrowingLog(topic, partition)
    partitions.set(partition, log)
    return log
  }
  for (const [index, operation] of history.operations.entries()) {
    if (operation.kind === 'send') {
      const log = growing(operation.topic, operation.partition)
      for (const record of operation.records) log.sent(record, operation, index)
    } else if (operation.kind === 'poll') {
      for (const record of operation.records) growing(record.topic, record.partition).polled(record, operation, index)
    }
  }
  const logs = [...byTopic.values()].flatMap(partitions => [...partitions.values()])
  for (const log of logs) log.sort()
  return {
    history,
    logs: logs.sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition)),
    order: orderOfStarts(history.operations),
    logOf: (topic, partition) => byTopic.get(topic)?.get(partition) ?? null,
  }
}

function orderOfStarts(operations: readonly HistoryOperation[]): readonly number[] {
  const starts = Float64Array.from(operations, operation => operation.start)
  const order = Array.from(operations, (_, index) => index)
  return order.sort((a, b) => (starts[a] ?? 0) - (starts[b] ?? 0) || a - b)
}

/** The operation at an index, if it is of that kind. */
export function operationOf<K extends HistoryOperation['kind']>(
  { history }: LogIndex,
  index: number,
  kind: K,
): Of<K> | null {
  const operation = history.operations[index]
  return operation?.kind === kind ? (operation as Of<K>) : null
}

/** True when a later record of the log has the same key, so that compaction may take this one. */
export function isSuperseded({ places }: PartitionLog, value: KnownValue): boolean {
  const rank = value.places[0]?.rank ?? places.length
  return value.key !== null && (lastOfKeys(places).get(value.key) ?? -1) > rank
}

/** How many of the records below a rank compaction must keep. */
export function keptBelow(log: PartitionLog, rank: number): number {
  const counts = kept.get(log) ?? countKept(log)
  kept.set(log, counts)
  return counts[rank] ?? 0
}

const kept = new WeakMap<PartitionLog, Int32Array>()

function countKept(log: PartitionLog): Int32Array {
  const counts = new Int32Array(log.places.length + 1)
  for (const { rank, seen } of log.places) {
    const isTaken = seen.every(({ value }) => isSuperseded(log, value))
    counts[rank + 1] = (counts[rank] ?? 0) + (isTaken ? 0 : 1)
  }
  return counts
}

const lasts = new WeakMap<readonly Place[], ReadonlyMap<string, number>>()

/** The rank of each key's last record. */
function lastOfKeys(places: readonly Place[]): ReadonlyMap<string, number> {
  const known = lasts.get(places)
  if (known !== undefined) return known
  const found = new Map<string, number>()
  for (const { rank, seen } of places) for (const { value } of seen) if (value.key !== null) found.set(value.key, rank)
  lasts.set(places, found)
  return found
}

/** `t/0`. */
export function partitionText({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}
