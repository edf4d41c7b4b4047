// Histories for tests: a good one, and words to write others with.
import type { History, HistoryOperation, HistorySettings, Of } from './history.ts'

/** The contract of docs/claims.md, with changes of the leader. */
export const strongSettings: HistorySettings = {
  acks: -1,
  idempotent: true,
  retries: true,
  maxInFlight: 5,
  transactions: false,
  isolation: 'read_uncommitted',
  commitsAfterProcessing: true,
  minInSyncReplicas: 2,
  uncleanLeaderElection: false,
  cleanupPolicy: 'delete',
  recordsDeleted: false,
  groupsForgotten: false,
  leaderChanges: 2,
  replicasLost: 1,
  readToEnd: true,
}

type Pair = readonly [value: string, offset: number]
type Timing = { readonly start: number; readonly end?: number; readonly completed?: 'ok' | 'fail' | 'info' }

function timed(client: string, { start, end = start + 1, completed = 'ok' }: Timing) {
  return { client, start, end, completed }
}

export function send(client: string, timing: Timing, partition: number, ...records: readonly Pair[]): Of<'send'> {
  const sent = records.map(([value, offset]) => ({ value, offset: offset < 0 ? null : offset }))
  return { kind: 'send', ...timed(client, timing), topic: 't', partition, records: sent }
}

export function poll(client: string, timing: Timing, partition: number, ...records: readonly Pair[]): Of<'poll'> {
  const polled = records.map(([value, offset]) => ({ topic: 't', partition, offset, value }))
  return { kind: 'poll', ...timed(client, timing), records: polled }
}

export function assign(client: string, timing: Timing, ...partitions: readonly number[]): Of<'assign'> {
  return { kind: 'assign', ...timed(client, timing), partitions: places(partitions) }
}

export function rebalance(client: string, timing: Timing, generation: number, ...partitions: readonly number[]) {
  return {
    kind: 'rebalance',
    ...timed(client, timing),
    group: 'g',
    generation,
    partitions: places(partitions),
  } satisfies HistoryOperation
}

export function commit(client: string, timing: Timing, generation: number, partition: number, offset: number) {
  return {
    kind: 'commit',
    ...timed(client, timing),
    group: 'g',
    generation,
    offsets: [{ topic: 't', partition, offset }],
  } satisfies HistoryOperation
}

function places(partitions: readonly number[]) {
  return partitions.map(partition => ({ topic: 't', partition }))
}

/**
 * Two producers, a group of two with a rebalance in the middle, and a consumer that reads everything in the end. Everything
 * is as it should be.
 */
export const goodOperations: readonly HistoryOperation[] = [
  rebalance('c1', { start: 0 }, 1, 0, 1),
  send('p1', { start: 10 }, 0, ['a0', 0], ['a1', 1]),
  send('p2', { start: 12 }, 0, ['b0', 2]),
  send('p2', { start: 14 }, 1, ['b1', 0]),
  // Transactions' control records and aborted batches leave gaps.
  send('p1', { start: 16 }, 0, ['a2', 5]),
  poll('c1', { start: 18 }, 0, ['a0', 0], ['a1', 1], ['b0', 2]),
  commit('c1', { start: 20 }, 1, 0, 3),
  rebalance('c1', { start: 22 }, 2, 0),
  rebalance('c2', { start: 22 }, 2, 1),
  send('p1', { start: 24, completed: 'fail' }, 0, ['refused', -1]),
  send('p1', { start: 26, end: 60, completed: 'info' }, 0, ['maybe', -1]),
  poll('c2', { start: 28 }, 1, ['b1', 0]),
  commit('c2', { start: 30 }, 2, 1, 1),
  poll('c1', { start: 32 }, 0, ['a2', 5], ['maybe', 6]),
  commit('c1', { start: 34 }, 2, 0, 7),
  { kind: 'committed', ...timed('c1', { start: 36 }), group: 'g', offsets: [{ topic: 't', partition: 0, offset: 7 }] },
  send('p2', { start: 40 }, 1, ['b2', 1]),
  assign('c3', { start: 80 }, 0, 1),
  poll('c3', { start: 82 }, 0, ['a0', 0], ['a1', 1], ['b0', 2], ['a2', 5], ['maybe', 6]),
  poll('c3', { start: 84 }, 1, ['b1', 0], ['b2', 1]),
]

/** A history of these operations, under the contract unless changed. */
export function historyOf(operations: readonly HistoryOperation[], changes: Partial<HistorySettings> = {}): History {
  return { settings: { ...strongSettings, ...changes }, operations }
}
