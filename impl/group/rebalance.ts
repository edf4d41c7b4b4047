// How a group gets from one generation to the next, and what runs out on the way. Follows `GroupCoordinator.scala`
// (`prepareRebalance`, `onCompleteJoin`, `onExpireJoin`, `onExpireHeartbeat`); groups.md §3, §6.
// The model's initial delay is 0, and so is ours unless `initialRebalanceDelayMs` is set (groups.md §8.5).
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import { byText } from '../order.ts'
import { type Effects, ignoreResult } from './effects.ts'
import { type Group, type InitialDelay, isWaiting, type Member, type Phase } from './group.ts'
import { groupRecord } from './records.ts'
import { joined, joinedMembers, joinRefused, noBytes, syncRefused } from './responses.ts'
import { rules } from './states.ts'
import { topicsOfGeneration } from './subscribed-topics.ts'

type Preparing = Phase & { readonly kind: 'PreparingRebalance' }

/** Asks everybody to join again, unless that was done already, and looks whether all have. */
export function prepareRebalance(effects: Effects, group: Group): void {
  const before = group.phase.kind
  if (before === 'Empty') {
    beginInitialRebalance(effects, group)
    return
  }
  if (before !== 'PreparingRebalance') {
    // Nobody has to join again; who was only handed out an id may still come.
    if (group.size === 0) {
      completeJoin(effects, group)
      return
    }
    answerSyncs(effects, group, 'REBALANCE_IN_PROGRESS')
    if (before === 'CompletingRebalance') for (const member of group.members) member.assignment = noBytes
    const deadline = effects.now() + group.largestRebalanceTimeoutMs()
    group.enter({ kind: 'PreparingRebalance', deadline, initialDelay: null })
  }
  lookWhetherAllHaveJoined(effects, group)
}

/** Completes the join when every member waits for it and no member id is on its way. */
export function lookWhetherAllHaveJoined(effects: Effects, group: Group): void {
  if (group.phase.kind !== 'PreparingRebalance' || group.phase.initialDelay !== null) return
  if (group.waitingJoins === group.size && group.pendingSize === 0) completeJoin(effects, group)
}

/** Answers every waiting sync with an error, in member order. */
export function answerSyncs(effects: Effects, group: Group, error: ErrorName): void {
  if (group.waitingSyncs === 0) return
  for (const member of group.members) {
    const sync = group.takeSync(member)
    if (sync !== null) effects.respond(sync.requester, syncRefused(group.groupId, sync.correlationId, error))
  }
}

/** Takes a member out, and tells it so if it waits; what follows is `memberRemoved`. */
export function removeMember(effects: Effects, group: Group, member: Member): void {
  const { groupId } = group
  const join = group.takeJoin(member)
  if (join !== null) {
    effects.respond(join.requester, joinRefused(groupId, join.correlationId, join.memberId, 'UNKNOWN_MEMBER_ID'))
  }
  const sync = group.takeSync(member)
  if (sync !== null) {
    effects.respond(sync.requester, syncRefused(groupId, sync.correlationId, 'UNKNOWN_MEMBER_ID'))
  }
  group.remove(member)
}

/** What the others do after a member has gone. */
export function memberRemoved(effects: Effects, group: Group): void {
  switch (rules[group.state].LeaveGroup) {
    case 'nothing':
      return
    case 'prepareRebalance':
      prepareRebalance(effects, group)
      return
    case 'lookWhetherAllHaveJoined':
      lookWhetherAllHaveJoined(effects, group)
      return
  }
}

/** The timers of one group, in order: pending members, the rebalance, sessions. */
export function runTimers(effects: Effects, group: Group): void {
  const now = effects.now()
  if (group.dropPending(now)) lookWhetherAllHaveJoined(effects, group)
  const { phase } = group
  if (phase.kind === 'PreparingRebalance' && now >= phase.deadline) {
    if (phase.initialDelay === null) joinTimedOut(effects, group, phase)
    else delayIsOver(effects, group, phase, phase.initialDelay)
  }
  if (phase.kind === 'CompletingRebalance' && now >= phase.deadline) syncTimedOut(effects, group)
  while (expireSessions(effects, group)) {
    // Answers to waiting syncs left members behind that can run out of session as well.
  }
}

/** An Empty group waits for more members than its first, if it is told to, and never for one that was only handed out an id. */
function beginInitialRebalance(effects: Effects, group: Group): void {
  const { initialRebalanceDelayMs: delayMs = 0 } = effects.config
  if (delayMs <= 0) {
    completeJoin(effects, group)
    return
  }
  const remainingMs = Math.max(0, group.largestRebalanceTimeoutMs() - delayMs)
  const initialDelay = { remainingMs, hasNewMember: false }
  group.enter({ kind: 'PreparingRebalance', deadline: effects.now() + delayMs, initialDelay })
}

/** It begins once more while members keep coming, for no longer than a rebalance may take. */
function delayIsOver(effects: Effects, group: Group, phase: Preparing, delay: InitialDelay): void {
  const { initialRebalanceDelayMs = 0 } = effects.config
  const moreMs = Math.min(initialRebalanceDelayMs, delay.remainingMs)
  if (!delay.hasNewMember || moreMs === 0) {
    completeJoin(effects, group)
    return
  }
  delay.hasNewMember = false
  delay.remainingMs -= moreMs
  group.extend(phase, effects.now() + moreMs)
}

function completeJoin(effects: Effects, group: Group): void {
  const now = effects.now()
  group.generationId++
  if (group.size === 0) {
    group.protocolName = null
    group.leader = null
    group.subscribedTopics = topicsOfGeneration(group)
    group.enter({ kind: 'Empty', since: now })
    effects.write(group, [groupRecord(group, now)], ignoreResult)
    return
  }
  group.protocolName = electProtocol(group)
  group.subscribedTopics = topicsOfGeneration(group)
  group.leader = electLeader(group)
  const deadline = now + group.largestRebalanceTimeoutMs()
  group.enter({ kind: 'CompletingRebalance', deadline, assignmentWritten: false })
  const members = joinedMembers(group)
  for (const member of group.members) {
    group.renewSession(member, now)
    const join = group.takeJoin(member)
    if (join === null) continue
    const told = member.memberId === group.leader ? members : []
    effects.respond(join.requester, joined(group, member, join.correlationId, told))
  }
}

/** The leader stays if it has joined; else the first member that has. */
function electLeader(group: Group): string {
  if (group.leader !== null && group.member(group.leader)?.waitingJoin) return group.leader
  for (const { memberId, waitingJoin } of group.members) if (waitingJoin !== null) return memberId
  throw new Error(`a join of group ${group.groupId} completed although nobody has joined`)
}

/** Each member votes for the first protocol of its list that all offer; ties go to the smaller name. */
export function electProtocol(group: Group): string {
  const votes = new Map<string, number>()
  for (const { protocols } of group.members) {
    const vote = protocols.find(({ name }) => group.isOfferedByAll(name))
    if (vote !== undefined) votes.set(vote.name, (votes.get(vote.name) ?? 0) + 1)
  }
  const [winner] = [...votes].sort(([a, forA], [b, forB]) => forB - forA || byText(a, b))
  if (winner === undefined) throw new Error(`the members of group ${group.groupId} have no protocol in common`)
  return winner[0]
}

/** Who was only handed out an id is not waited for any longer, and may still come. */
function joinTimedOut(effects: Effects, group: Group, phase: Preparing): void {
  const now = effects.now()
  for (const member of group.members) {
    if (member.waitingJoin === null && member.groupInstanceId === null) group.remove(member)
  }
  if (group.waitingJoins === 0 && group.size > 0) group.extend(phase, now + group.largestRebalanceTimeoutMs())
  else completeJoin(effects, group)
}

function syncTimedOut(effects: Effects, group: Group): void {
  for (const member of group.members) if (member.waitingSync === null) group.remove(member)
  prepareRebalance(effects, group)
}

/** Removes members in order; stops, and answers true, when a removal changed who is waiting. */
function expireSessions(effects: Effects, group: Group): boolean {
  const now = effects.now()
  for (const member of group.members) {
    if (now < member.sessionDeadline || isWaiting(member)) continue
    const { phase } = group
    removeMember(effects, group, member)
    memberRemoved(effects, group)
    if (group.phase !== phase) return true
  }
  return false
}
