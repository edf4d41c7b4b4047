// OffsetCommit and OffsetFetch, and how offsets of groups that nobody uses go. Follows GroupCoordinator.handleCommitOffsets,
// GroupMetadataManager.storeOffsets and cleanupGroupMetadata (KIP-211). Leaves out transactional commits.
import type { GroupRequest } from '../vocabulary/messages.ts'
import type { Milliseconds } from '../vocabulary/units.ts'
import { reply } from './answers.ts'
import { inGeneration } from './members.ts'
import { groupTombstone, offsetRecord, offsetTombstone } from './records.ts'
import {
  absentGroup,
  createdGroup,
  type Group,
  type GroupMember,
  type GroupStep,
  renewed,
  type StoredOffset,
  step,
  withMember,
} from './state.ts'
import { refuse, type Turn, waitingFor } from './turn.ts'

type CommitTurn = Turn<Extract<GroupRequest, { kind: 'OffsetCommit' }>>
type FetchTurn = Turn<Extract<GroupRequest, { kind: 'OffsetFetch' }>>

/**
 * Who: anybody.
 * Then: while nobody is a member, whoever claims no generation (an administrator, a consumer that assigns itself) may
 * commit, under whatever names, and a group begins so; otherwise a member may as its state says (rules.ts).
 * Source: `OffsetMetadataManager.validateOffsetCommit`, `ClassicGroup.validateOffsetCommit`.
 */
export function commitOffsets(turn: CommitTurn, rule: (turn: CommitTurn, member: GroupMember) => GroupStep): GroupStep {
  const { now, group, request } = turn
  const { state } = group.phase
  const claimsNoGeneration = request.generationId < 0
  if (state === 'Empty' && claimsNoGeneration) return storeOffsets(turn)
  if (state !== 'Dead') return inGeneration(turn, rule)
  if (!claimsNoGeneration) return refuse(turn, 'ILLEGAL_GENERATION')
  return storeOffsets({ ...turn, group: createdGroup(request.groupId, now) })
}

/** Who: a member, in its generation. Then: its session goes on, and its offsets are written. */
export function acceptCommit(turn: CommitTurn, member: GroupMember): GroupStep {
  return storeOffsets({ ...turn, group: withMember(turn.group, member.memberId, renewed(member, turn.now)) })
}

/**
 * Who: somebody who may commit.
 * Then: the offsets are written to the log. They count, and the commit is answered, once the write has completed: what
 * was acknowledged survives the coordinator.
 * Source: `GroupMetadataManager.storeOffsets`.
 */
function storeOffsets(turn: CommitTurn): GroupStep {
  const { now, group, request } = turn
  if (request.offsets.length === 0) return refuse(turn, 'NONE')
  const offsets = request.offsets.map(
    ({ topic, partition, offset, leaderEpoch, metadata }): StoredOffset => ({
      topic,
      partition,
      offset,
      leaderEpoch,
      metadata,
      commitTimestamp: now,
    }),
  )
  return step(group, {
    kind: 'write',
    purpose: { kind: 'commit', groupId: group.groupId, ...waitingFor(turn), offsets },
    records: offsets.map(offset => offsetRecord(group.groupId, offset)),
  })
}

/** Who: anybody. Then: it is told the offsets that are taken; -1 stands for none. Source: `handleFetchOffsets`. */
export function fetchOffsets({ group, requester, request }: FetchTurn): GroupStep {
  const offsets = request.partitions.map(({ topic, partition }) => {
    const stored = group.offsets.find(offset => offset.topic === topic && offset.partition === partition)
    if (stored === undefined) return { topic, partition, offset: -1, leaderEpoch: -1, metadata: '' }
    return { topic, partition, offset: stored.offset, leaderEpoch: stored.leaderEpoch, metadata: stored.metadata }
  })
  const plain = reply(requester, request, 'NONE')
  if (plain.kind !== 'respond' || plain.response.kind !== 'OffsetFetchResponse') return step(group, plain)
  return step(group, { ...plain, response: { ...plain.response, offsets } })
}

/**
 * Who: a group that is Empty when the coordinator looks for old offsets.
 * Then: an offset goes when it is older than the retention, counted from its commit or from when the last member left,
 * whichever is later (KIP-211). A group of which nothing is left, now or to come, is Dead.
 * Source: `GroupMetadataManager.cleanupGroupMetadata`.
 */
export function expireOffsets(
  group: Group,
  offsetsRetentionMs: Milliseconds,
  isCommitOutstanding: boolean,
  now: Milliseconds,
): GroupStep {
  // A tombstone behind an outstanding commit would undo what that commit is answered.
  if (group.phase.state !== 'Empty' || isCommitOutstanding) return step(group)
  const { since } = group.phase
  const isOld = ({ commitTimestamp }: StoredOffset) => now - Math.max(commitTimestamp, since) >= offsetsRetentionMs
  const old = group.offsets.filter(isOld)
  const kept = group.offsets.filter(offset => !isOld(offset))
  const isDead = kept.length === 0 && group.pending.length === 0
  if (old.length === 0 && !isDead) return step(group)
  const tombstones = old.map(offset => offsetTombstone(group.groupId, offset))
  return step(isDead ? absentGroup(group.groupId) : { ...group, offsets: kept }, {
    kind: 'write',
    purpose: null,
    records: isDead ? [...tombstones, groupTombstone(group.groupId)] : tombstones,
  })
}
