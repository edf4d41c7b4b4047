// Each anomaly is planted into a good history and must be found, alone or with what follows from it, and be legal under the
// settings that make it so.
import { describe, expect, test } from 'vitest'
import { type AnomalyKind, anomalyKinds } from './anomaly.ts'
import { checkHistory } from './check.ts'
import { assign, commit, goodOperations, historyOf, poll, rebalance, send } from './examples.ts'
import { type HistoryOperation, type HistorySettings, lineOf } from './history.ts'

const end = { start: 100 }

type Planted = {
  readonly operations: readonly HistoryOperation[]
  /** What must be found, and forbidden. */
  readonly kinds: readonly AnomalyKind[]
  /** Under these settings all of it is allowed. */
  readonly legal: Partial<HistorySettings>
}

const planted: Readonly<Record<AnomalyKind, Planted>> = {
  'lost-write': {
    operations: [send('p3', { start: 17 }, 0, ['lost', 3]), ...goodOperations],
    kinds: ['lost-write', 'poll-skip', 'skipped-by-group'],
    legal: { acks: 1, idempotent: false, commitsAfterProcessing: false },
  },
  unseen: {
    operations: [...goodOperations, send('p1', end, 0, ['late', 7])],
    kinds: ['unseen'],
    legal: { readToEnd: false },
  },
  'inconsistent-offsets': {
    operations: [...goodOperations, assign('c4', end, 0), poll('c4', { start: 102 }, 0, ['other', 2])],
    kinds: ['inconsistent-offsets'],
    legal: { uncleanLeaderElection: true },
  },
  duplicate: {
    operations: [...goodOperations, poll('c3', end, 0, ['a2', 7])],
    kinds: ['duplicate'],
    legal: { idempotent: false },
  },
  'aborted-read': {
    operations: [...goodOperations, poll('c3', end, 0, ['refused', 7])],
    kinds: ['aborted-read'],
    legal: { transactions: true },
  },
  'nonmonotonic-send': {
    operations: [...goodOperations, send('p2', { start: 10 }, 0, ['b-first', 7]), poll('c3', end, 0, ['b-first', 7])],
    // p2 sent what stands at 2 after it was told about what stands at 7.
    kinds: ['nonmonotonic-send', 'G0'],
    legal: { minInSyncReplicas: 1 },
  },
  'send-skip': {
    operations: [
      ...goodOperations,
      send('p1', { start: 50 }, 0, ['x', 7], ['z', 9], ['y', 8]),
      poll('c3', end, 0, ['x', 7], ['y', 8], ['z', 9]),
    ],
    kinds: ['send-skip', 'nonmonotonic-send'],
    legal: { idempotent: false },
  },
  'poll-skip': {
    operations: [...goodOperations, assign('c4', end, 0), poll('c4', { start: 102 }, 0, ['a0', 0], ['b0', 2])],
    kinds: ['poll-skip'],
    legal: { recordsDeleted: true },
  },
  'nonmonotonic-poll': {
    operations: [...goodOperations, poll('c3', end, 1, ['b2', 1])],
    kinds: ['nonmonotonic-poll'],
    legal: { replicasLost: 2 },
  },
  'skipped-by-group': {
    operations: [...goodOperations, commit('c2', end, 2, 1, 2)],
    kinds: ['skipped-by-group'],
    legal: { commitsAfterProcessing: false },
  },
  'rebalance-overlap': {
    operations: [...goodOperations, rebalance('c2', end, 2, 0, 1)],
    kinds: ['rebalance-overlap'],
    legal: { groupsForgotten: true },
  },
  'commit-regress': {
    operations: [...goodOperations, commit('c1', end, 2, 0, 5)],
    kinds: ['commit-regress'],
    legal: { minInSyncReplicas: 1 },
  },
  G0: {
    operations: [
      ...goodOperations,
      send('x', { start: 100 }, 0, ['x1', 8]),
      send('x', { start: 102 }, 1, ['x2', 2]),
      send('y', { start: 100 }, 1, ['y1', 3]),
      send('y', { start: 102 }, 0, ['y2', 7]),
      poll('c3', { start: 104 }, 0, ['y2', 7], ['x1', 8]),
      poll('c3', { start: 106 }, 1, ['x2', 2], ['y1', 3]),
    ],
    kinds: ['G0'],
    legal: { acks: 1 },
  },
  G1c: {
    operations: [
      ...goodOperations,
      assign('x', { start: 98 }, 0),
      assign('y', { start: 98 }, 1),
      poll('x', { start: 100 }, 0, ['y1', 7]),
      send('x', { start: 102 }, 1, ['x1', 2]),
      poll('y', { start: 100 }, 1, ['x1', 2]),
      send('y', { start: 102 }, 0, ['y1', 7]),
    ],
    kinds: ['G1c'],
    legal: { acks: 0 },
  },
}

const names = Object.keys(anomalyKinds) as AnomalyKind[]

test('a good history has no anomaly', () => {
  const report = checkHistory(historyOf(goodOperations))
  expect(report).toEqual({
    kind: 'agree',
    counts: [],
    anomalies: [],
    seen: { operations: 20, clients: 5, partitions: 2, acknowledged: 6, read: 7 },
  })
})

test('a history in which nobody read anything is no pass', () => {
  expect(checkHistory(historyOf([send('p1', end, 0, ['a', 0])], { readToEnd: false })).kind).toBe('unknown')
})

describe.each(names)('%s', kind => {
  const { operations, kinds, legal } = planted[kind]

  test('is found where it was planted, and named', () => {
    const report = checkHistory(historyOf(operations))
    expect(report.kind).toBe('violation')
    expect(report.counts.map(count => count.kind).toSorted()).toEqual(kinds.toSorted())
    expect(report.counts.filter(count => count.forbidden === 0)).toEqual([])
    const found = report.anomalies.find(anomaly => anomaly.kind === kind)
    const lines = (found?.operations ?? []).map(operation => `${lineOf(operation)}`)
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.filter(line => !new RegExp(`\\b${line}\\b`).test(found?.sentence ?? ''))).toEqual([])
  })

  test('is legal under the settings that make it so', () => {
    expect(checkHistory(historyOf(operations, legal)).kind).toBe('agree')
  })
})

describe('what the header does not tell', () => {
  const lost = planted['lost-write'].operations

  test('leaves a loss undecided that too many lost replicas would explain', () => {
    const { kind, anomalies } = checkHistory(historyOf(lost, { replicasLost: null }))
    expect(kind).toBe('unknown')
    expect(anomalies[0]?.judgement).toEqual({ kind: 'undecided', tell: 'replicasLost' })
  })

  test('does not matter when no leader changed', () => {
    expect(checkHistory(historyOf(lost, { replicasLost: null, leaderChanges: 0, acks: 1 })).kind).toBe('violation')
  })
})

describe('what is legal of itself', () => {
  const agrees = (operations: readonly HistoryOperation[], changes: Partial<HistorySettings> = {}) => {
    const report = checkHistory(historyOf(operations, changes))
    expect(report.anomalies.filter(({ judgement }) => judgement.kind !== 'allowed')).toEqual([])
    return report.counts.map(({ kind, allowed }) => [kind, allowed])
  }

  test('a value that the application sent twice may stand there twice', () => {
    const again = send('p2', { start: 62 }, 0, ['maybe', 7])
    expect(agrees([...goodOperations, again, poll('c3', end, 0, ['maybe', 7])])).toEqual([['duplicate', 1]])
  })

  test('a consumer that is moved by its group may go back and pass over records', () => {
    const moved = [rebalance('c1', end, 3, 0), poll('c1', { start: 102 }, 0, ['a0', 0])]
    expect(agrees([...goodOperations, ...moved])).toEqual([['nonmonotonic-poll', 1]])
  })

  test('a consumer that is told to go on elsewhere goes back without an anomaly', () => {
    const sought: HistoryOperation = {
      kind: 'seek',
      client: 'c3',
      start: 98,
      end: 98,
      completed: 'ok',
      topic: 't',
      partition: 0,
    }
    expect(agrees([...goodOperations, sought, poll('c3', end, 0, ['a1', 1])])).toEqual([])
  })

  test('a member that died is replaced within its generation', () => {
    const died: HistoryOperation = { kind: 'crash', client: 'c1', start: 90, end: 90, completed: 'ok' }
    expect(agrees([...goodOperations, died, rebalance('c9', end, 2, 0)])).toEqual([])
  })

  test('a static member is replaced by whoever comes with its instance id', () => {
    const joins = (client: string, start: number, groupInstanceId: string): HistoryOperation => ({
      kind: 'subscribe',
      client,
      start,
      end: start,
      completed: 'ok',
      group: 'g',
      topics: ['t'],
      groupInstanceId,
    })
    const joined = (id: string) => [
      joins('c1', 0, 'i1'),
      ...goodOperations,
      joins('c9', 98, id),
      rebalance('c9', end, 2, 0),
    ]
    expect(agrees(joined('i1'))).toEqual([])
    expect(checkHistory(historyOf(joined('i2'))).kind).toBe('violation')
  })

  test('a group that was forgotten begins again with its first generation', () => {
    const again = [...goodOperations, rebalance('c2', end, 1, 0)]
    expect(agrees(again, { groupsForgotten: true })).toEqual([['rebalance-overlap', 1]])
    expect(checkHistory(historyOf(again)).kind).toBe('violation')
  })

  test('other producers write between two records of one send', () => {
    const mixed = [
      send('p1', { start: 50 }, 0, ['x', 7], ['z', 9]),
      send('p2', { start: 50 }, 0, ['y', 8]),
      poll('c3', end, 0, ['x', 7], ['y', 8], ['z', 9]),
    ]
    expect(agrees([...goodOperations, ...mixed])).toEqual([['send-skip', 1]])
  })

  test('compaction takes what has a later record of its key, and never the last', () => {
    const keyed = (key: string) => [
      { ...send('p', { start: 1 }, 0), records: [{ value: 'old', offset: 0, key: 'k' }] },
      { ...send('p', { start: 3 }, 0), records: [{ value: 'new', offset: 1, key }] },
      assign('c', { start: 9 }, 0),
      poll('c', { start: 10 }, 0, ['new', 1]),
    ]
    expect(agrees(keyed('k'), { cleanupPolicy: 'compact' })).toEqual([['lost-write', 1]])
    expect(checkHistory(historyOf(keyed('other'), { cleanupPolicy: 'compact' })).kind).toBe('violation')
  })

  test('a commit that an administrator set back may start again below', () => {
    const reset: HistoryOperation = {
      kind: 'resetOffsets',
      client: 'admin',
      start: 90,
      end: 91,
      completed: 'ok',
      group: 'g',
      offsets: [{ topic: 't', partition: 0, offset: 0 }],
    }
    expect(agrees([...goodOperations, reset, commit('c1', end, 2, 0, 5)])).toEqual([])
  })

  test('what a consumer that began in the middle did not read is unseen, and not lost', () => {
    const late = [send('p', { start: 1 }, 0, ['a', 0]), send('p', { start: 3 }, 0, ['b', 1])]
    const read = [assign('c', { start: 5 }, 0), poll('c', { start: 6 }, 0, ['b', 1])]
    expect(agrees([...late, ...read], { readToEnd: false })).toEqual([['unseen', 1]])
  })
})
