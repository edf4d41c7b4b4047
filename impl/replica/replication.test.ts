// Replication, from a producer to a consumer and through failures: real brokers, controller and clients over the
// simulated network and disks.
import { expect, test } from 'vitest'
import { TestCluster } from '../../properties/simulation/test-cluster.ts'

test('a record goes all the way: appended, replicated, acknowledged, committed and consumed', () => {
  const cluster = new TestCluster()
  cluster.openProducer()
  cluster.send('a')
  cluster.do({ kind: 'settle' })
  expect(cluster.results()).toEqual(['acknowledged 0'])
  expect([1, 2, 3].map(broker => cluster.records(broker))).toEqual([['0:a'], ['0:a'], ['0:a']])
  expect(cluster.replica(1).highWatermark).toBe(1)

  cluster.elapse(1000)
  expect([2, 3].map(broker => cluster.replica(broker).highWatermark)).toEqual([1, 1])
  cluster.do(
    {
      kind: 'openConsumer',
      consumer: 'c1',
      groupId: null,
      groupInstanceId: null,
      topics: [],
      partitions: [{ topic: 't', partition: 0 }],
      assignors: [],
      reset: 'earliest',
    },
    { kind: 'settle' },
    { kind: 'poll', consumer: 'c1' },
    { kind: 'settle' },
  )
  expect(cluster.side.observe().consumers.c1?.processed).toEqual([
    { topic: 't', partition: 0, offset: 0, key: 'k', value: 'a' },
  ])
})

test('the high watermark waits for the slowest replica in sync', () => {
  const cluster = new TestCluster()
  cluster.openProducer()
  cluster.do({ kind: 'cut', from: 'b1', to: 'b3' })
  cluster.send('a')
  cluster.do({ kind: 'settle' })
  expect(cluster.records(2)).toEqual(['0:a'])
  expect(cluster.replica(1)).toMatchObject({ highWatermark: 0, role: { waiting: [1] } })

  cluster.do({ kind: 'heal', from: 'b1', to: 'b3' }, { kind: 'settle' })
  expect(cluster.replica(1)).toMatchObject({ highWatermark: 1, role: { waiting: [] } })
  expect(cluster.results()).toEqual(['acknowledged 0'])
})

test('a follower that lags longer than allowed leaves the in-sync set, and comes back when it has caught up', () => {
  const cluster = new TestCluster()
  cluster.openProducer(1)
  cluster.do({ kind: 'cut', from: 'b1', to: 'b3' })
  cluster.send('a')
  cluster.elapse(6000)
  expect(cluster.partition().inSyncReplicas).toEqual([1, 2, 3])
  cluster.elapse(3500)
  expect(cluster.partition().inSyncReplicas).toEqual([1, 2])
  // It is committed as soon as nobody waits for b3.
  expect(cluster.replica(1).highWatermark).toBe(1)

  cluster.do({ kind: 'heal', from: 'b1', to: 'b3' })
  cluster.elapse(2000)
  expect(cluster.partition()).toMatchObject({ inSyncReplicas: [1, 2, 3], leader: 1, leaderEpoch: 0 })
})

test('with fewer in sync than min.insync.replicas nothing is accepted for acks=all, and acks=1 is', () => {
  const cluster = new TestCluster({}, { minInSyncReplicas: 3 })
  cluster.do({ kind: 'expireSession', broker: 3 }, { kind: 'settle' })
  cluster.isolate(3)
  cluster.do({ kind: 'expireSession', broker: 2 }, { kind: 'settle' })
  cluster.isolate(2)
  cluster.openProducer()
  cluster.send('all')
  cluster.do({ kind: 'settle' })
  expect(cluster.records(1)).toEqual([])
  expect(cluster.side.observe().producers.p1?.queues[0]?.batches[0]?.state).toBe('retry')

  cluster.do({ kind: 'killClient', client: 'p1' })
  cluster.openProducer(1)
  cluster.send('one')
  cluster.do({ kind: 'settle' })
  expect(cluster.records(1)).toEqual(['0:one'])
  expect(cluster.replica(1).highWatermark).toBe(0)
})

test('after a failover the old leader cuts what only it had, and takes what the new leader wrote', () => {
  const cluster = new TestCluster()
  cluster.openProducer(1)
  cluster.send('a')
  cluster.elapse(1000)
  cluster.isolate(1)
  // Its followers do not hear of this one.
  for (const end of ['p1>b1', 'b1>p1']) {
    const [from = '', to = ''] = end.split('>')
    cluster.do({ kind: 'heal', from, to })
  }
  cluster.send('lost')
  cluster.do({ kind: 'settle' })
  expect(cluster.records(1)).toEqual(['0:a', '1:lost'])

  cluster.do({ kind: 'expireSession', broker: 1 }, { kind: 'settle' })
  expect(cluster.partition()).toMatchObject({ leader: 2, leaderEpoch: 1, inSyncReplicas: [2, 3] })
  cluster.do({ kind: 'killClient', client: 'p1' }, { kind: 'healAll' })
  cluster.elapse(12_000)
  cluster.openProducer()
  cluster.send('b')
  cluster.elapse(5000)
  expect([1, 2, 3].map(broker => cluster.records(broker))).toEqual(Array(3).fill(['0:a', '1:b']))
  expect(cluster.partition().inSyncReplicas).toEqual([1, 2, 3])
  expect(cluster.replica(1).epochs).toEqual([
    { epoch: 0, startOffset: 0 },
    { epoch: 1, startOffset: 1 },
  ])
})

test('an acknowledged record survives the crash of its leader with an empty page cache', () => {
  const cluster = new TestCluster()
  cluster.openProducer()
  cluster.send('a')
  cluster.do({ kind: 'settle' })
  expect(cluster.results()).toEqual(['acknowledged 0'])
  cluster.do({ kind: 'crash', broker: 1, damage: { kind: 'lost' }, indexes: 'lost', late: false })
  cluster.elapse(12_000)
  expect(cluster.partition()).toMatchObject({ leader: 2, inSyncReplicas: [2, 3] })
  cluster.do({ kind: 'restart', broker: 1 })
  expect(cluster.records(1)).toEqual([])
  cluster.elapse(5000)
  expect(cluster.records(1)).toEqual(['0:a'])
})

test('a batch that is sent again after a lost answer is recognised and keeps its offset', () => {
  const cluster = new TestCluster()
  cluster.openProducer(-1, true)
  cluster.do({ kind: 'cut', from: 'b1', to: 'p1' })
  cluster.send('a')
  // The producer learns of the topic from another broker.
  cluster.elapse(500)
  cluster.do({ kind: 'disconnect', a: 'b1', b: 'p1', late: false }, { kind: 'healAll' })
  cluster.elapse(1000)
  const before = cluster.records(1)
  cluster.do({ kind: 'cut', from: 'b1', to: 'p1' })
  cluster.send('b')
  cluster.do({ kind: 'settle' })
  expect(cluster.records(1)).toEqual([...before, '1:b'])
  cluster.do({ kind: 'disconnect', a: 'b1', b: 'p1', late: false }, { kind: 'healAll' })
  cluster.elapse(1000)
  expect(cluster.records(1)).toEqual([...before, '1:b'])
  expect(cluster.results()).toEqual(['acknowledged 0', 'acknowledged 1'])
})

test('a leader that was replaced acknowledges nothing: its followers do not answer to its epoch any more', () => {
  const cluster = new TestCluster()
  cluster.openProducer()
  cluster.send('a')
  cluster.do({ kind: 'settle' })
  // b1 is cut off from the controller alone, and goes on believing that it leads.
  cluster.do({ kind: 'cut', from: 'ctl', to: 'b1' }, { kind: 'cut', from: 'b1', to: 'ctl' })
  cluster.do({ kind: 'expireSession', broker: 1 }, { kind: 'settle' })
  cluster.send('b')
  cluster.do({ kind: 'settle' })
  expect(cluster.replica(1)).toMatchObject({ leaderEpoch: 0, role: { kind: 'leader', waiting: [2] } })
  expect(cluster.replica(2)).toMatchObject({ leaderEpoch: 1, role: { kind: 'leader' } })
  expect(cluster.results()).toEqual(['acknowledged 0'])

  cluster.do({ kind: 'healAll' })
  cluster.elapse(10_000)
  expect(cluster.results()).toEqual(['acknowledged 0', 'acknowledged 1'])
  expect([1, 2, 3].map(broker => cluster.records(broker))).toEqual(Array(3).fill(['0:a', '1:b']))
})

test('a broker whose disk is full halts after the event, and its partitions get another leader', () => {
  const cluster = new TestCluster()
  cluster.openProducer()
  cluster.send('a')
  cluster.do({ kind: 'settle' }, { kind: 'fillDisk', broker: 1, topic: 't', partition: 0, bytes: 10 })
  cluster.send('b')
  cluster.do({ kind: 'settle' })
  expect(cluster.side.observe().brokers.b1).toEqual({ status: 'down' })
  cluster.elapse(12_000)
  expect(cluster.partition().leader).toBe(2)
  expect(cluster.results()).toEqual(['acknowledged 0', 'acknowledged 1'])
})
