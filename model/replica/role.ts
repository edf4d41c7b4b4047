// A replica learns from the metadata what part it plays.
// Follows Partition.makeLeader and makeFollower. Notes: docs/protocol/cluster.md §4.3.
import { assignEpoch } from '../log/epochs.ts'
import { logEndOffset } from '../log/state.ts'
import type { PartitionState } from '../vocabulary/messages.ts'
import type { CorrelationId } from '../vocabulary/units.ts'
import { answersAfterChange } from './fetch.ts'
import { fetchNow } from './follower.ts'
import { advanceHighWatermark, produceAnswer } from './leader.ts'
import {
  followedBy,
  type Leader,
  type Parked,
  type Replica,
  type ReplicaStep,
  type Surroundings,
  unchanged,
  withLeader,
} from './state.ts'

/**
 * Who: a replica, told the partition's state.
 * When: the state is newer than what it knows (partition epoch).
 * Then: it becomes leader or follower in a new epoch, or only takes over the sets of the epoch that it is in.
 */
export function learnState(
  replica: Replica,
  around: Surroundings,
  state: PartitionState,
  next: CorrelationId,
): ReplicaStep {
  if (state.partitionEpoch <= replica.partitionEpoch) return unchanged(replica, next)
  const leads = state.leader === around.brokerId
  const isNewEpoch = state.leaderEpoch > replica.leaderEpoch
  if (leads) {
    return isNewEpoch || replica.role.kind !== 'leader'
      ? becomeLeader(replica, around, state, next)
      : keepLeading(replica, around, state, next)
  }
  return isNewEpoch || replica.role.kind === 'none'
    ? becomeFollower(replica, around, state, next)
    : unchanged({ ...replica, partitionEpoch: state.partitionEpoch }, next)
}

/**
 * Then: the epoch starts at the log's end, even if no record follows; nobody's progress is known; the high watermark is
 * the one that it had as a follower, which may lag.
 * Source: `Partition.makeLeader`, KIP-101, KIP-497.
 */
function becomeLeader(replica: Replica, around: Surroundings, state: PartitionState, next: CorrelationId): ReplicaStep {
  const { log } = assignEpoch(replica.log, state.leaderEpoch)
  const role: Leader = {
    kind: 'leader',
    leaderEpochStartOffset: logEndOffset(log),
    inSyncReplicas: state.inSyncReplicas,
    proposal: null,
    followers: state.replicas
      .filter(id => id !== around.brokerId)
      .sort((a, b) => a - b)
      .map(brokerId => ({
        brokerId,
        fetchOffset: -1,
        brokerEpoch: -1,
        lastCaughtUp: state.inSyncReplicas.includes(brokerId) ? around.now : null,
        lastFetch: null,
      })),
    waiting: [],
    parked: [],
  }
  const led = { ...replica, log, ...epochsOf(state), role }
  const deposed = leaveOffice(replica, led, around, next)
  return followedBy(deposed, (current, id) => advanceHighWatermark(current, around, id))
}

/** Then: the controller's sets count; what this leader had proposed is decided, one way or the other. */
function keepLeading(replica: Replica, around: Surroundings, state: PartitionState, next: CorrelationId): ReplicaStep {
  const told = withLeader(replica, { inSyncReplicas: state.inSyncReplicas, proposal: null })
  return advanceHighWatermark({ ...told, ...epochsOf(state) }, around, next)
}

/** Then: whoever waited is sent away, and it fetches from the new leader, if there is one. */
function becomeFollower(
  replica: Replica,
  around: Surroundings,
  state: PartitionState,
  next: CorrelationId,
): ReplicaStep {
  const following: Replica = {
    ...replica,
    ...epochsOf(state),
    role: { kind: 'follower', leader: state.leader, fetch: { kind: 'idle' } },
  }
  return followedBy(leaveOffice(replica, following, around, next), (current, id) => fetchNow(current, around, id))
}

/** What a leader owed is answered: producers that the leadership is over, fetches as the new role says. */
function leaveOffice(before: Replica, after: Replica, around: Surroundings, next: CorrelationId): ReplicaStep {
  if (before.role.kind !== 'leader') return unchanged(after, next)
  const parked: readonly Parked[] = before.role.parked
  return {
    ...unchanged(after, next),
    sends: [
      ...before.role.waiting.flatMap(waiting => produceAnswer(before, waiting, 'NOT_LEADER_OR_FOLLOWER')),
      ...answersAfterChange(parked, after, around),
    ],
  }
}

function epochsOf({ leaderEpoch, partitionEpoch }: PartitionState) {
  return { leaderEpoch, partitionEpoch }
}
