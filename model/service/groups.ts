// What a group's coordinator answers to its members. The coordinator is the model's own, and its writes are replicated at
// once; what is open is who leads when the leader has left, which of several protocols wins that have equally many votes,
// and whether a rebalance that nobody has to join is over by the time that somebody asks.
import { completeWrite, handleGroupRequest, tickCoordinator } from '../group/coordinator.ts'
import { prepareRebalance } from '../group/rebalance.ts'
import { type CoordinatorStep, findGroup, findMember } from '../group/state.ts'
import type { GroupRequest, GroupResponse } from '../vocabulary/messages.ts'
import type { ServiceMember, ServiceOperation, ServiceOutcome } from '../vocabulary/service.ts'
import { isOver, whileLingering } from './lingering.ts'
import { named, toldTo } from './names.ts'

import { openChoices } from './open-choices.ts'
import {
  type Alternative,
  answered,
  findPartition,
  versionOf,
  type World,
  withCoordinator,
  withGroup,
  withSeen,
} from './world.ts'

type Of<K extends ServiceOperation['kind']> = Extract<ServiceOperation, { readonly kind: K }>
export type Told = { readonly client: string; readonly response: GroupResponse }

const rebalanceTimeoutMs = 60_000
/** `group.min.session.timeout.ms` is six seconds. */
const sessionTimeoutsMs = { long: 60_000, short: 6_000 }

/** Who: a client that wants to be a member, or a member whose group rebalances. Then: it waits for the others, or not. */
export function join(world: World, operation: Of<'join'>): readonly Alternative[] {
  const { session, protocols } = operation
  return ask(world, operation, {
    ...by(world, operation),
    kind: 'JoinGroup',
    sessionTimeoutMs: sessionTimeoutsMs[session],
    rebalanceTimeoutMs,
    protocols: protocols.map(({ name, topics }) => ({ name, topics, owned: [], generationId: -1 })),
  })
}

/** Who: a member that joined. Then: the leader's assignments reach everybody; the others wait for them. */
export function sync(world: World, operation: Of<'sync'>): readonly Alternative[] {
  const assignments = operation.assignments
    .map(({ memberId, partitions }) => ({ memberId: named(world, memberId), partitions }))
    .sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
  return ask(world, operation, {
    ...by(world, operation),
    kind: 'SyncGroup',
    generationId: operation.generationId,
    assignments,
  })
}

/** Who: a member. Then: it is told whether its generation is still the group's. */
export function heartbeat(world: World, operation: Of<'heartbeat'>): readonly Alternative[] {
  return ask(world, operation, { ...by(world, operation), kind: 'Heartbeat', generationId: operation.generationId })
}

/**
 * Who: a member that goes. Then: the others rebalance. When it was only told a member id so far nobody has to notice; but Kafka
 * has everybody rebalance then, too, since 4.0 (`classicGroupLeaveToClassicGroup`), and nothing forbids a rebalance. A sync of
 * its own that still waits is answered that there is no such member, or (in Kafka) never.
 */
export function leave(world: World, operation: Of<'leave'>): readonly Alternative[] {
  const request = { ...by(world, operation), kind: 'LeaveGroup' } as const
  const { phase, pending } = findGroup(world.coordinator, operation.group)
  const wasPending = pending.some(({ memberId }) => memberId === request.memberId)
  const isSettled = phase.state === 'Stable' || phase.state === 'CompletingRebalance'
  const answered = ask(world, operation, request)
  const usual = [...answered, ...answered.flatMap(withoutItsSync)]
  return wasPending && isSettled ? [...usual, ...leaveWithRebalance(world, operation, request)] : usual
}

function withoutItsSync({ outcome, world }: Alternative): readonly Alternative[] {
  if (outcome.kind !== 'answers') return []
  const answers = outcome.answers.filter(answer => answer.to !== 'sync' || answer.error !== 'UNKNOWN_MEMBER_ID')
  return answers.length === outcome.answers.length ? [] : [{ outcome: { kind: 'answers', answers }, world }]
}

function leaveWithRebalance(
  world: World,
  { client, group }: ServiceMember,
  request: GroupRequest,
): readonly Alternative[] {
  const requester = { endpoint: client, connection: 0 }
  const left = carriedOut(handleGroupRequest(world.coordinator, world.now, requester, request), world.now)
  const after = withCoordinator(world, left.coordinator)
  const rebalance = prepareRebalance(findGroup(left.coordinator, group), world.now)
  const told = rebalance.actions.flatMap(action =>
    action.kind === 'respond' ? [{ client: action.requester.endpoint, response: action.response }] : [],
  )
  return alternatives(withGroup(after, rebalance.group), world, group, [...left.told, ...told])
}

/**
 * Who: a member, or (with a generation below 0) whoever commits to a group that is empty or not there yet.
 * When: the partition exists, and the member is of the current generation.
 * Then: the offset is the group's from now on.
 */
export function commit(world: World, operation: Of<'commit'>): readonly Alternative[] {
  const { topic, partition, offset, metadata, client, generationId } = operation
  if (findPartition(world, topic, partition) === null) {
    const errors = ['UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_ID']
    return errors.map(error => ({ outcome: { kind: 'answers', answers: [{ to: 'commit', client, error }] }, world }))
  }
  // Before version 7 a commit does not say which instance it is of.
  if (operation.groupInstanceId !== null && versionOf(world, 'OffsetCommit') < 7)
    return answered(world, { kind: 'nothing' })
  const isUnknown = findGroup(world.coordinator, operation.group).phase.state === 'Dead'
  if (isUnknown && generationId >= 0) {
    const error = versionOf(world, 'OffsetCommit') >= 9 ? 'GROUP_ID_NOT_FOUND' : 'ILLEGAL_GENERATION'
    return answered(world, { kind: 'answers', answers: [{ to: 'commit', client, error }] })
  }
  const offsets = [{ topic, partition, offset, leaderEpoch: -1, metadata }]
  // A new offset of a partition that was made again is no leftover of the old one.
  const doomed = world.doomed.filter(
    known => known.group !== operation.group || known.topic !== topic || known.partition !== partition,
  )
  const isTaken = (outcome: ServiceOutcome): boolean =>
    outcome.kind === 'answers' && outcome.answers.some(answer => answer.to === 'commit' && answer.error === 'NONE')
  return ask(world, operation, { ...by(world, operation), kind: 'OffsetCommit', generationId, offsets }).map(
    ({ outcome, world: after }) => ({
      outcome,
      world: isTaken(outcome) ? { ...after, doomed } : after,
    }),
  )
}

/** Who: a member with a short session that says nothing. Then: after its session the coordinator gives it up. */
export function lapse(world: World, { group, memberId }: Of<'lapse'>): readonly Alternative[] {
  const id = named(world, memberId)
  if (findMember(findGroup(world.coordinator, group), id) === null) return answered(world, noAnswers)
  const now = world.now + sessionTimeoutsMs.short + 1
  const expired = carriedOut(tickCoordinator(world.coordinator, now), now)
  const isThere = findMember(findGroup(expired.coordinator, group), id) !== null
  if (isThere) return answered(world, { kind: 'error', error: 'still a member' })
  return alternatives(withCoordinator({ ...world, now }, expired.coordinator), world, group, expired.told)
}

/** Asks the coordinator as a client, and gives all that is answered then to anybody. */
function ask(world: World, { client, group }: ServiceMember, request: GroupRequest): readonly Alternative[] {
  const requester = { endpoint: client, connection: 0 }
  const step = carriedOut(handleGroupRequest(world.coordinator, world.now, requester, request), world.now)
  const asked = findGroup(step.coordinator, group)
  if (asked.members.length === 0 || !isOver(asked, world.now)) {
    return alternatives(withCoordinator(world, step.coordinator), world, group, step.told)
  }
  // Whoever comes into a rebalance that lingers is answered when it is over.
  const later = carriedOut(tickCoordinator(step.coordinator, world.now), world.now)
  return alternatives(withCoordinator(world, later.coordinator), world, group, [...step.told, ...later.told])
}

/** What all requests of a member say of it. */
function by(
  world: World,
  { group, memberId, groupInstanceId }: ServiceMember,
): Pick<GroupRequest, 'correlationId' | 'groupId'> & Pick<ServiceMember, 'memberId' | 'groupInstanceId'> {
  return { correlationId: 0, groupId: group, memberId: named(world, memberId), groupInstanceId }
}

/** What is left open is tried each way; then everybody's answers are put into the client's words. */
function alternatives(stepped: World, before: World, groupId: string, told: readonly Told[]): readonly Alternative[] {
  const former = findGroup(before.coordinator, groupId)
  // What such an answer waits for is in the log, on all replicas in sync.
  const isWritten = told.some(
    ({ response }) =>
      (response.kind === 'OffsetCommitResponse' || response.kind === 'SyncGroupResponse') && response.error === 'NONE',
  )
  const after = isWritten ? withSeen(stepped, groupId) : stepped
  return openChoices(after, former, groupId, told).flatMap(choice => {
    const { outcome, world } = toldTo(choice.world, former, choice.told)
    return whileLingering(world, former).map(possible => ({ outcome, world: possible }))
  })
}

const noAnswers = { kind: 'answers', answers: [] } as const

type CarriedOut = { readonly coordinator: World['coordinator']; readonly told: readonly Told[] }

/** A step with its writes replicated, and what that brings. */
function carriedOut(first: CoordinatorStep, now: number): CarriedOut {
  const told: Told[] = []
  let { state } = first
  let effects = first.effects
  for (;;) {
    const [effect, ...later] = effects
    if (effect === undefined) return { coordinator: state, told }
    effects = later
    if (effect.kind === 'respond') {
      told.push({ client: effect.requester.endpoint, response: effect.response })
      continue
    }
    const written = completeWrite(state, now, effect.writeId, 'NONE')
    state = written.state
    effects = [...later, ...written.effects]
  }
}
