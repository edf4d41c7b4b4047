// SyncGroup, Heartbeat, LeaveGroup, OffsetCommit and OffsetFetch. Follows `GroupCoordinator.scala`; groups.md §4, §5.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { CommittedOffset } from '../../model/vocabulary/messages.ts'
import type { CoordinatorConfig } from './config.ts'
import { type Effects, ignoreResult } from './effects.ts'
import type { Group, Member, Requester } from './group.ts'
import type { GroupError, GroupRequest, LeavingMember } from './messages.ts'
import { answerSyncs, lookWhetherAllHaveJoined, memberRemoved, prepareRebalance, removeMember } from './rebalance.ts'
import { byMember, groupRecord, groupTombstone, offsetRecord, offsetTombstone } from './records.ts'
import { bareAnswer, synced } from './responses.ts'
import { rules } from './states.ts'
import { unnamedShare } from './stored-payloads.ts'

type Of<Kind extends GroupRequest['kind']> = GroupRequest & { readonly kind: Kind }
type Refused = { readonly error: GroupError }

const utf8 = new TextEncoder()

/** What a request says of the member that it comes from; without a generation it is one that leaves. */
type Claimed = {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly generationId: number | null
}

/** Finds the member that a request comes from, or what is wrong with it; the group exists. */
function memberOf(group: Group, request: Claimed): Member | ErrorName {
  const { memberId, groupInstanceId } = request
  if (groupInstanceId !== null) {
    const known = group.memberOfInstance(groupInstanceId)
    if (known === undefined) return 'UNKNOWN_MEMBER_ID'
    if (known.memberId !== memberId) return 'FENCED_INSTANCE_ID'
  }
  const member = group.member(memberId)
  if (member === undefined) return 'UNKNOWN_MEMBER_ID'
  if (request.generationId !== null && request.generationId !== group.generationId) return 'ILLEGAL_GENERATION'
  return member
}

/** A member asks for its share; the leader brings everybody's. */
export function syncGroup(effects: Effects, group: Group, requester: Requester, request: Of<'SyncGroup'>): void {
  const member = memberOf(group, request)
  if (typeof member === 'string') {
    effects.respond(requester, bareAnswer(request, member))
    return
  }
  if (differs(request.protocolType, group.protocolType) || differs(request.protocolName, group.protocolName)) {
    effects.respond(requester, bareAnswer(request, 'INCONSISTENT_GROUP_PROTOCOL'))
    return
  }
  const { correlationId } = request
  switch (rules[group.state].SyncGroup) {
    case 'refuse':
      effects.respond(requester, bareAnswer(request, 'UNKNOWN_MEMBER_ID'))
      return
    case 'rebalancing':
      effects.respond(requester, bareAnswer(request, 'REBALANCE_IN_PROGRESS'))
      return
    case 'answer':
      group.renewSession(member, effects.now())
      effects.respond(requester, synced(group, correlationId, member.assignment))
      return
    case 'wait':
      group.renewSession(member, effects.now())
      group.waitForSync(member, { requester, correlationId })
      if (member.memberId === group.leader) writeAssignment(effects, group, request)
  }
}

/** KIP-559: what either side does not say is no contradiction. */
function differs(told: string | null, known: string | null): boolean {
  return told !== null && known !== null && told !== known
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
    for (const member of group.members) {
      member.assignment = assignments.get(member.memberId) ?? unnamedShare(group.protocolType)
    }
    group.enter({ kind: 'Stable' })
    for (const member of group.members) {
      const sync = group.takeSync(member)
      if (sync === null) continue
      group.renewSession(member, effects.now())
      effects.respond(sync.requester, synced(group, sync.correlationId, member.assignment))
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

/** Members, or ones that were handed out their id only, say goodbye; each is answered for itself (KIP-345). */
export function leaveGroup(effects: Effects, group: Group, requester: Requester, request: Of<'LeaveGroup'>): void {
  const { correlationId, groupId } = request
  const gone = request.members.map(leaving => leave(effects, group, leaving))
  const members = request.members.map(({ memberId, groupInstanceId }, index) => {
    const error = gone[index]?.error ?? 'NONE'
    return { memberId, groupInstanceId, error }
  })
  effects.respond(requester, { kind: 'LeaveGroupResponse', correlationId, error: 'NONE', groupId, members })
  // What follows comes behind the answer: the group gets smaller in one go.
  if (gone.some(({ was }) => was === 'member')) memberRemoved(effects, group)
  else if (gone.some(({ was }) => was === 'pending')) lookWhetherAllHaveJoined(effects, group)
}

type Gone = { readonly was: 'member' | 'pending' | 'nobody'; readonly error: ErrorName }

function leave(effects: Effects, group: Group, { memberId, groupInstanceId }: LeavingMember): Gone {
  if (memberId !== null && group.takePending(memberId)) return { was: 'pending', error: 'NONE' }
  const holder = groupInstanceId === null ? undefined : group.memberOfInstance(groupInstanceId)
  const claimed = { memberId: memberId ?? holder?.memberId ?? '', groupInstanceId, generationId: null }
  const member = memberOf(group, claimed)
  if (typeof member === 'string') return { was: 'nobody', error: member }
  removeMember(effects, group, member)
  return { was: 'member', error: 'NONE' }
}

/** What is wrong with a commit, or `NONE`; a member's session is renewed if it is its own generation's. */
export function checkCommit(effects: Effects, group: Group, request: Of<'OffsetCommit'>): ErrorName {
  // While nobody is a member, whoever claims no generation may commit, under whatever names.
  if (request.generationId < 0 && group.state === 'Empty') return 'NONE'
  const member = memberOf(group, request)
  if (typeof member === 'string') return member
  const error = rules[group.state].OffsetCommit
  if (error === 'NONE') group.renewSession(member, effects.now())
  return error
}

/** The offsets of a commit without those whose metadata are too large, each of which is refused for itself. */
export function withoutLargeMetadata(
  offsets: readonly CommittedOffset[],
  { offsetMetadataMaxBytes = Number.POSITIVE_INFINITY }: CoordinatorConfig,
): { readonly offsets: readonly CommittedOffset[]; readonly refused: readonly (TopicPartition & Refused)[] } {
  const isLarge = ({ metadata }: CommittedOffset): boolean =>
    metadata.length * 3 > offsetMetadataMaxBytes && utf8.encode(metadata).length > offsetMetadataMaxBytes
  if (!offsets.some(isLarge)) return { offsets, refused: [] }
  return {
    offsets: offsets.filter(offset => !isLarge(offset)),
    refused: offsets.filter(isLarge).map(({ topic, partition }) => ({
      topic,
      partition,
      error: 'OFFSET_METADATA_TOO_LARGE',
    })),
  }
}

/** Writes a commit's offsets; they count once they are in the log. `done` is told the answer's error. */
export function commitOffsets(
  effects: Effects,
  group: Group,
  offsets: readonly CommittedOffset[],
  done: (error: ErrorName) => void,
): void {
  const commitTimestamp = effects.now()
  const stored = offsets.map(offset => ({ ...committed(offset), commitTimestamp }))
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

/** What is committed for each partition asked, in the order asked, or all that is committed. */
export function fetchOffsets(group: Group | undefined, { partitions }: Of<'OffsetFetch'>): readonly CommittedOffset[] {
  if (partitions === null) return (group?.offsets.sorted ?? []).map(committed)
  return partitions.map(({ topic, partition }) => {
    const stored = group?.offsets.get({ topic, partition })
    return committed(stored ?? { topic, partition, offset: -1, leaderEpoch: -1, metadata: '' })
  })
}

function committed({ topic, partition, offset, leaderEpoch, metadata }: CommittedOffset): CommittedOffset {
  return { topic, partition, offset, leaderEpoch, metadata }
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
export function errorOfWrite(error: ErrorName): ErrorName {
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
