// What the protocol does not say about a join that completes: who leads when the leader has gone (Kafka takes whichever
// member its hash map gives first), and which protocol wins when several have the most votes.
import { findGroup, type Group } from '../group/state.ts'
import type { AssignorName } from '../vocabulary/choosing.ts'
import type { JoinedMember } from '../vocabulary/messages.ts'
import type { Told } from './groups.ts'
import { type World, withGroup } from './world.ts'

export type Choice = { readonly world: World; readonly told: readonly Told[] }

/** The step with each of the choices that were open; the model's own first. */
export function openChoices(world: World, former: Group, groupId: string, told: readonly Told[]): readonly Choice[] {
  const group = findGroup(world.coordinator, groupId)
  if (group.phase.state !== 'CompletingRebalance' || group.generationId === former.generationId)
    return [{ world, told }]
  const leaders = possibleLeaders(group, former)
  return possibleProtocols(group).flatMap(protocolName =>
    leaders.map(leader => {
      const chosen = { ...group, leader, protocolName }
      return { world: withGroup(world, chosen), told: told.map(one => toldOf(one, chosen)) }
    }),
  )
}

/** The leader stays; when it has gone, anybody may lead who has joined again. */
function possibleLeaders({ leader, members }: Group, former: Group): readonly (string | null)[] {
  const isKept = former.leader !== null && former.leader === leader
  const isFirst = former.members.length === 0 && former.phase.state === 'Empty' && members.length === 1
  if (isKept || isFirst || leader === null) return [leader]
  return [leader, ...members.map(({ memberId }) => memberId).filter(id => id !== leader)]
}

/** The group's protocol, and what has as many votes. Each member votes for the first of its own that all offer. */
function possibleProtocols({ protocolName, members }: Group): readonly (AssignorName | null)[] {
  const common = (name: AssignorName): boolean =>
    members.every(({ protocols }) => protocols.some(protocol => protocol.name === name))
  const votes = members.flatMap(({ protocols }) =>
    protocols
      .filter(({ name }) => common(name))
      .slice(0, 1)
      .map(({ name }) => name),
  )
  const count = (name: AssignorName | null): number => votes.filter(vote => vote === name).length
  const equals = votes.filter(
    (name, index) => votes.indexOf(name) === index && name !== protocolName && count(name) === count(protocolName),
  )
  return [protocolName, ...equals]
}

/** A join's answer under another choice. */
function toldOf({ client, response }: Told, group: Group): Told {
  if (response.kind !== 'JoinGroupResponse' || response.error !== 'NONE' || response.groupId !== group.groupId) {
    return { client, response }
  }
  const members = response.memberId === group.leader ? membersOf(group) : []
  return { client, response: { ...response, leader: group.leader ?? '', protocolName: group.protocolName, members } }
}

function membersOf({ members, protocolName }: Group): readonly JoinedMember[] {
  return members.flatMap(({ memberId, groupInstanceId, protocols }) =>
    protocols
      .filter(({ name }) => name === protocolName)
      .slice(0, 1)
      .map(protocol => ({ memberId, groupInstanceId, protocol })),
  )
}
