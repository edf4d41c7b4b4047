// OffsetCommit and OffsetFetch, and how offsets of groups that nobody uses go. Follows GroupCoordinator.handleCommitOffsets,
// GroupMetadataManager.storeOffsets and cleanupGroupMetadata (KIP-211). Leaves out transactional commits.
import type { GroupState } from '../vocabulary/groups.ts'
import type { GroupRequest } from '../vocabulary/messages.ts'
import type { Milliseconds } from '../vocabulary/units.ts'
import { reply } from './answers.ts'
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
import { noSuchMember, refuse, type Turn, waitingFor } from './turn.ts'

type CommitTurn = Turn<Extract<GroupRequest, { kind: 'OffsetCommit' }>>
type FetchTurn = Turn<Extract<GroupRequest, { kind: 'OffsetFetch' }>>

/** A commit that claims no membership: from an administrator, or a consumer that assigns itself. */
export function isFromOutside({ request }: CommitTurn): boolean {
  return request.generationId === -1 && request.memberId === ''
}

/** What a commit from outside does: only a group that nobody is a member of may be changed so. */
export const outsideCommitRules: Record<GroupState, (turn: CommitTurn) => GroupStep> = {
  Dead: turn => storeOffsets({ ...turn, group: createdGroup(turn.request.groupId, turn.now) }),
  Empty: storeOffsets,
  PreparingRebalance: noSuchMember,
  CompletingRebalance: noSuchMember,
  Stable: noSuchMember,
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
