// SyncGroup, Heartbeat, LeaveGroup, OffsetCommit and OffsetFetch. Follows `GroupCoordinator.scala`; groups.md §4, §5.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { CommittedOffset, GroupRequest } from '../../model/vocabulary/messages.ts'
import { type Effects, ignoreResult } from './effects.ts'
import type { Group, Member, Requester } from './group.ts'
import { answerSyncs, lookWhetherAllHaveJoined, memberRemoved, prepareRebalance, removeMember } from './rebalance.ts'
import { byMember, groupRecord, groupTombstone, offsetRecord, offsetTombstone } from './records.ts'
import { bareAnswer, synced } from './responses.ts'
import { rules } from './states.ts'

type Of<Kind extends GroupRequest['kind']> = GroupRequest & { readonly kind: Kind }
type FromMember = Of<'SyncGroup' | 'Heartbeat' | 'LeaveGroup' | 'OffsetCommit'>

/** Finds the member that a request comes from, or what is wrong with it; the group exists. */
function memberOf(group: Group, request: FromMember): Member | ErrorName {
  const { memberId, groupInstanceId } = request
  if (groupInstanceId !== null) {
    const known = group.memberOfInstance(groupInstanceId)
    if (known === undefined) return 'UNKNOWN_MEMBER_ID'
    if (known.memberId !== memberId) return 'FENCED_INSTANCE_ID'
  }
  const member = group.member(memberId)
  if (member === undefined) return 'UNKNOWN_MEMBER_ID'
  if (request.kind !== 'LeaveGroup' && request.generationId !== group.generationId) return 'ILLEGAL_GENERATION'
  return member
}

/** A member asks for its share; the leader brings everybody's. */
export function syncGroup(effects: Effects, group: Group, requester: Requester, request: Of<'SyncGroup'>): void {
  const member = memberOf(group, request)
  if (typeof member === 'string') {
    effects.respond(requester, bareAnswer(request, member))
    return
  }
  const { groupId, correlationId } = request
  switch (rules[group.state].SyncGroup) {
    case 'refuse':
      effects.respond(requester, bareAnswer(request, 'UNKNOWN_MEMBER_ID'))
      return
    case 'rebalancing':
      effects.respond(requester, bareAnswer(request, 'REBALANCE_IN_PROGRESS'))
      return
    case 'answer':
      group.renewSession(member, effects.now())
      effects.respond(requester, synced(groupId, correlationId, 'NONE', member.assignment))
      return
    case 'wait':
      group.renewSession(member, effects.now())
      group.waitForSync(member, { requester, correlationId })
      if (member.memberId === group.leader) writeAssignment(effects, group, request)
  }
}

/** The generation begins once its assignment is in the log. */
function writeAssignment(effects: Effects, group: Group, request: Of<'SyncGroup'>): void {
  const { phase } = group
  if (phase.kind !== 'CompletingRebalance' || phase.assignmentWritten) return
  phase.assignmentWritten = true
  const assignments = byMember(request.assignments)
  effects.write(group, [groupRecord(group, effects.now(), assignments)], error => {
    // Another rebalance has begun meanwhile: nobody waits for this assignment any more.
    if (group.phase !== phase) return
    if (error !== 'NONE') {
      answerSyncs(effects, group, errorOfWrite(error))
      return prepareRebalance(effects, group)
    }
    for (const member of group.members) member.assignment = assignments.get(member.memberId) ?? []
    group.enter({ kind: 'Stable' })
    for (const member of group.members) {
      const sync = group.takeSync(member)
      if (sync === null) continue
      group.renewSession(member, effects.now())
      effects.respond(sync.requester, synced(group.groupId, sync.correlationId, 'NONE', member.assignment))
    }
  })
}

/** A member shows that it lives, and learns that it must join again. */
export function heartbeat(effects: Effects, group: Group, requester: Requester, request: Of<'Heartbeat'>): void {
  const member = memberOf(group, request)
  if (typeof member === 'string') {
    effects.respond(requester, bareAnswer(request, member))
    return
  }
  group.renewSession(member, effects.now())
  effects.respond(requester, bareAnswer(request, rules[group.state].Heartbeat))
}

/** A member, or one that was handed out its id only, says goodbye. */
export function leaveGroup(effects: Effects, group: Group, requester: Requester, request: Of<'LeaveGroup'>): void {
  const member = memberOf(group, request)
  if (typeof member !== 'string') {
    removeMember(effects, group, member)
    effects.respond(requester, bareAnswer(request, 'NONE'))
    memberRemoved(effects, group)
    return
  }
  // Only a request that no instance id holds up gets as far as being looked for among the pending ones.
  const mayBePending = request.groupInstanceId === null
  if (!mayBePending || !group.takePending(request.memberId)) {
    effects.respond(requester, bareAnswer(request, member))
    return
  }
  effects.respond(requester, bareAnswer(request, 'NONE'))
  lookWhetherAllHaveJoined(effects, group)
}

/** What is wrong with a commit, or `NONE`; a member's session is renewed if it is its own generation's. */
export function checkCommit(effects: Effects, group: Group, request: Of<'OffsetCommit'>): ErrorName {
  const { memberId, generationId, offsets } = request
  if (generationId === -1 && memberId === '') {
    const error = rules[group.state].OffsetCommit.outsider
    if (error !== 'NONE') return error
  } else {
    const member = memberOf(group, request)
    if (typeof member === 'string') return member
    const error = rules[group.state].OffsetCommit.member
    if (error !== 'NONE') return error
    group.renewSession(member, effects.now())
  }
  return offsets.some(({ offset }) => offset < 0) ? 'INVALID_REQUEST' : 'NONE'
}

/** Writes a commit's offsets; they count once they are in the log. `done` is told the answer's error. */
export function commitOffsets(
  effects: Effects,
  group: Group,
  request: Of<'OffsetCommit'>,
  done: (error: ErrorName) => void,
): void {
  const commitTimestamp = effects.now()
  const stored = request.offsets.map(({ topic, partition, offset, leaderEpoch, metadata }) => ({
    topic,
    partition,
    offset,
    leaderEpoch,
    metadata,
    commitTimestamp,
  }))
  const records = stored.map(offset => offsetRecord(group.groupId, offset))
  group.commitsOutstanding++
  effects.write(group, records, error => {
    group.commitsOutstanding--
    if (error === 'NONE') {
      for (const offset of stored) group.offsets.set(offset)
      group.changed()
    }
    done(errorOfWrite(error))
  })
}

/** What is committed for each partition asked, in the order asked. */
export function fetchOffsets(group: Group | undefined, request: Of<'OffsetFetch'>): readonly CommittedOffset[] {
  return request.partitions.map(({ topic, partition }) => {
    const stored = group?.offsets.get({ topic, partition })
    const { offset, leaderEpoch, metadata } = stored ?? { offset: -1, leaderEpoch: -1, metadata: '' }
    return { topic, partition, offset, leaderEpoch, metadata }
  })
}

/** KIP-211: an Empty group's old offsets go, and with the last of them the group; answers whether the group is gone. */
export function expireOffsets(effects: Effects, group: Group, retentionMs: number): boolean {
  const { phase } = group
  // A tombstone behind an outstanding commit would undo what that commit is answered.
  if (phase.kind !== 'Empty' || group.commitsOutstanding > 0) return false
  const now = effects.now()
  const expired = group.offsets.sorted.filter(
    ({ commitTimestamp }) => now - Math.max(commitTimestamp, phase.since) >= retentionMs,
  )
  for (const offset of expired) group.offsets.delete(offset)
  if (expired.length > 0) group.changed()
  const records = expired.map(offset => offsetTombstone(group.groupId, offset))
  const isDead = group.offsets.isEmpty && group.pendingSize === 0
  if (isDead) {
    group.enter({ kind: 'Dead' })
    records.push(groupTombstone(group.groupId))
  }
  if (records.length > 0) effects.write(group, records, ignoreResult)
  return isDead
}

/** What a client is told of a write that failed. */
function errorOfWrite(error: ErrorName): ErrorName {
  switch (error) {
    case 'NONE':
      return 'NONE'
    case 'NOT_LEADER_OR_FOLLOWER':
    case 'KAFKA_STORAGE_ERROR':
      return 'NOT_COORDINATOR'
    default:
      return 'COORDINATOR_NOT_AVAILABLE'
  }
}
