// What a consumer asks when it may: metadata, its coordinator, a place in its group, and where to begin. Follows
// AbstractCoordinator.ensureActiveGroup, ConsumerCoordinator.poll and Fetcher.resetOffsetsIfNeeded.
import { brokerToAsk, findLeader } from '../producer/metadata.ts'
import type { ConsumerSession } from '../vocabulary/clients.ts'
import type { JoinProtocol } from '../vocabulary/messages.ts'
import { after, ask, type ConsumerState, type ConsumerStep, isAwaited, quiet } from './state.ts'

/**
 * Who: a consumer, after it was opened, after every answer, and when its retry time is due; not before that.
 * Then: it asks for all that it needs and has not asked for: first metadata, then its place in the group, then positions;
 * and for metadata again when a position showed that a leader is not known.
 */
export function proceed(state: ConsumerState): ConsumerStep {
  const { session, retryAt, now } = state
  if (session === null || (retryAt !== null && now < retryAt)) return quiet(state)
  const asked = after(askForMetadata(state), next => seekGroup(next, session))
  // Looking for positions may show that the metadata are not good enough.
  return after(
    after(asked, next => seekPositions(next, session)),
    askForMetadata,
  )
}

function askForMetadata(state: ConsumerState): ConsumerStep {
  const isNeeded = state.metadata.length === 0 || state.needsMetadata
  if (!isNeeded || isAwaited(state, 'Metadata')) return quiet(state)
  return ask(state, brokerToAsk(state.failedAttempts, state.brokers), correlationId => ({
    kind: 'Metadata',
    correlationId,
  }))
}

/** A member needs a coordinator; who is no member yet, or no more, joins, once it can tell what there is to consume. */
function seekGroup(state: ConsumerState, session: ConsumerSession): ConsumerStep {
  const { groupId } = session
  if (groupId === null || state.membership === 'none' || state.membership === 'fenced') return quiet(state)
  if (state.coordinator === -1) {
    if (isAwaited(state, 'FindCoordinator')) return quiet(state)
    return ask(state, brokerToAsk(state.failedAttempts, state.brokers), correlationId => ({
      kind: 'FindCoordinator',
      correlationId,
      groupId,
    }))
  }
  const mayJoin = state.membership === 'unjoined' && state.metadata.length > 0 && !isAwaited(state, 'JoinGroup')
  return mayJoin ? joinGroup(state, session, groupId) : quiet(state)
}

/**
 * Who: a consumer that is not in its group's present generation.
 * Then: it offers its assignors. An eager one wants everything given up first, so that nobody reads what another will be
 * given; cooperative ones go on until the assignment says otherwise (KIP-429).
 * Source: `ConsumerCoordinator.onJoinPrepare`, `AbstractCoordinator.sendJoinGroupRequest`.
 */
function joinGroup(state: ConsumerState, session: ConsumerSession, groupId: string): ConsumerStep {
  const { memberId } = state
  const { groupInstanceId } = session
  const protocols = session.assignors.map(name => offer(state, session, name))
  const isEager = session.assignors.some(name => name !== 'cooperative-sticky')
  const joining: ConsumerState = { ...state, membership: 'joining', positions: isEager ? [] : state.positions }
  return ask(joining, state.coordinator, correlationId => ({
    kind: 'JoinGroup',
    correlationId,
    groupId,
    memberId,
    groupInstanceId,
    sessionTimeoutMs: state.config.sessionTimeoutMs,
    rebalanceTimeoutMs: state.config.rebalanceTimeoutMs,
    protocols,
  }))
}

/** Sticky assignors are told what the member owns, and since when; the others do not want to know. */
function offer(state: ConsumerState, session: ConsumerSession, name: JoinProtocol['name']): JoinProtocol {
  const topics = [...session.topics].sort()
  if (name !== 'sticky' && name !== 'cooperative-sticky') return { name, topics, owned: [], generationId: -1 }
  const owned = state.positions.map(({ topic, partition }) => ({ topic, partition }))
  return { name, topics, owned, generationId: state.generationId }
}

/**
 * Who: a consumer with partitions that it does not know where to read.
 * Then: a group's consumer asks for the committed offsets, once for each assignment; what has none, and what was out of
 * range, begins where the session says: at the earliest record or at the end.
 * Source: `ConsumerCoordinator.initWithCommittedOffsetsIfNeeded`, `OffsetFetcher.resetPositionsIfNeeded`.
 */
function seekPositions(state: ConsumerState, session: ConsumerSession): ConsumerStep {
  if (state.membership !== 'stable' && state.membership !== 'none') return quiet(state)
  const { groupId } = session
  const isTold = groupId === null || state.committedOffsets === 'told'
  const unknown = state.positions.filter(({ offset }) => offset === -1)
  const uncertain = isTold ? [] : unknown.filter(({ isOutOfRange }) => !isOutOfRange)
  let step = quiet(state)
  const mayAsk = state.committedOffsets === 'unasked' && state.coordinator !== -1 && !isAwaited(state, 'OffsetFetch')
  if (groupId !== null && uncertain.length > 0 && mayAsk) {
    const partitions = uncertain.map(({ topic, partition }) => ({ topic, partition }))
    step = ask({ ...state, committedOffsets: 'asked' }, state.coordinator, correlationId => ({
      kind: 'OffsetFetch',
      correlationId,
      groupId,
      partitions,
    }))
  }
  for (const position of unknown) {
    if (!uncertain.includes(position)) step = after(step, next => askForReset(next, session, position))
  }
  return step
}

function askForReset(
  state: ConsumerState,
  { reset }: ConsumerSession,
  { topic, partition }: ConsumerState['positions'][number],
): ConsumerStep {
  if (isAwaited(state, 'ListOffsets', { topic, partition })) return quiet(state)
  const known = findLeader(state.metadata, { topic, partition })
  if (known === null) return quiet(state.needsMetadata ? state : { ...state, needsMetadata: true })
  return ask(state, known.leader, correlationId => ({
    kind: 'ListOffsets',
    correlationId,
    topic,
    partition,
    currentLeaderEpoch: known.leaderEpoch,
    timestamp: reset === 'earliest' ? -2 : -1,
  }))
}
