// How a group changes its generation: everybody joins again, then the leader assigns. Follows
// GroupCoordinator.prepareRebalance, onCompleteJoin and onExpirePendingSync, with group.initial.rebalance.delay.ms = 0.
import type { AssignorName } from '../vocabulary/choosing.ts'
import type { GenerationId, Milliseconds } from '../vocabulary/units.ts'
import { joined, synced } from './answers.ts'
import { groupRecord } from './records.ts'
import { andThen, type Group, type GroupStep, renewed, step, withoutMembers } from './state.ts'

/**
 * Who: a group of which a member came, went or changed.
 * Then: where nobody was a member before, or nobody is any more, nobody has to join again, and the join completes at once:
 * who was only promised a member id is not waited for, and may still come. Otherwise: from now on members have until the
 * largest rebalance time-out to join again. Syncs that wait are told so; the assignments of a generation that was not
 * complete yet are void. A group that prepares already only looks whether all have joined.
 * Source: `GroupMetadataManager.prepareRebalance`, `tryCompleteInitialRebalanceElseSchedule`,
 * `maybeCompleteJoinElseSchedule`.
 */
export function prepareRebalance(group: Group, now: Milliseconds): GroupStep {
  if (group.phase.state === 'PreparingRebalance') return completeWhenAllJoined(group, now)
  if (group.phase.state === 'Empty' || group.members.length === 0) return completeJoin(group, now)
  const interrupted = group.members.flatMap(({ waitingSync }) =>
    waitingSync === null ? [] : [synced(group.groupId, waitingSync, 'REBALANCE_IN_PROGRESS', [])],
  )
  const members =
    group.phase.state === 'CompletingRebalance'
      ? group.members.map(member => ({ ...member, waitingSync: null, assignment: [] }))
      : group.members
  const preparing: Group = {
    ...group,
    phase: { state: 'PreparingRebalance', deadline: now + longestRebalance(group) },
    members,
  }
  return andThen(step(preparing, ...interrupted), next => completeWhenAllJoined(next, now))
}

/**
 * Who: a group that prepares a rebalance; any other is left alone.
 * When: every member waits to join and no member id is promised to somebody who has not come yet.
 * Then: the join completes. A group without members completes at once, and is Empty.
 * Source: `DelayedJoin.tryComplete`, `GroupCoordinator.hasAllMembersJoined`.
 */
export function completeWhenAllJoined(group: Group, now: Milliseconds): GroupStep {
  if (group.phase.state !== 'PreparingRebalance' || group.pending.length > 0) return step(group)
  return group.members.every(({ waitingJoin }) => waitingJoin !== null) ? completeJoin(group, now) : step(group)
}

/**
 * Who: a group whose rebalance deadline is reached.
 * Then: preparing: who did not come back is out, except static members (KIP-345), who may take their session time-out;
 * when only such members are left the group waits once more. Who was promised a member id is not waited for, and may still
 * come. Completing: who did not sync is out, static or not.
 * Source: `GroupMetadataManager.completeClassicGroupJoin`, `expirePendingSync`.
 */
export function rebalanceTimedOut(group: Group, now: Milliseconds): GroupStep {
  switch (group.phase.state) {
    case 'PreparingRebalance': {
      const left = withoutMembers(group, member => member.waitingJoin === null && member.groupInstanceId === null)
      if (left.members.length > 0 && left.members.every(({ waitingJoin }) => waitingJoin === null)) {
        return step({ ...left, phase: { state: 'PreparingRebalance', deadline: now + longestRebalance(left) } })
      }
      return completeJoin(left, now)
    }
    case 'CompletingRebalance':
      return prepareRebalance(
        withoutMembers(group, ({ waitingSync }) => waitingSync === null),
        now,
      )
    default:
      return step(group)
  }
}

/**
 * Who: a group whose members have joined, or ran out of time to.
 * Then: the generation rises by one. Nobody left: the group is Empty, which is written. Else the members choose the
 * protocol, everybody who waits is answered, the leader with all members, and the leader's assignment is awaited. The
 * leader stays unless it is gone or did not come back.
 * Source: `GroupCoordinator.onCompleteJoin`, `GroupMetadata.initNextGeneration`, `maybeElectNewJoinedLeader`.
 */
function completeJoin(group: Group, now: Milliseconds): GroupStep {
  const generationId: GenerationId = group.generationId + 1
  if (group.members.length === 0) {
    const empty: Group = {
      ...group,
      phase: { state: 'Empty', since: now },
      generationId,
      protocolName: null,
      leader: null,
    }
    return step(empty, { kind: 'write', purpose: null, records: [groupRecord(empty, now)] })
  }
  const next: Group = {
    ...group,
    phase: { state: 'CompletingRebalance', deadline: now + longestRebalance(group), assigning: false },
    generationId,
    protocolName: chooseProtocol(group.members),
    leader: joinedLeader(group),
    members: group.members.map(member => renewed({ ...member, waitingJoin: null }, now)),
  }
  const answers = group.members.flatMap(member =>
    member.waitingJoin === null ? [] : [joined(next, member, member.waitingJoin, member.memberId === next.leader)],
  )
  return step(next, ...answers)
}

/** The leader if it waits to join, else the first member that does. */
function joinedLeader(group: Group): string | null {
  const waiting = group.members.filter(({ waitingJoin }) => waitingJoin !== null).map(({ memberId }) => memberId)
  return waiting.find(memberId => memberId === group.leader) ?? waiting[0] ?? null
}

type Offer = { readonly protocols: readonly { readonly name: AssignorName }[] }

/**
 * The protocol of the next generation: each member votes for the one it likes most of those that all offer; the most
 * votes win, and of equals the smaller name. Source: `GroupMetadata.selectProtocol`.
 *
 * [range, sticky] and [sticky, range]: one vote each, so range.
 */
export function chooseProtocol(members: readonly Offer[]): AssignorName | null {
  const votes = members.flatMap(({ protocols }) =>
    protocols
      .map(({ name }) => name)
      .filter(name => members.every(member => member.protocols.some(protocol => protocol.name === name)))
      .slice(0, 1),
  )
  let chosen: AssignorName | null = null
  let most = 0
  for (const name of [...new Set(votes)].sort()) {
    const count = votes.filter(vote => vote === name).length
    if (count <= most) continue
    chosen = name
    most = count
  }
  return chosen
}

/** The largest rebalance time-out of the members, 0 without any. */
function longestRebalance(group: Group): Milliseconds {
  return Math.max(0, ...group.members.map(({ rebalanceTimeoutMs }) => rebalanceTimeoutMs))
}
