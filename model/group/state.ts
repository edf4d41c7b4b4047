// What a group coordinator knows: groups, their members, and the writes whose completion it waits for. Follows Kafka's
// GroupMetadata and MemberMetadata (ClassicGroup). Leaves out the protocol type, and the host and client-id texts.
import type { AssignorName, TopicPartition } from '../vocabulary/choosing.ts'
import type { GroupConfig, GroupLogRecord } from '../vocabulary/groups.ts'
import type { CommittedOffset, GroupResponse, JoinProtocol, MemberAssignment } from '../vocabulary/messages.ts'
import type { BrokerId, CorrelationId, GenerationId, Milliseconds } from '../vocabulary/units.ts'

/** The coordinator of some groups. It has no clock: whoever calls it says what time it is. */
export type CoordinatorState = {
  readonly config: GroupConfig
  /** This and `epoch` make member ids unique among coordinators. */
  readonly brokerId: BrokerId
  readonly epoch: number
  readonly memberIdsMade: number
  readonly nextWriteId: number
  readonly nextExpiryCheckAt: Milliseconds
  /** Ascending by id. */
  readonly groups: readonly Group[]
  /** Outstanding writes whose completion has consequences, oldest first. */
  readonly writes: readonly { readonly writeId: number; readonly purpose: WritePurpose }[]
}

/**
 * One group. A group that does not exist is the `absentGroup`, whose state is Dead: so the state machine has a row for it.
 */
export type Group = {
  readonly groupId: string
  readonly phase: Phase
  readonly generationId: GenerationId
  readonly protocolName: AssignorName | null
  readonly leader: string | null
  /** In order of joining. */
  readonly members: readonly GroupMember[]
  /** Member ids that were handed out and not used yet (KIP-394). */
  readonly pending: readonly { readonly memberId: string; readonly deadline: Milliseconds }[]
  /** Ascending by topic, then partition. */
  readonly offsets: readonly StoredOffset[]
}

/** The group's state with what only that state has. */
export type Phase =
  | { readonly state: 'Empty'; readonly since: Milliseconds }
  | { readonly state: 'PreparingRebalance'; readonly deadline: Milliseconds }
  /** `assigning`: this generation's assignments are being written. */
  | { readonly state: 'CompletingRebalance'; readonly deadline: Milliseconds; readonly assigning: boolean }
  | { readonly state: 'Stable' }
  | { readonly state: 'Dead' }

export type GroupMember = {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly client: string
  readonly sessionTimeoutMs: Milliseconds
  readonly rebalanceTimeoutMs: Milliseconds
  readonly protocols: readonly JoinProtocol[]
  readonly assignment: readonly TopicPartition[]
  readonly waitingJoin: WaitingJoin | null
  readonly waitingSync: Waiting | null
  readonly sessionDeadline: Milliseconds
}

/** Who asked, and on which connection the answer goes back. */
export type Requester = { readonly endpoint: string; readonly connection: number }

/** A request that is answered later. */
export type Waiting = { readonly requester: Requester; readonly correlationId: CorrelationId }

/** `memberId` is the one that an error answer carries. */
export type WaitingJoin = Waiting & { readonly memberId: string }

export type StoredOffset = CommittedOffset & { readonly commitTimestamp: Milliseconds }

/** What happens when a write completes. Writes without consequences are not remembered. */
export type WritePurpose =
  | {
      readonly kind: 'sync'
      readonly groupId: string
      readonly generationId: GenerationId
      readonly assignments: readonly MemberAssignment[]
    }
  | (Waiting & { readonly kind: 'commit'; readonly groupId: string; readonly offsets: readonly StoredOffset[] })

/** What a rule wants done, in order. */
export type GroupAction =
  | { readonly kind: 'respond'; readonly requester: Requester; readonly response: GroupResponse }
  | { readonly kind: 'write'; readonly purpose: WritePurpose | null; readonly records: readonly GroupLogRecord[] }

/** What a coordinator wants done. A write completes later, by `completeWrite` with its id. */
export type CoordinatorEffect =
  | { readonly kind: 'respond'; readonly requester: Requester; readonly response: GroupResponse }
  | { readonly kind: 'write'; readonly writeId: number; readonly records: readonly GroupLogRecord[] }

/** The coordinator afterwards (the same object if nothing changed) and what is to be done, in order. */
export type CoordinatorStep = { readonly state: CoordinatorState; readonly effects: readonly CoordinatorEffect[] }

/** What a rule gives: the group after it (the same object if nothing changed) and what is to be done. */
export type GroupStep = { readonly group: Group; readonly actions: readonly GroupAction[] }

/** A group that nobody joined and nothing was committed to. */
export function absentGroup(groupId: string): Group {
  return {
    groupId,
    phase: { state: 'Dead' },
    generationId: 0,
    protocolName: null,
    leader: null,
    members: [],
    pending: [],
    offsets: [],
  }
}

/** A group at its first join or commit. */
export function createdGroup(groupId: string, now: Milliseconds): Group {
  return { ...absentGroup(groupId), phase: { state: 'Empty', since: now } }
}

export function findGroup(state: CoordinatorState, groupId: string): Group {
  return state.groups.find(group => group.groupId === groupId) ?? absentGroup(groupId)
}

export function findMember(group: Group, memberId: string): GroupMember | null {
  return group.members.find(member => member.memberId === memberId) ?? null
}

/** The member that holds a group instance id (KIP-345). */
export function findInstance(group: Group, groupInstanceId: string | null): GroupMember | null {
  if (groupInstanceId === null) return null
  return group.members.find(member => member.groupInstanceId === groupInstanceId) ?? null
}

export function isPending(group: Group, memberId: string): boolean {
  return group.pending.some(pending => pending.memberId === memberId)
}

/** The group with `member` in the place of the one whose id is `memberId`. */
export function withMember(group: Group, memberId: string, member: GroupMember): Group {
  if (findMember(group, memberId) === member) return group
  return { ...group, members: group.members.map(other => (other.memberId === memberId ? member : other)) }
}

/** The group without some of its members; when the leader is one of them there is none until the next join completes. */
export function withoutMembers(group: Group, isRemoved: (member: GroupMember) => boolean): Group {
  const members = group.members.filter(member => !isRemoved(member))
  const leader = members.some(({ memberId }) => memberId === group.leader) ? group.leader : null
  return { ...group, members, leader }
}

/** The member with a session that begins now. */
export function renewed(member: GroupMember, now: Milliseconds): GroupMember {
  const sessionDeadline = now + member.sessionTimeoutMs
  return member.sessionDeadline === sessionDeadline ? member : { ...member, sessionDeadline }
}

/** A step that leads to `group` and does `actions`. */
export function step(group: Group, ...actions: readonly GroupAction[]): GroupStep {
  return { group, actions }
}

/** One step, then another from where it led. */
export function andThen(first: GroupStep, next: (group: Group) => GroupStep): GroupStep {
  const second = next(first.group)
  return { group: second.group, actions: [...first.actions, ...second.actions] }
}
