// How consumers went through the logs: each record that a consumer was given, and the one before it in the same partition,
// as long as nothing moved the consumer in between.
import type { Of } from './history.ts'
import type { LogIndex, PartitionLog, Place } from './log-index.ts'

/** One record after another. */
export type Step = {
  readonly log: PartitionLog
  readonly client: string
  readonly from: Place
  readonly to: Place
  /** The polls that gave them; the same one within a poll. */
  readonly fromPoll: number
  readonly toPoll: number
  /** A group may have given the partition to somebody else in between. */
  readonly isMoved: boolean
}

type Position = { readonly place: Place; readonly poll: number; readonly isMoved: boolean }
type Reader = { isSubscribed: boolean; readonly positions: Map<PartitionLog, Position> }

/** Calls `step` for each pair of records that a consumer was given one after the other, in order of time. */
export function walkReading(index: LogIndex, step: (step: Step) => void): void {
  const readers = new Map<string, Reader>()
  const toldOfRebalances = clientsWithRebalances(index)
  for (const at of index.order) {
    const operation = index.history.operations[at]
    if (operation === undefined || operation.kind === 'send') continue
    const { client } = operation
    const reader = readers.get(client) ?? { isSubscribed: false, positions: new Map<PartitionLog, Position>() }
    readers.set(client, reader)
    switch (operation.kind) {
      case 'crash':
        readers.delete(client)
        break
      case 'seek': {
        const log = index.logOf(operation.topic, operation.partition)
        if (log !== null) reader.positions.delete(log)
        break
      }
      case 'assign':
        if (operation.completed === 'fail') break
        reader.isSubscribed = false
        keepAssigned(index, reader, operation)
        break
      case 'subscribe':
      case 'rebalance':
        if (operation.completed === 'fail') break
        reader.isSubscribed = true
        for (const [log, position] of reader.positions) reader.positions.set(log, { ...position, isMoved: true })
        break
      case 'poll':
        if (operation.group !== undefined) reader.isSubscribed = true
        poll(index, reader, operation, at, !toldOfRebalances.has(client), step)
        break
      default:
    }
  }
}

/** A poll that is not `ok` leaves its consumer nobody knows where. */
function poll(
  index: LogIndex,
  { isSubscribed, positions }: Reader,
  { client, completed, records }: Of<'poll'>,
  at: number,
  isUntold: boolean,
  step: (step: Step) => void,
): void {
  for (const { topic, partition, offset } of records) {
    const log = index.logOf(topic, partition)
    const to = log?.placeAt.get(offset)
    if (log === null || to === undefined) continue
    const last = positions.get(log)
    if (last !== undefined) {
      // Without a word about rebalances a subscribed consumer may have been moved between any two polls, never within one.
      const isMoved = last.isMoved || (isSubscribed && isUntold && last.poll !== at)
      step({ log, client, from: last.place, to, fromPoll: last.poll, toPoll: at, isMoved })
    }
    positions.set(log, { place: to, poll: at, isMoved: false })
  }
  if (completed === 'ok') return
  for (const { topic, partition } of records) {
    const log = index.logOf(topic, partition)
    if (log !== null) positions.delete(log)
  }
}

/** A consumer that assigns itself partitions stays where it is in those that it had. */
function keepAssigned(index: LogIndex, { positions }: Reader, { completed, partitions }: Of<'assign'>): void {
  const kept = new Set(
    completed === 'ok' ? partitions.map(({ topic, partition }) => index.logOf(topic, partition)) : [],
  )
  for (const log of positions.keys()) if (!kept.has(log)) positions.delete(log)
}

function clientsWithRebalances({ history }: LogIndex): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { kind, client } of history.operations) if (kind === 'rebalance') found.add(client)
  return found
}
