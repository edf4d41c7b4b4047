// Groups as their coordinator sees them.
import type { GroupMemberObservation, GroupObservation } from '../../model/vocabulary/groups.ts'
import { partitionWord } from '../render/words.ts'
import type { Fact, GroupScene, MemberScene } from './film.ts'

/** One group; `coordinator` is the lane of the broker whose view it is. */
export function groupScene(group: GroupObservation, coordinator: string | null): GroupScene {
  const { groupId, state, generationId, protocolName, leader, members, pendingMembers, offsets } = group
  return {
    group: groupId,
    coordinator,
    state,
    generationId,
    protocol: protocolName,
    members: [
      ...members.map(member => memberScene(member, leader)),
      ...pendingMembers.map(memberId => ({ ...nobody, memberId, waitsFor: 'was given its id, and has not joined' })),
    ],
    offsets: offsets.map((at): Fact => ({ name: partitionWord(at), value: String(at.offset) })),
  }
}

const nobody = { client: null, groupInstanceId: null, isLeader: false, owns: [] } as const

function memberScene(member: GroupMemberObservation, leader: string | null): MemberScene {
  const { memberId, client, groupInstanceId, assignment, awaitingJoin, awaitingSync } = member
  return {
    memberId,
    client,
    groupInstanceId,
    isLeader: memberId === leader,
    owns: assignment.map(partitionWord),
    waitsFor: awaitingJoin ? 'joins' : awaitingSync ? 'syncs' : null,
  }
}
