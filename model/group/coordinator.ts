// One broker's group coordinator: requests, time and completed writes go in; answers and writes come out, in order.
// Follows GroupCoordinator.scala and GroupMetadataManager.scala (the classic protocol; KIP-62, 134, 211, 345, 394).
import { unreachable } from '../unreachable.ts'
import type { ErrorName } from '../vocabulary/errors.ts'
import type { GroupConfig, GroupLogRecord } from '../vocabulary/groups.ts'
import type { GroupRequest } from '../vocabulary/messages.ts'
import type { BrokerId, Milliseconds } from '../vocabulary/units.ts'
import { waitersFailed } from './answers.ts'
import { joinGroup } from './join.ts'
import { assignmentsWritten, inGeneration, leaveGroup } from './members.ts'
import { commitOffsets, expireOffsets } from './offsets.ts'
import { readGroups } from './records.ts'
import { groupRules } from './rules.ts'
import {
  type CoordinatorEffect,
  type CoordinatorState,
  type CoordinatorStep,
  createdGroup,
  findGroup,
  findMember,
  type Group,
  type GroupAction,
  type GroupStep,
  isPending,
  type Requester,
  step,
  type WritePurpose,
} from './state.ts'
import { withOffset } from './stored.ts'
import { groupTimers } from './timers.ts'

/** A coordinator without groups. `brokerId` and `epoch` go into the member ids that it makes. */
export function initialCoordinator(
  config: GroupConfig,
  brokerId: BrokerId,
  epoch: number,
  now: Milliseconds,
): CoordinatorState {
  return {
    config,
    brokerId,
    epoch,
    memberIdsMade: 0,
    nextWriteId: 0,
    nextExpiryCheckAt: now + config.offsetsRetentionCheckIntervalMs,
    groups: [],
    writes: [],
  }
}

/** Who: a coordinator that takes over. Then: it knows the groups that `records`, oldest first, tell of. */
export function loadCoordinator(
  config: GroupConfig,
  brokerId: BrokerId,
  epoch: number,
  now: Milliseconds,
  records: readonly GroupLogRecord[],
): CoordinatorState {
  return { ...initialCoordinator(config, brokerId, epoch, now), groups: readGroups(records, now) }
}

/**
 * Who: a coordinator that has lost its partition.
 * Then: whoever waits is told to look for the new coordinator: groups ascending, members in order, then outstanding
 * commits in order. Everything is forgotten; writes that complete later mean nothing.
 * Source: `GroupCoordinator.onGroupUnloaded`.
 */
export function unloadCoordinator(state: CoordinatorState): CoordinatorStep {
  const waiters = state.groups.flatMap(({ groupId, members }) =>
    members.flatMap(member => waitersFailed(groupId, member, 'NOT_COORDINATOR')),
  )
  const commits = state.writes.flatMap(({ purpose }) =>
    purpose.kind === 'commit' ? [committed(purpose, 'NOT_COORDINATOR')] : [],
  )
  const isKnown = state.groups.length > 0 || state.writes.length > 0
  return carryOut(isKnown ? { ...state, groups: [], writes: [] } : state, [...waiters, ...commits])
}

/** Answers a request, now or later. */
export function handleGroupRequest(
  state: CoordinatorState,
  now: Milliseconds,
  requester: Requester,
  request: GroupRequest,
): CoordinatorStep {
  const freshMemberId = `${requester.endpoint}-${state.brokerId}.${state.epoch}.${state.memberIdsMade + 1}`
  const answered = answer(state, now, requester, request, freshMemberId)
  const isTaken = findMember(answered.group, freshMemberId) !== null || isPending(answered.group, freshMemberId)
  return follow(isTaken ? { ...state, memberIdsMade: state.memberIdsMade + 1 } : state, answered)
}

/**
 * Who: a coordinator whose clock moved.
 * Then: each group's due timers fire, groups ascending; then, when it is time, old offsets are looked for.
 */
export function tickCoordinator(state: CoordinatorState, now: Milliseconds): CoordinatorStep {
  const timed = eachGroup(state, group => groupTimers(group, now))
  if (now < timed.state.nextExpiryCheckAt) return timed
  const { config, writes } = timed.state
  const expired = eachGroup(timed.state, group =>
    expireOffsets(
      group,
      config.offsetsRetentionMs,
      writes.some(({ purpose }) => purpose.kind === 'commit' && purpose.groupId === group.groupId),
      now,
    ),
  )
  const nextExpiryCheckAt = now + config.offsetsRetentionCheckIntervalMs
  return { state: { ...expired.state, nextExpiryCheckAt }, effects: [...timed.effects, ...expired.effects] }
}

/**
 * Who: the log, which has replicated a write (`NONE`) or has failed to.
 * Then: what the write was for goes on. A write that nobody remembers changes nothing.
 */
export function completeWrite(
  state: CoordinatorState,
  now: Milliseconds,
  writeId: number,
  error: ErrorName,
): CoordinatorStep {
  const write = state.writes.find(candidate => candidate.writeId === writeId)
  if (write === undefined) return { state, effects: [] }
  const others = { ...state, writes: state.writes.filter(candidate => candidate !== write) }
  const group = findGroup(state, write.purpose.groupId)
  return follow(others, written(group, write.purpose, groupError(error), now))
}

/** What a client is told of an error of the coordinator's log. Source: `GroupMetadataManager.storeGroup`. */
function groupError(error: ErrorName): ErrorName {
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

function answer(
  state: CoordinatorState,
  now: Milliseconds,
  requester: Requester,
  request: GroupRequest,
  freshMemberId: string,
): GroupStep {
  const group = findGroup(state, request.groupId)
  const rules = groupRules[group.phase.state]
  switch (request.kind) {
    case 'JoinGroup':
      return joinGroup({ now, requester, request, group }, { groupMaxSize: state.config.groupMaxSize, freshMemberId })
    case 'SyncGroup':
      return inGeneration({ now, requester, request, group }, rules.SyncGroup)
    case 'Heartbeat':
      return inGeneration({ now, requester, request, group }, rules.Heartbeat)
    case 'LeaveGroup':
      return leaveGroup({ now, requester, request, group }, rules.LeaveGroup)
    case 'OffsetCommit':
      return commitOffsets({ now, requester, request, group }, rules.OffsetCommit)
    case 'OffsetFetch':
      return rules.OffsetFetch({ now, requester, request, group })
    default:
      return unreachable(request)
  }
}

function written(group: Group, purpose: WritePurpose, error: ErrorName, now: Milliseconds): GroupStep {
  switch (purpose.kind) {
    case 'sync': {
      const isAwaited = group.phase.state === 'CompletingRebalance' && group.generationId === purpose.generationId
      return isAwaited ? assignmentsWritten(group, purpose.assignments, error, now) : step(group)
    }
    case 'commit': {
      if (error !== 'NONE') return step(group, committed(purpose, error))
      const present = group.phase.state === 'Dead' ? createdGroup(group.groupId, now) : group
      return step(purpose.offsets.reduce(withOffset, present), committed(purpose, 'NONE'))
    }
    default:
      return unreachable(purpose)
  }
}

function committed(
  { requester, correlationId, groupId }: Extract<WritePurpose, { kind: 'commit' }>,
  error: ErrorName,
): GroupAction {
  return { kind: 'respond', requester, response: { kind: 'OffsetCommitResponse', correlationId, error, groupId } }
}

/** One step for each group that there is now, ascending. */
function eachGroup(state: CoordinatorState, rule: (group: Group) => GroupStep): CoordinatorStep {
  let current: CoordinatorStep = { state, effects: [] }
  for (const group of state.groups) {
    const next = follow(current.state, rule(group))
    current = { state: next.state, effects: [...current.effects, ...next.effects] }
  }
  return current
}

function follow(state: CoordinatorState, { group, actions }: GroupStep): CoordinatorStep {
  return carryOut(withGroup(state, group), actions)
}

/** The coordinator with a group as it is now. Of a group that is Dead nothing is kept, so that it may begin anew. */
function withGroup(state: CoordinatorState, group: Group): CoordinatorState {
  const known = state.groups.find(({ groupId }) => groupId === group.groupId)
  if (group.phase.state === 'Dead') {
    if (known === undefined) return state
    return {
      ...state,
      groups: state.groups.filter(other => other !== known),
      writes: state.writes.filter(({ purpose }) => purpose.groupId !== group.groupId),
    }
  }
  if (known === group) return state
  const below = state.groups.filter(({ groupId }) => groupId < group.groupId)
  const above = state.groups.filter(({ groupId }) => groupId > group.groupId)
  return { ...state, groups: [...below, group, ...above] }
}

/** Gives writes their numbers, and remembers those whose completion matters. */
function carryOut(state: CoordinatorState, actions: readonly GroupAction[]): CoordinatorStep {
  let { nextWriteId } = state
  const writes = [...state.writes]
  const effects = actions.map((action): CoordinatorEffect => {
    if (action.kind === 'respond') return action
    const writeId = nextWriteId
    nextWriteId += 1
    if (action.purpose !== null) writes.push({ writeId, purpose: action.purpose })
    return { kind: 'write', writeId, records: action.records }
  })
  return { state: nextWriteId === state.nextWriteId ? state : { ...state, nextWriteId, writes }, effects }
}
