// Observations of a cluster written by hand, for the tests: topic `t` with one partition on brokers 1, 2 and 3.
import { setup } from '../cluster/examples.ts'
import { image, partition, topicConfig } from '../controller/examples.ts'
import { batch } from '../log/examples.ts'
import type { ConsumerObservation, ProducerObservation } from '../vocabulary/clients.ts'
import type {
  BrokerObservation,
  ClusterObservation,
  ClusterOperation,
  ReplicaObservation,
} from '../vocabulary/cluster.ts'
import type { GroupObservation } from '../vocabulary/groups.ts'
import type { PartitionState, TopicConfig } from '../vocabulary/messages.ts'
import type { Batch } from '../vocabulary/records.ts'
import { emptyHistory, type History } from './history.ts'
import type { ClusterTransition, PartitionHistory } from './known.ts'

export type LeaderRole = Extract<ReplicaObservation['role'], { kind: 'leader' }>

/** What each broker shows; null: it is down. */
type Replicas = readonly [ReplicaObservation | null, ReplicaObservation | null, ReplicaObservation | null]

/** A follower with offsets 0 to 2, of which 0 and 1 are committed. */
export function replica(change: Partial<ReplicaObservation> = {}): ReplicaObservation {
  return {
    topic: 't',
    partition: 0,
    logStartOffset: 0,
    logEndOffset: 3,
    highWatermark: 2,
    recoveryPoint: 0,
    firstDirtyOffset: 0,
    epochs: [{ epoch: 0, startOffset: 0 }],
    producers: [],
    batches: [batch(0, 1), batch(2, 2)],
    leaderEpoch: 0,
    partitionEpoch: 0,
    role: { kind: 'follower', leader: 1, fetch: 'outstanding' },
    ...change,
  }
}

/** The same as a leader whose followers have fetched up to some offsets. */
export function leader(
  change: Partial<ReplicaObservation> = {},
  fetched: readonly [number, number] = [3, 3],
  role: Partial<LeaderRole> = {},
): ReplicaObservation {
  return replica({
    role: {
      kind: 'leader',
      leaderEpochStartOffset: 0,
      inSyncReplicas: [1, 2, 3],
      pendingInSyncReplicas: null,
      followers: [
        { brokerId: 2, fetchOffset: fetched[0], brokerEpoch: 2 },
        { brokerId: 3, fetchOffset: fetched[1], brokerEpoch: 3 },
      ],
      waiting: [],
      parkedFetches: [],
      ...role,
    },
    ...change,
  })
}

/** A cluster with these replicas. */
export function cluster(replicas: Replicas, change: Partial<ClusterObservation> = {}): ClusterObservation {
  const brokers = Object.fromEntries(replicas.map((shown, i) => [`b${i + 1}`, broker(i + 1, shown)]))
  return { controller: { now: 0, image: image() }, brokers, producers: {}, consumers: {}, links: {}, ...change }
}

export function broker(
  brokerId: number,
  shown: ReplicaObservation | null,
  groups: readonly GroupObservation[] = [],
): BrokerObservation {
  if (shown === null) return { status: 'down' }
  const state = { now: 0, brokerEpoch: brokerId, fenced: false, metadataOffset: 0 }
  return { status: 'running', ...state, replicas: [shown], groups }
}

/** One operation; time passing, if nothing else is said. */
export function transition(
  before: ClusterObservation,
  after: ClusterObservation,
  operation: ClusterOperation = { kind: 'settle' },
): ClusterTransition {
  return { setup, before, operation, outcome: { kind: 'done' }, after }
}

/** Nothing is known of `t/0` but this. */
export function history(known: Partial<PartitionHistory> = {}, more: Partial<History> = {}): History {
  const entry: PartitionHistory = {
    topic: 't',
    partition: 0,
    contract: { holds: true, crashes: [] },
    acknowledged: [],
    committed: [],
    highestWatermark: 0,
    processed: [],
    leaders: [],
    ...known,
  }
  return { ...emptyHistory, partitions: [entry], ...more }
}

/** Claims that need the contract are silent when it is broken. */
export const broken: PartitionHistory['contract'] = { holds: false, reason: 'for the test' }

/** A member of group `g` in generation 1, owning `t/0`, that has processed some values, from offset 0 on. */
export function consumer(
  memberId: string,
  values: readonly string[] = [],
  change: Partial<ConsumerObservation> = {},
): ConsumerObservation {
  return {
    now: 0,
    open: true,
    membership: 'stable',
    memberId,
    generationId: 1,
    coordinator: 1,
    retryAt: null,
    metadata: [],
    positions: [{ topic: 't', partition: 0, offset: values.length }],
    processed: values.map((value, offset) => ({ topic: 't', partition: 0, offset, key: 'k', value })),
    ...change,
  }
}

export function producer(change: Partial<ProducerObservation> = {}): ProducerObservation {
  return {
    now: 0,
    session: null,
    metadata: [],
    needsMetadata: false,
    metadataRetryAt: null,
    unassigned: [],
    queues: [],
    completed: [],
    ...change,
  }
}

/** Group `g` in generation 1 with some members and, perhaps, a committed offset of `t/0`. */
export function group(memberIds: readonly string[], offset: number | null = null): GroupObservation {
  return {
    groupId: 'g',
    state: 'Stable',
    generationId: 1,
    protocolName: 'range',
    leader: memberIds[0] ?? null,
    members: memberIds.map(memberId => ({
      memberId,
      groupInstanceId: null,
      client: memberId,
      protocols: [],
      assignment: [],
      awaitingJoin: false,
      awaitingSync: false,
      sessionDeadline: 0,
    })),
    pendingMembers: [],
    offsets:
      offset === null ? [] : [{ topic: 't', partition: 0, offset, leaderEpoch: -1, metadata: '', commitTimestamp: 0 }],
  }
}

/** A batch of a producer's session. */
export function sequenced(baseOffset: number, lastOffset: number, baseSequence: number): Batch {
  return { ...batch(baseOffset, lastOffset), producerId: 7, producerEpoch: 0, baseSequence }
}

/** A cluster in which nothing has been written, before the one that a test is about. */
export const nothingYet = cluster([
  leader({ logEndOffset: 0, highWatermark: 0, batches: [], epochs: [] }, [0, 0]),
  replica({ logEndOffset: 0, highWatermark: 0, batches: [], epochs: [] }),
  replica({ logEndOffset: 0, highWatermark: 0, batches: [], epochs: [] }),
])

/** The controller's part of an observation in which `t/0` is as given. */
export function decided(
  change: Partial<PartitionState>,
  fenced: readonly number[] = [],
  config: TopicConfig = topicConfig,
): Pick<ClusterObservation, 'controller'> {
  return { controller: { now: 0, image: image(partition(change), fenced, config) } }
}
