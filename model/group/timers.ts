// What time does to one group. Follows DelayedJoin, DelayedSync and DelayedHeartbeat.
import type { Milliseconds } from '../vocabulary/units.ts'
import { sessionRanOut } from './members.ts'
import { completeWhenAllJoined, rebalanceTimedOut } from './rebalance.ts'
import { andThen, type Group, type GroupStep, step } from './state.ts'

/**
 * Who: a group, at each move of the coordinator's clock.
 * Then, in this order: member ids that nobody came back with are forgotten; the rebalance deadline passes; sessions run
 * out, one at a time, because each removal may end a rebalance and so begin all sessions anew.
 */
export function groupTimers(group: Group, now: Milliseconds): GroupStep {
  return andThen(
    andThen(forgetPending(group, now), next => rebalanceDeadline(next, now)),
    next => sessions(next, now),
  )
}

function forgetPending(group: Group, now: Milliseconds): GroupStep {
  const pending = group.pending.filter(({ deadline }) => now < deadline)
  if (pending.length === group.pending.length) return step(group)
  return completeWhenAllJoined({ ...group, pending }, now)
}

function rebalanceDeadline(group: Group, now: Milliseconds): GroupStep {
  const { phase } = group
  const isRebalancing = phase.state === 'PreparingRebalance' || phase.state === 'CompletingRebalance'
  return isRebalancing && now >= phase.deadline ? rebalanceTimedOut(group, now) : step(group)
}

/** A member that waits for an answer of ours cannot be expected to speak. */
function sessions(group: Group, now: Milliseconds): GroupStep {
  const gone = group.members.find(
    ({ sessionDeadline, waitingJoin, waitingSync }) =>
      now >= sessionDeadline && waitingJoin === null && waitingSync === null,
  )
  return gone === undefined ? step(group) : andThen(sessionRanOut(group, gone, now), next => sessions(next, now))
}
