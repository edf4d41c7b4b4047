import { expect, test } from 'vitest'
import { partition } from '../controller/examples.ts'
import type { MessageValue, RecordsValue, Response } from '../vocabulary/messages.ts'
import { brokerDisconnected } from './broker.ts'
import {
  followerFetch,
  learned,
  messages,
  metadata,
  produce,
  received,
  registered,
  tickedAt,
  told,
} from './examples.ts'
import { type BrokerState, replicaOf } from './state.ts'

const offsets = partition({ topic: '__consumer_offsets' })
const followed = partition({ topic: 's', leader: 2, lastKnownLeader: 2 })

/** It leads `t/0`, in sync with brokers 2 and 3. */
const leading = learned(registered, metadata(1, partition())).broker

/** It follows broker 2 in `s/0`; its fetch (correlation id 1) is under way. */
const following = learned(registered, metadata(1, followed)).broker

const stranger = { topic: 'u', partition: 0 }

function altered(
  correlationId: number,
  change: Partial<Extract<Response<RecordsValue>, { kind: 'AlterPartitionResponse' }>> = {},
) {
  return {
    kind: 'AlterPartitionResponse',
    correlationId,
    topic: 't',
    partition: 0,
    error: 'NONE',
    leader: 1,
    leaderEpoch: 0,
    inSyncReplicas: [1, 2],
    partitionEpoch: 1,
    ...change,
  } as const
}

function leaderOf(broker: BrokerState) {
  const role = replicaOf(broker, 't', 0)?.role
  if (role?.kind !== 'leader') throw new Error('it does not lead')
  return role
}

/** A message that changes nothing and is not answered. */
function ignores(broker: BrokerState, message: MessageValue): void {
  const step = received(broker, 'b2', message)
  expect(step.broker).toBe(broker)
  expect(step.sends).toEqual([])
}

test('who asks for a partition that the broker has no replica of learns that it is unknown', () => {
  const answers = (message: MessageValue) => {
    const { broker, sends } = received(leading, 'c1', message)
    expect(broker).toBe(leading)
    return messages(sends)
  }
  const unread = {
    kind: 'FetchResponse',
    correlationId: 8,
    error: 'UNKNOWN_TOPIC_OR_PARTITION',
    highWatermark: -1,
    logStartOffset: -1,
    logEndOffset: -1,
    divergingEpoch: null,
    records: [],
  }
  expect(answers(followerFetch(8, 2, 0, stranger))).toEqual([{ ...unread, ...stranger }])
  expect(answers(followerFetch(8, -1, 0, { partition: 1 }))).toEqual([{ ...unread, topic: 't', partition: 1 }])
  expect(answers(produce(4, stranger))).toEqual([
    { kind: 'ProduceResponse', correlationId: 4, ...stranger, error: 'UNKNOWN_TOPIC_OR_PARTITION', baseOffset: -1 },
  ])
  expect(answers(produce(4, { ...stranger, acks: 0 }))).toEqual([])
  const asked = { kind: 'ListOffsets', correlationId: 6, ...stranger, currentLeaderEpoch: 0, timestamp: -1 } as const
  expect(answers(asked)).toEqual([
    {
      kind: 'ListOffsetsResponse',
      correlationId: 6,
      ...stranger,
      error: 'UNKNOWN_TOPIC_OR_PARTITION',
      offset: -1,
      timestamp: -1,
      leaderEpoch: -1,
    },
  ])
})

test('nobody produces to an internal topic, whether the broker has it or not', () => {
  const { broker } = learned(registered, metadata(1, offsets))
  const refused = (topic: string, acks: -1 | 0 | 1) => {
    const step = received(broker, 'p1', produce(4, { topic, acks }))
    expect(step.broker).toBe(broker)
    return messages(step.sends)
  }
  for (const topic of ['__consumer_offsets', '__nowhere']) {
    const answer = { kind: 'ProduceResponse', correlationId: 4, topic, partition: 0, error: 'INVALID_REQUEST' }
    expect(refused(topic, -1)).toEqual([{ ...answer, baseOffset: -1 }])
    expect(refused(topic, 1)).toEqual([{ ...answer, baseOffset: -1 }])
    expect(refused(topic, 0)).toEqual([])
  }
})

test('messages that are not meant for a broker, and answers about partitions that it has not, are ignored', () => {
  ignores(leading, { kind: 'BrokerHeartbeat', correlationId: 1, brokerId: 2, brokerEpoch: 2, metadataOffset: 0 })
  ignores(leading, { kind: 'BrokerRegistration', correlationId: 1, brokerId: 2, previousBrokerEpoch: 2 })
  ignores(leading, { kind: 'MetadataResponse', correlationId: 1, brokers: [], partitions: [] })
  const acknowledged = { kind: 'ProduceResponse', correlationId: 1, topic: 't', partition: 0, baseOffset: 0 } as const
  ignores(leading, { ...acknowledged, error: 'NONE' })
  ignores(leading, altered(1, stranger))
  ignores(leading, {
    kind: 'FetchResponse',
    correlationId: 1,
    ...stranger,
    error: 'NONE',
    highWatermark: 0,
    logStartOffset: 0,
    logEndOffset: -1,
    divergingEpoch: null,
    records: [],
  })
})

test('timers: heartbeat, in-sync check, each partition its back-off, due fetches and due producers, then the groups', () => {
  const formed = learned(registered, metadata(1, offsets, followed, partition(), partition({ partition: 1 })))
  expect(told(formed.sends)).toEqual(['b2 Fetch 1 s/0'])
  const join = (correlationId: number, groupInstanceId: string) =>
    ({
      kind: 'JoinGroup',
      correlationId,
      groupId: 'g',
      memberId: '',
      groupInstanceId,
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 300,
      protocols: [{ name: 'range', topics: ['t'], owned: [], generationId: -1 }],
    }) as const
  const arriving: readonly (readonly [string, MessageValue])[] = [
    ['p1', produce(6, { partition: 1 })],
    ['p2', produce(5)],
    ['p1', produce(4)],
    ['b3', followerFetch(9, 3, 1, { partition: 1 })],
    // Two of one follower: the first was late.
    ['b2', followerFetch(8, 2, 2)],
    ['b2', followerFetch(7, 2, 2)],
    ['c1', join(11, 'one')],
    ['c2', join(12, 'two')],
  ]
  let { broker } = brokerDisconnected(formed.broker, 'b2')
  const answered: string[] = []
  for (const [sender, message] of arriving) {
    const step = received(broker, sender, message)
    broker = step.broker
    answered.push(...told(step.sends))
  }
  expect(answered).toEqual(['c1 JoinGroupResponse 11'])
  const ticked = tickedAt(broker, 1_001)
  expect(told(ticked.sends)).toEqual([
    'ctl BrokerHeartbeat 2',
    'ctl AlterPartition 3 __consumer_offsets/0',
    'ctl AlterPartition 4 t/0',
    'ctl AlterPartition 5 t/1',
    'b2 Fetch 6 s/0',
    'b2 FetchResponse 8 t/0',
    'b2 FetchResponse 7 t/0',
    'p2 ProduceResponse 5 t/0',
    'p1 ProduceResponse 4 t/0',
    'b3 FetchResponse 9 t/1',
    'p1 ProduceResponse 6 t/1',
    'c2 JoinGroupResponse 12',
  ])
  expect(tickedAt(ticked.broker, 1_001)).toEqual({ broker: ticked.broker, sends: [] })
})

test('a parked fetch and a waiting producer are answered exactly when they are due', () => {
  const waiting = received(received(leading, 'p1', produce(4)).broker, 'b2', followerFetch(8, 2, 1)).broker
  expect(tickedAt(waiting, 299)).toEqual({ broker: { ...waiting, now: 299 }, sends: [] })
  const { broker, sends } = tickedAt(waiting, 300)
  expect(messages(sends)).toEqual([
    {
      kind: 'FetchResponse',
      correlationId: 8,
      topic: 't',
      partition: 0,
      error: 'NONE',
      highWatermark: 0,
      logStartOffset: 0,
      logEndOffset: -1,
      divergingEpoch: null,
      records: [],
    },
    {
      kind: 'ProduceResponse',
      correlationId: 4,
      topic: 't',
      partition: 0,
      error: 'REQUEST_TIMED_OUT',
      baseOffset: -1,
    },
  ])
  expect(leaderOf(broker)).toMatchObject({ waiting: [], parked: [] })
  // The record stays, and is committed when everybody has it.
  const fetched = received(received(broker, 'b2', followerFetch(9, 2, 1)).broker, 'b3', followerFetch(9, 3, 1))
  expect(replicaOf(fetched.broker, 't', 0)?.log.highWatermark).toBe(1)
  expect(fetched.sends).toEqual([])
})

test('the in-sync check comes every half lag time, rounded down, counted from when it was done', () => {
  const odd = { ...registered, config: { ...registered.config, replicaLagTimeMaxMs: 1_001 } }
  expect(tickedAt(odd, 499).broker.inSyncCheckDue).toBe(500)
  expect(tickedAt(odd, 620).broker.inSyncCheckDue).toBe(1_120)
})

test('who is gone waits for no fetch any more; the others are answered when the log grows', () => {
  const parked = received(received(leading, 'b2', followerFetch(8, 2, 0)).broker, 'b3', followerFetch(9, 3, 0)).broker
  expect(leaderOf(parked).parked.map(({ request }) => request.replicaId)).toEqual([2, 3])
  const { broker, sends } = brokerDisconnected(parked, 'b2')
  expect(sends).toEqual([])
  expect(leaderOf(broker)).toEqual({ ...leaderOf(parked), parked: leaderOf(parked).parked.slice(1) })
  expect(told(received(broker, 'p1', produce(4, { acks: 1 })).sends)).toEqual([
    'b3 FetchResponse 9 t/0',
    'p1 ProduceResponse 4 t/0',
  ])
})

test('a record whose producer is gone still waits; the answer goes to the connection on which it came', () => {
  const waiting = received(leading, 'p1', produce(4)).broker
  const gone = brokerDisconnected(waiting, 'p1')
  expect(gone.broker).toBe(waiting)
  expect(gone.sends).toEqual([])
  const { broker } = received(gone.broker, 'b2', followerFetch(8, 2, 1))
  expect(received(broker, 'b3', followerFetch(9, 3, 1)).sends).toEqual([
    {
      kind: 'respond',
      to: { endpoint: 'p1', connection: 0 },
      message: { kind: 'ProduceResponse', correlationId: 4, topic: 't', partition: 0, error: 'NONE', baseOffset: 0 },
    },
  ])
})

test('a follower whose fetch is lost with the connection backs off, and fetches later', () => {
  const later = { ...following, now: 50 }
  for (const other of ['b3', 'ctl', 'p1']) expect(brokerDisconnected(later, other).broker.replicas).toBe(later.replicas)
  const { broker, sends } = brokerDisconnected(later, 'b2')
  expect(sends).toEqual([])
  expect(replicaOf(broker, 's', 0)).toEqual({
    ...replicaOf(later, 's', 0),
    role: { kind: 'follower', leader: 2, fetch: { kind: 'backoff', until: 150 } },
  })
  // It backs off already: losing the connection once more changes nothing.
  expect(brokerDisconnected({ ...broker, now: 70 }, 'b2').broker.replicas).toBe(broker.replicas)
  expect(tickedAt(broker, 149).sends).toEqual([])
  expect(told(tickedAt(broker, 150).sends)).toEqual(['b2 Fetch 2 s/0'])
})

/** Broker 3 has lagged: the leader asks to have it left out (correlation id 2). */
const proposing = tickedAt(received(leading, 'b2', followerFetch(8, 2, 0)).broker, 1_001)

function alterPartition(correlationId: number, brokerEpoch: number) {
  return {
    kind: 'AlterPartition',
    correlationId,
    brokerId: 1,
    brokerEpoch,
    topic: 't',
    partition: 0,
    leaderEpoch: 0,
    partitionEpoch: 0,
    newInSyncReplicas: [
      { brokerId: 1, brokerEpoch },
      { brokerId: 2, brokerEpoch: 2 },
    ],
  }
}

test('a proposal that is lost with the connection to the controller is sent again by the next in-sync check', () => {
  expect(messages(proposing.sends.slice(0, 2))).toEqual([
    { kind: 'BrokerHeartbeat', correlationId: 1, brokerId: 1, brokerEpoch: 1, metadataOffset: 1 },
    alterPartition(2, 1),
  ])
  const { broker, sends } = brokerDisconnected(proposing.broker, 'ctl')
  expect(sends).toEqual([])
  expect(broker.heartbeat).toBeNull()
  expect(leaderOf(broker)).toEqual({
    ...leaderOf(proposing.broker),
    proposal: { ...leaderOf(proposing.broker).proposal, sending: { kind: 'again' } },
  })
  ignores(broker, altered(2))
  const beaten = tickedAt(broker, 1_500)
  expect(told(beaten.sends)).toEqual(['ctl BrokerHeartbeat 3'])
  expect(messages(tickedAt(beaten.broker, 1_501).sends)).toEqual([alterPartition(4, 1)])
})

test('the loss of another connection leaves a proposal under way, and its answer is taken once', () => {
  const { broker } = brokerDisconnected(proposing.broker, 'b3')
  expect(broker).toBe(proposing.broker)
  ignores(broker, altered(1))
  const decided = received(broker, 'ctl', altered(2))
  expect(leaderOf(decided.broker)).toEqual({ ...leaderOf(broker), proposal: null, inSyncReplicas: [1, 2] })
  expect(replicaOf(decided.broker, 't', 0)?.partitionEpoch).toBe(1)
  ignores(decided.broker, altered(2, { inSyncReplicas: [1], partitionEpoch: 2 }))
})

test('a proposal under a stale epoch waits until the broker is registered again, and then speaks under the new one', () => {
  const stale = 'STALE_BROKER_EPOCH'
  const refused = received(
    proposing.broker,
    'ctl',
    altered(2, { error: stale, inSyncReplicas: [1, 2, 3], partitionEpoch: 0 }),
    { kind: 'BrokerHeartbeatResponse', correlationId: 1, error: stale, fenced: true },
  )
  expect(told(refused.sends)).toEqual(['ctl BrokerRegistration 3'])
  const unregistered = tickedAt(refused.broker, 1_501)
  expect(unregistered.sends).toEqual([])
  const anew = received(unregistered.broker, 'ctl', {
    kind: 'BrokerRegistrationResponse',
    correlationId: 3,
    error: 'NONE',
    brokerEpoch: 4,
  })
  expect(told(anew.sends)).toEqual(['ctl BrokerHeartbeat 4'])
  expect(messages(tickedAt(anew.broker, 2_001).sends)).toEqual([alterPartition(5, 4)])
})

test('a proposal whose fate is unknown is not sent again: metadata will tell', () => {
  const refused = received(proposing.broker, 'ctl', altered(2, { error: 'INVALID_UPDATE_VERSION' })).broker
  expect(brokerDisconnected(refused, 'ctl').broker.replicas).toBe(refused.replicas)
  expect(told(tickedAt(refused, 1_501).sends)).toEqual([])
  const learnedOf = learned(refused, metadata(2, partition({ inSyncReplicas: [1, 2, 3], partitionEpoch: 1 }))).broker
  expect(leaderOf(learnedOf)).toEqual({ ...leaderOf(refused), proposal: null })
})
