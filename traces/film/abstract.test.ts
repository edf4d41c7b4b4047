// Films of abstract specifications: the states that the specification goes through, one side only.
import { expect, test } from 'vitest'
import type { AbstractTrace } from '../abstract.ts'
import { abstractFilm } from './abstract.ts'
import { about } from './testing/runs.ts'

/** The shortest way to break WeakIsr, as `lockstep explore truncate-to-high-watermark` finds one. */
const trace: AbstractTrace = {
  format: 'kafka-lockstep-trace',
  version: 1,
  scope: 'abstract',
  setup: {
    scope: 'abstract',
    spec: 'truncate-to-high-watermark',
    bounds: { replicas: 2, logSize: 2, maxRecords: 2, maxLeaderEpoch: 2 },
  },
  operations: [
    { kind: 'ControllerElectLeader', replica: 'b1' },
    { kind: 'BecomeLeader', replica: 'b1', leaderEpoch: 0 },
    { kind: 'LeaderWrite', leader: 'b1' },
    { kind: 'BecomeFollowerTruncateToHighWatermark', follower: 'b2', leaderEpoch: 0 },
    { kind: 'FollowerReplicate', leader: 'b1', follower: 'b2' },
  ],
  expect: { verdict: 'agree' },
}

test('replicas have logs, the controller has decided, and what it sends arrives when a replica goes on to the epoch', () => {
  const film = abstractFilm(trace, about)
  if (film === null) throw new Error('an operation does not apply')
  expect(film).toMatchObject({ scope: 'abstract', subject: null, verdict: { kind: 'agree', step: null } })
  expect(film.lanes.map(({ name }) => name)).toEqual(['ctl', 'b1', 'b2'])
  expect(film.steps.map(({ model }) => logsOf(model.nodes))).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
    [1, 0],
    [1, 0],
    [1, 1],
  ])
  expect(film.steps.at(-1)?.model.partitions).toMatchObject([
    { leader: 'b1', leaderEpoch: 0, inSyncReplicas: ['b1', 'b2'] },
  ])
  const last = film.steps.at(-1)?.model.nodes.b2?.logs[0]
  expect(last).toMatchObject({
    role: 'follower',
    logEndOffset: 1,
    records: [{ offset: 0, leaderEpoch: 0, text: '#0' }],
  })
  expect(film.messages.map(({ kind, to, sent, ended }) => [kind, to, sent.step, ended?.step])).toEqual([
    ['LeaderAndIsr', 'b1', 1, 2],
    ['LeaderAndIsr', 'b2', 1, 4],
    ['FollowerReplicate', 'b2', 5, 5],
  ])
})

test('an operation that does not apply where it stands gives no film', () => {
  const operations = [{ kind: 'LeaderWrite', leader: 'b1' }]
  expect(abstractFilm({ ...trace, operations }, about)).toBeNull()
})

test('the broken invariant and its step are the verdict', () => {
  const operations = [
    ...trace.operations.slice(0, 3),
    { kind: 'BecomeFollowerTruncateToHighWatermark', follower: 'b2', leaderEpoch: 0 },
    { kind: 'FollowerReplicate', leader: 'b1', follower: 'b2' },
    { kind: 'LeaderIncHighWatermark', leader: 'b1' },
    { kind: 'ControllerElectLeader', replica: 'b2' },
    { kind: 'ControllerElectLeader', replica: 'b1' },
    { kind: 'BecomeFollowerTruncateToHighWatermark', follower: 'b2', leaderEpoch: 2 },
  ]
  const film = abstractFilm({ ...trace, operations, expect: { verdict: 'violation', claim: 'WeakIsr' } }, about)
  expect(film?.verdict).toEqual({
    kind: 'violation',
    title: 'WeakIsr',
    sentence:
      'whoever takes itself for the leader shares every record below its high watermark with all of the in-sync set that ' +
      'it believes in; but b1 takes itself for the leader, with high watermark 1, and at offset 0 has record #0 of ' +
      'epoch 0 where b2 has nothing',
    settings: ['spec=truncate-to-high-watermark', 'replicas=2', 'logSize=2', 'maxRecords=2', 'maxLeaderEpoch=2'],
    step: 9,
  })
  expect(film?.steps[9]?.marks).toContainEqual(
    expect.objectContaining({ lane: 'b2', kind: 'disk', text: 'cuts its log from 1 to 0' }),
  )
})

test('bounds that a trace does not name are said to be the usual ones', () => {
  const setup = { ...trace.setup, bounds: { replicas: 2 } }
  expect(abstractFilm({ ...trace, setup }, about)?.verdict.settings).toEqual([
    'spec=truncate-to-high-watermark',
    'replicas=2',
    'logSize=2',
    'maxRecords=2',
    'maxLeaderEpoch=2',
  ])
})

function logsOf(nodes: Readonly<Record<string, { readonly logs: readonly { readonly logEndOffset: number }[] }>>) {
  return ['b1', 'b2'].map(name => nodes[name]?.logs[0]?.logEndOffset)
}
