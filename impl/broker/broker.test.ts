// Brokers and their controller: registrations, epochs, sessions, and the groups that a broker coordinates.
import { expect, test } from 'vitest'
import { TestCluster } from '../../properties/simulation/test-cluster.ts'

test('a broker that restarts cleanly proves with its epoch that it lost nothing, and stays eligible', () => {
  const cluster = new TestCluster()
  cluster.do({ kind: 'expireSession', broker: 3 }, { kind: 'expireSession', broker: 2 })
  expect(cluster.partition()).toMatchObject({ inSyncReplicas: [1], eligibleLeaderReplicas: [2] })
  cluster.do({ kind: 'restart', broker: 2 }, { kind: 'deliver', from: 'b2', to: 'ctl' })
  expect(cluster.partition()).toMatchObject({ inSyncReplicas: [1], eligibleLeaderReplicas: [2] })
})

test('a broker that crashed has no proof: its registration takes it out of in-sync and eligible sets', () => {
  const cluster = new TestCluster()
  cluster.do({ kind: 'crash', broker: 2, damage: { kind: 'kept' }, indexes: 'kept', late: false })
  expect(cluster.partition().inSyncReplicas).toEqual([1, 2, 3])
  cluster.do({ kind: 'restart', broker: 2 }, { kind: 'deliver', from: 'b2', to: 'ctl' })
  expect(cluster.partition()).toMatchObject({ inSyncReplicas: [1, 3], eligibleLeaderReplicas: [] })
  cluster.do({ kind: 'settle' })
  expect(cluster.side.observe().brokers.b2).toMatchObject({ brokerEpoch: 4, fenced: false })
  cluster.elapse(1000)
  expect(cluster.partition().inSyncReplicas).toEqual([1, 2, 3])
})

test('a proposal of an earlier life of its leader is stale', () => {
  const cluster = new TestCluster()
  cluster.do({ kind: 'cut', from: 'b1', to: 'b3' })
  cluster.openProducer(1)
  cluster.send('a')
  cluster.do({ kind: 'settle' }, { kind: 'cut', from: 'b1', to: 'ctl' })
  for (let step = 0; step < 7; step++) cluster.do({ kind: 'advance', ms: 1000, node: 'b1' }, { kind: 'settle' })
  cluster.do({ kind: 'advance', ms: 3000, node: 'b1' })
  expect(cluster.side.observe().links['b1>ctl']?.messages.map(({ kind }) => kind)).toContain('AlterPartition')
  cluster.do(
    { kind: 'crash', broker: 1, damage: { kind: 'kept' }, indexes: 'kept', late: true },
    { kind: 'heal', from: 'b1', to: 'ctl' },
    { kind: 'restart', broker: 1 },
    { kind: 'deliver', from: 'b1', to: 'ctl' },
  )
  const { partitionEpoch } = cluster.partition()
  const late = cluster.side.observe().links['b1>ctl']?.late ?? []
  for (const _ of late) cluster.do({ kind: 'deliverLate', from: 'b1', to: 'ctl' })
  expect(cluster.partition().partitionEpoch).toBe(partitionEpoch)
})

test('a broker that is not heard of for a whole session is fenced, and unfenced when it is back', () => {
  const cluster = new TestCluster()
  cluster.do({ kind: 'pause', broker: 1 })
  cluster.elapse(11_500)
  expect(cluster.partition()).toMatchObject({ leader: 2, leaderEpoch: 1, inSyncReplicas: [2, 3] })
  cluster.do({ kind: 'resume', broker: 1 })
  cluster.elapse(6000)
  expect(cluster.partition()).toMatchObject({ leader: 2, leaderEpoch: 1, inSyncReplicas: [1, 2, 3] })
  expect(cluster.replica(1)).toMatchObject({ leaderEpoch: 1, role: { kind: 'follower', leader: 2 } })
})

test('the preferred leader is elected again when an administrator asks', () => {
  const cluster = new TestCluster()
  cluster.do({ kind: 'restart', broker: 1 })
  cluster.elapse(6000)
  expect(cluster.partition()).toMatchObject({ leader: 2, inSyncReplicas: [1, 2, 3] })
  cluster.do({ kind: 'electLeader', topic: 't', partition: 0, election: 'preferred' }, { kind: 'settle' })
  expect(cluster.partition()).toMatchObject({ leader: 1, leaderEpoch: 2 })
  expect(cluster.replica(1).role.kind).toBe('leader')
})

test('a new controller speaks with a higher epoch, and everybody hears of it', () => {
  const cluster = new TestCluster()
  const { metadataOffset } = cluster.side.observe().controller.image
  cluster.do({ kind: 'failoverController' }, { kind: 'settle' })
  expect(cluster.side.observe().controller.image).toMatchObject({
    controllerEpoch: 2,
    metadataOffset: metadataOffset + 1,
  })
  expect(cluster.side.observe().brokers.b3).toMatchObject({ metadataOffset: metadataOffset + 1 })
})

test('a group rebalances when a member joins, and goes on with another coordinator after a failover', () => {
  const cluster = new TestCluster()
  cluster.openProducer()
  cluster.send('a')
  const join = (consumer: string): void =>
    cluster.do({
      kind: 'openConsumer',
      consumer,
      groupId: 'g',
      groupInstanceId: null,
      topics: ['t'],
      partitions: [],
      assignors: ['range'],
      reset: 'earliest',
    })
  join('c1')
  cluster.elapse(1000)
  cluster.do({ kind: 'poll', consumer: 'c1' }, { kind: 'settle' }, { kind: 'commit', consumer: 'c1' })
  cluster.elapse(1000)
  expect(cluster.side.observe().brokers.b1).toMatchObject({
    groups: [{ groupId: 'g', state: 'Stable', generationId: 1, offsets: [{ topic: 't', partition: 0, offset: 1 }] }],
  })
  join('c2')
  cluster.elapse(5000)
  const { c1, c2 } = cluster.side.observe().consumers
  expect([c1?.membership, c2?.membership]).toEqual(['stable', 'stable'])
  expect([c1?.generationId, c2?.generationId]).toEqual([2, 2])
  expect([c1?.positions.length, c2?.positions.length]).toEqual([1, 0])

  cluster.do({ kind: 'crash', broker: 1, damage: { kind: 'lost' }, indexes: 'kept', late: false })
  cluster.elapse(15_000)
  expect(cluster.partition('__consumer_offsets').leader).toBe(2)
  expect(cluster.side.observe().brokers.b2).toMatchObject({
    groups: [{ groupId: 'g', state: 'Stable', offsets: [{ topic: 't', partition: 0, offset: 1 }] }],
  })
  expect(cluster.side.observe().consumers.c1).toMatchObject({ membership: 'stable', coordinator: 2 })
})
