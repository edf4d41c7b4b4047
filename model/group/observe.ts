// What can be seen of a coordinator.
import { remembered } from '../memo.ts'
import type { GroupMemberObservation, GroupObservation } from '../vocabulary/groups.ts'
import type { CoordinatorState, Group, GroupMember } from './state.ts'

/** All groups, ascending by id. A group that did not change since is the same object as then. */
export function observeGroups(state: CoordinatorState): readonly GroupObservation[] {
  return observeAll(state.groups)
}

const observeAll = remembered((groups: readonly Group[]): readonly GroupObservation[] => groups.map(observeGroup))

const observeGroup = remembered(
  (group: Group): GroupObservation => ({
    groupId: group.groupId,
    state: group.phase.state,
    generationId: group.generationId,
    protocolName: group.protocolName,
    leader: group.leader,
    members: group.members.map(observeMember).sort((a, b) => (a.memberId < b.memberId ? -1 : 1)),
    pendingMembers: group.pending.map(({ memberId }) => memberId).sort(),
    offsets: group.offsets,
  }),
)

const observeMember = remembered(
  (member: GroupMember): GroupMemberObservation => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    client: member.client,
    protocols: member.protocols.map(({ name, topics, owned }) => ({ name, topics, owned })),
    assignment: member.assignment,
    awaitingJoin: member.waitingJoin !== null,
    awaitingSync: member.waitingSync !== null,
    sessionDeadline: member.sessionDeadline,
  }),
)
