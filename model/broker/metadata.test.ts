import { expect, test } from 'vitest'
import { partition, topicConfig } from '../controller/examples.ts'
import { initialLog, logEndOffset } from '../log/state.ts'
import type { MetadataImage } from '../vocabulary/messages.ts'
import {
  followerFetch,
  from,
  learned,
  messages,
  metadata,
  produce,
  received,
  registered,
  starting,
  told,
} from './examples.ts'
import { metadataAsked } from './metadata.ts'
import { type BrokerState, replicaOf } from './state.ts'

/** It leads `t/0`: two records of p1 that wait for broker 3, and a parked fetch of broker 2, which has both. */
const busy = received(
  received(learned(registered, metadata(1, partition())).broker, 'p1', produce(4), produce(5)).broker,
  'b2',
  followerFetch(8, 2, 2),
).broker

const fetched = {
  kind: 'FetchResponse',
  topic: 't',
  partition: 0,
  highWatermark: 0,
  logStartOffset: 0,
  logEndOffset: -1,
  divergingEpoch: null,
  records: [],
}

function answeredNotLeader(correlationId: number) {
  return {
    kind: 'ProduceResponse',
    correlationId,
    topic: 't',
    partition: 0,
    error: 'NOT_LEADER_OR_FOLLOWER',
    baseOffset: -1,
  }
}

test('an image is ignored that is not newer, or of a controller that was replaced', () => {
  const known = { ...metadata(5, partition()), controllerEpoch: 2 }
  const { broker } = learned(registered, known)
  expect(broker.image).toBe(known)
  const pushed = (change: Partial<MetadataImage>) => {
    const other = partition({ leader: 2, leaderEpoch: 1, partitionEpoch: 1 })
    return learned(broker, { ...metadata(6, other), controllerEpoch: 2, ...change })
  }
  for (const old of [{ metadataOffset: 4 }, { metadataOffset: 5 }, { controllerEpoch: 1 }]) {
    expect(pushed(old).broker).toBe(broker)
    expect(pushed(old).sends).toEqual([])
  }
  expect(pushed({ metadataOffset: 5, controllerEpoch: 3 }).broker).toBe(broker)
  expect(pushed({}).broker.replicas).toMatchObject([{ leaderEpoch: 1, role: { kind: 'follower', leader: 2 } }])
})

test('a process learns nothing from an image that speaks of another process in its name, or of none', () => {
  const ignores = (broker: BrokerState, image: MetadataImage) => {
    expect(learned(broker, image).broker).toBe(broker)
    expect(learned(broker, image).sends).toEqual([])
  }
  // It would lead again in the epoch in which its predecessor led.
  ignores(starting(1), metadata(1, partition()))
  ignores({ ...registered, brokerEpoch: 4 }, metadata(1, partition()))
  ignores(registered, { ...metadata(1, partition()), brokers: [] })
  const anew = [{ brokerId: 1, brokerEpoch: 4, fenced: true }]
  ignores(busy, { ...metadata(2, partition({ leader: 2, leaderEpoch: 1, partitionEpoch: 1 })), brokers: anew })
})

test('a replica that is missing is created empty under the settings of its topic, and takes its part at once', () => {
  const image = metadata(
    1,
    partition({ topic: 'r', replicas: [2, 3], leader: 2, inSyncReplicas: [2, 3], lastKnownLeader: 2 }),
    partition({ topic: 's', leader: 2, leaderEpoch: 3, partitionEpoch: 7 }),
    partition({ replicas: [3, 1, 2], inSyncReplicas: [1, 2], partitionEpoch: 2 }),
  )
  const { broker, sends } = learned({ ...registered, now: 70 }, image)
  expect(broker).toEqual({
    ...registered,
    now: 70,
    nextCorrelationId: 2,
    image,
    replicas: [
      {
        topic: 's',
        partition: 0,
        log: initialLog(topicConfig),
        leaderEpoch: 3,
        partitionEpoch: 7,
        role: { kind: 'follower', leader: 2, fetch: { kind: 'outstanding', correlationId: 1 } },
      },
      {
        topic: 't',
        partition: 0,
        log: { ...initialLog(topicConfig), epochs: [{ epoch: 0, startOffset: 0 }] },
        leaderEpoch: 0,
        partitionEpoch: 2,
        role: {
          kind: 'leader',
          leaderEpochStartOffset: 0,
          inSyncReplicas: [1, 2],
          proposal: null,
          followers: [
            { brokerId: 2, fetchOffset: -1, brokerEpoch: -1, lastCaughtUp: 70, lastFetch: null },
            { brokerId: 3, fetchOffset: -1, brokerEpoch: -1, lastCaughtUp: null, lastFetch: null },
          ],
          waiting: [],
          parked: [],
        },
      },
    ],
  })
  expect(told(sends)).toEqual(['b2 Fetch 1 s/0'])
  expect(messages(sends)).toEqual([
    followerFetch(1, 1, 0, { topic: 's', currentLeaderEpoch: 3, replicaEpoch: 1, lastFetchedEpoch: -1 }),
  ])
})

test('replicas stand in partition order, whenever they were created', () => {
  const first = learned(registered, metadata(1, partition({ partition: 1 }), partition({ topic: 'v' }))).broker
  const image = metadata(
    2,
    partition({ topic: 's' }),
    partition(),
    partition({ partition: 1 }),
    partition({ partition: 2 }),
    partition({ topic: 'v' }),
  )
  const { broker } = learned(first, image)
  expect(broker.replicas.map(({ topic, partition: index }) => `${topic}/${index}`)).toEqual([
    's/0',
    't/0',
    't/1',
    't/2',
    'v/0',
  ])
  expect(replicaOf(broker, 't', 1)).toBe(replicaOf(first, 't', 1))
})

test('a partition whose epoch has not risen is left alone', () => {
  const { broker, sends } = learned(busy, metadata(2, partition({ leader: 2, leaderEpoch: 1 })))
  expect(sends).toEqual([])
  expect(broker.replicas).toBe(busy.replicas)
  expect(broker.image?.metadataOffset).toBe(2)
})

test('a leader whose in-sync set is decided commits what the set has', () => {
  const { broker, sends } = learned(busy, metadata(2, partition({ inSyncReplicas: [1, 2], partitionEpoch: 1 })))
  expect(messages(sends)).toEqual([
    { ...answeredNotLeader(4), error: 'NONE', baseOffset: 0 },
    { ...answeredNotLeader(5), error: 'NONE', baseOffset: 1 },
  ])
  const [before] = busy.replicas
  expect(broker.replicas).toEqual([
    {
      ...before,
      log: { ...before?.log, highWatermark: 2 },
      partitionEpoch: 1,
      role: { ...before?.role, inSyncReplicas: [1, 2], waiting: [] },
    },
  ])
})

test('a leader that is replaced sends waiting producers away, answers parked fetches in its new role, then fetches', () => {
  const image = metadata(2, partition({ leader: 2, leaderEpoch: 1, partitionEpoch: 1 }))
  const { broker, sends } = learned(busy, image)
  expect(sends).toEqual([
    { kind: 'respond', to: from('p1'), message: answeredNotLeader(4) },
    { kind: 'respond', to: from('p1'), message: answeredNotLeader(5) },
    { kind: 'respond', to: from('b2'), message: { ...fetched, correlationId: 8, error: 'FENCED_LEADER_EPOCH' } },
    { kind: 'request', to: 'b2', message: followerFetch(1, 1, 2, { currentLeaderEpoch: 1 }) },
  ])
  expect(broker.replicas).toEqual([
    {
      ...busy.replicas[0],
      leaderEpoch: 1,
      partitionEpoch: 1,
      role: { kind: 'follower', leader: 2, fetch: { kind: 'outstanding', correlationId: 1 } },
    },
  ])
})

test('a replica of a partition without a leader is idle until there is one', () => {
  const leaderless = learned(busy, metadata(2, partition({ leader: -1, leaderEpoch: 1, partitionEpoch: 1 })))
  expect(told(leaderless.sends)).toEqual([
    'p1 ProduceResponse 4 t/0',
    'p1 ProduceResponse 5 t/0',
    'b2 FetchResponse 8 t/0',
  ])
  expect(replicaOf(leaderless.broker, 't', 0)?.role).toEqual({ kind: 'follower', leader: -1, fetch: { kind: 'idle' } })
  const led = learned(leaderless.broker, metadata(3, partition({ leader: 3, leaderEpoch: 2, partitionEpoch: 2 })))
  expect(told(led.sends)).toEqual(['b3 Fetch 1 t/0'])
})

test('a leader of two epochs in a row begins anew: nobody waits, nobody has fetched, the epoch starts at the log end', () => {
  const again = { leaderEpoch: 2, inSyncReplicas: [1, 2], partitionEpoch: 4 }
  const { broker, sends } = learned({ ...busy, now: 90 }, metadata(2, partition(again)))
  expect(messages(sends)).toEqual([
    answeredNotLeader(4),
    answeredNotLeader(5),
    { ...fetched, correlationId: 8, error: 'FENCED_LEADER_EPOCH' },
  ])
  const [before] = busy.replicas
  expect(broker.replicas).toEqual([
    {
      ...before,
      log: {
        ...before?.log,
        epochs: [
          { epoch: 0, startOffset: 0 },
          { epoch: 2, startOffset: 2 },
        ],
      },
      leaderEpoch: 2,
      partitionEpoch: 4,
      role: {
        kind: 'leader',
        leaderEpochStartOffset: 2,
        inSyncReplicas: [1, 2],
        proposal: null,
        followers: [
          { brokerId: 2, fetchOffset: -1, brokerEpoch: -1, lastCaughtUp: 90, lastFetch: null },
          { brokerId: 3, fetchOffset: -1, brokerEpoch: -1, lastCaughtUp: null, lastFetch: null },
        ],
        waiting: [],
        parked: [],
      },
    },
  ])
})

test('a follower that is given another leader asks it at once, and forgets what it had asked the old one', () => {
  const following = learned(registered, metadata(1, partition({ leader: 2 }))).broker
  const { broker, sends } = learned(following, metadata(2, partition({ leader: 3, leaderEpoch: 1, partitionEpoch: 1 })))
  expect(sends).toEqual([{ kind: 'request', to: 'b3', message: followerFetch(2, 1, 0, { currentLeaderEpoch: 1 }) }])
  const late = received(broker, 'b2', { ...fetched, kind: 'FetchResponse', correlationId: 1, error: 'NONE' })
  expect(late.broker).toBe(broker)
  expect(late.sends).toEqual([])
})

test('a follower that is told another in-sync set of the same epoch notes it and goes on waiting', () => {
  const following = learned(registered, metadata(1, partition({ leader: 2 }))).broker
  const { broker, sends } = learned(
    following,
    metadata(2, partition({ leader: 2, inSyncReplicas: [1, 2], partitionEpoch: 1 })),
  )
  expect(sends).toEqual([])
  expect(broker.replicas).toEqual([{ ...following.replicas[0], partitionEpoch: 1 }])
})

test('a fenced broker takes its part in every partition first, and then tells the controller', () => {
  const image = metadata(1, partition({ topic: 's', leader: 2 }), partition({ leader: 3 }))
  const { sends } = learned({ ...registered, fenced: true }, image)
  expect(told(sends)).toEqual(['b2 Fetch 1 s/0', 'b3 Fetch 2 t/0', 'ctl BrokerHeartbeat 3'])
})

test('a replica from before a stop keeps its log, whatever part it is given', () => {
  const log = replicaOf(busy, 't', 0)?.log
  if (log === undefined) throw new Error('it has no log')
  const none = { topic: 't', partition: 0, log, leaderEpoch: -1, partitionEpoch: -1, role: { kind: 'none' } } as const
  const started = { ...registered, replicas: [none] }
  const led = learned(started, metadata(2, partition({ leaderEpoch: 3, partitionEpoch: 3 }))).broker
  expect(replicaOf(led, 't', 0)).toMatchObject({ leaderEpoch: 3, role: { leaderEpochStartOffset: 2 } })
  const follows = learned(started, metadata(2, partition({ leader: 2, partitionEpoch: 3 })))
  expect(messages(follows.sends)).toEqual([followerFetch(1, 1, 2)])
  expect(
    [led, follows.broker].map(broker => replicaOf(broker, 't', 0)?.log).map(kept => kept && logEndOffset(kept)),
  ).toEqual([2, 2])
})

test('a client is told the leaders as the broker knows them, internal topics included', () => {
  const asked = (broker: BrokerState) => metadataAsked(broker, from('p1'), { kind: 'Metadata', correlationId: 6 })
  const answer = { kind: 'MetadataResponse', correlationId: 6 }
  expect(asked(registered)).toEqual({
    kind: 'respond',
    to: from('p1'),
    message: { ...answer, brokers: [], partitions: [] },
  })
  const image = metadata(1, partition({ topic: '__consumer_offsets', leader: -1, leaderEpoch: 4 }), partition())
  const brokers = image.brokers.map(broker => ({ ...broker, fenced: broker.brokerId === 2 }))
  expect(asked(learned(registered, { ...image, brokers }).broker).message).toEqual({
    ...answer,
    brokers: [1, 3],
    partitions: [
      { topic: '__consumer_offsets', partition: 0, leader: -1, leaderEpoch: 4 },
      { topic: 't', partition: 0, leader: 1, leaderEpoch: 0 },
    ],
  })
})
