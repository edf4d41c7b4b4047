// The claims of docs/claims.md that can be seen on one group coordinator. They look at observations only, so that they
// hold the model and the implementation to the same account. G2 is in fencing.ts, F6 in committed.ts, G5 in static-members.ts.
import type { Violation } from '../vocabulary/claims.ts'
import type { GroupObservation, GroupState } from '../vocabulary/groups.ts'
import type { GroupResponse } from '../vocabulary/messages.ts'
import { commitsAreKept, fetchesTellCommitted } from './committed.ts'
import { strangersAreFenced } from './fencing.ts'
import { staticMembersKeepTheirShare } from './static-members.ts'
import { type GroupTransition, isEqual } from './transition.ts'

/** Every claim on one coordinator, in the order in which they are checked. */
export const groupInvariants: readonly ((transition: GroupTransition) => Violation | null)[] = [
  statesAreWhole,
  transitionsAreLegal,
  generationsAgree,
  sharesAreTold,
  strangersAreFenced,
  commitsAreKept,
  fetchesTellCommitted,
  staticMembersKeepTheirShare,
]

/** The first claim that one operation broke, or null. */
export function checkGroup(transition: GroupTransition): Violation | null {
  for (const invariant of groupInvariants) {
    const violation = invariant(transition)
    if (violation !== null) return violation
  }
  return null
}

/**
 * G3: a group is what its state says. Who waits to join does so in PreparingRebalance, who waits for a share in
 * CompletingRebalance; an Empty group has no members; a Stable one has a protocol, and a leader among its members.
 */
export function statesAreWhole({ after }: GroupTransition): Violation | null {
  for (const group of after.groups) {
    const flaw = flawOf(group)
    if (flaw !== null) return { claim: 'G3', sentence: `${group.groupId} is ${group.state} and ${flaw}` }
  }
  return null
}

/**
 * G3: in one generation a group goes only Empty or Stable → PreparingRebalance, CompletingRebalance → Stable or
 * PreparingRebalance. A new generation is not Stable at once, because its assignment must be written first. Generations
 * never fall, except that a failover goes back to what the log says, where no group is in between two generations. Only
 * time removes groups.
 */
export function transitionsAreLegal({ before, operation, after }: GroupTransition): Violation | null {
  for (const group of after.groups) {
    const old = before.groups.find(({ groupId }) => groupId === group.groupId)
    if (operation.kind === 'failover') {
      if (group.state === 'Stable' || group.state === 'Empty') continue
      return { claim: 'G3', sentence: `${group.groupId} is ${group.state} after a failover` }
    }
    const from = old ?? { state: 'Dead', generationId: 0 }
    if (group.generationId > from.generationId && group.state !== 'Stable') continue
    if (group.generationId === from.generationId && nextStates[from.state].includes(group.state)) continue
    const sentence = `${group.groupId} went from ${from.state} in generation ${from.generationId} to ${group.state} in generation ${group.generationId}`
    return { claim: 'G3', sentence }
  }
  if (operation.kind === 'failover' || operation.kind === 'advance') return null
  const gone = before.groups.find(old => after.groups.every(({ groupId }) => groupId !== old.groupId))
  if (gone !== undefined) return { claim: 'G3', sentence: `${gone.groupId} was gone after ${operation.kind}` }
  return null
}

/** G1: all who are told of one generation are told of the same leader and protocol, and that is what the group has. */
export function generationsAgree({ before, operation, outcome, after }: GroupTransition): Violation | null {
  const told = outcome.responses.flatMap(({ response }) =>
    response.kind === 'JoinGroupResponse' && response.error === 'NONE' ? [response] : [],
  )
  for (const answer of told) {
    const group = after.groups.find(({ groupId }) => groupId === answer.groupId)
    const isPresent = group?.generationId === answer.generationId && hasGeneration(group.state)
    const others = told.filter(other => other.groupId === answer.groupId && other.generationId === answer.generationId)
    const isAgreed = others.every(other => agree(answer, other)) && (!isPresent || agree(answer, group))
    if (!isAgreed) return disagreement(answer.groupId, answer.generationId)
  }
  const isReplacing = operation.kind === 'request' && operation.request.kind === 'JoinGroup'
  if (isReplacing || operation.kind === 'failover') return null
  for (const old of before.groups) {
    const group = after.groups.find(({ groupId }) => groupId === old.groupId)
    if (group?.generationId !== old.generationId || !hasGeneration(old.state) || !hasGeneration(group.state)) continue
    if (!agree(old, group)) return disagreement(group.groupId, group.generationId)
  }
  return null
}

/** G1: a share that a member is told is its assignment in the group, which the leader's sync and nothing else gave it. */
export function sharesAreTold({ before, operation, outcome, after }: GroupTransition): Violation | null {
  for (const { client, response } of outcome.responses) {
    if (response.kind !== 'SyncGroupResponse' || response.error !== 'NONE') continue
    const members = after.groups.find(({ groupId }) => groupId === response.groupId)?.members ?? []
    if (members.some(member => isEqual(member.assignment, response.partitions))) continue
    const sentence = `${client} was told a share of ${response.groupId} that no member of it has: ${JSON.stringify(response.partitions)}`
    return { claim: 'G1', sentence }
  }
  if (operation.kind !== 'request') return null
  for (const group of after.groups) {
    const old = before.groups.find(({ groupId }) => groupId === group.groupId)
    for (const { memberId, assignment } of group.members) {
      const had = old?.members.find(member => member.memberId === memberId)
      if (had === undefined || assignment.length === 0 || isEqual(had.assignment, assignment)) continue
      return { claim: 'G1', sentence: `a ${operation.request.kind} changed what ${memberId} is assigned` }
    }
  }
  return null
}

/** Where a group can be after one operation in one generation; a group that did not exist is Dead. */
const nextStates: Record<GroupState, readonly GroupState[]> = {
  Dead: ['Empty', 'PreparingRebalance'],
  Empty: ['Empty', 'PreparingRebalance'],
  PreparingRebalance: ['PreparingRebalance'],
  CompletingRebalance: ['CompletingRebalance', 'Stable', 'PreparingRebalance'],
  Stable: ['Stable', 'PreparingRebalance'],
}

function flawOf(group: GroupObservation): string | null {
  const { state, members, leader, protocolName } = group
  if (state === 'Dead') return 'yet there'
  if ((state === 'Empty') !== (members.length === 0) && state !== 'PreparingRebalance') {
    return `has ${members.length} members`
  }
  if (members.some(({ awaitingJoin }) => awaitingJoin) && state !== 'PreparingRebalance') return 'has a waiting join'
  if (members.some(({ awaitingSync }) => awaitingSync) && state !== 'CompletingRebalance') return 'has a waiting sync'
  if (!hasGeneration(state)) return null
  if (protocolName === null) return 'has no protocol'
  return members.some(({ memberId }) => memberId === leader) ? null : `has the leader ${leader}, who is no member`
}

/** Whether the group's generation, leader and protocol are decided. */
function hasGeneration(state: GroupState): boolean {
  return state === 'CompletingRebalance' || state === 'Stable'
}

type Decided = Pick<GroupObservation, 'leader' | 'protocolName'>

function agree(a: Decided | Extract<GroupResponse, { kind: 'JoinGroupResponse' }>, b: Decided): boolean {
  return a.leader === b.leader && a.protocolName === b.protocolName
}

function disagreement(groupId: string, generationId: number): Violation {
  return { claim: 'G1', sentence: `members disagree on leader or protocol of ${groupId} in generation ${generationId}` }
}
