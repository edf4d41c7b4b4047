// A rebalance that nobody has to join is over at once, but Kafka's coordinator sees to it as an event of its own, and the
// next request may come before that. Follows `GroupMetadataManager.maybeCompleteJoinElseSchedule`.
import { rebalanceTimedOut } from '../group/rebalance.ts'
import type { Group } from '../group/state.ts'
import type { Milliseconds } from '../vocabulary/units.ts'
import { type World, withGroup } from './world.ts'

/**
 * Who: a group whose last member has just gone, while somebody is pending who keeps the join from completing in one go.
 * Then: it is Empty, in the first world; in the other it is about to be.
 */
export function whileLingering(world: World, former: Group): readonly World[] {
  const group = world.coordinator.groups.find(({ groupId }) => groupId === former.groupId)
  if (group === undefined || group.phase.state !== 'Empty' || group.pending.length === 0) return [world]
  const wasAtWork = former.phase.state === 'Stable' || former.phase.state === 'CompletingRebalance'
  if (!wasAtWork) return [world]
  const { generationId, protocolName } = former
  const phase = { state: 'PreparingRebalance', deadline: group.phase.since } as const
  return [world, withGroup(world, { ...group, phase, generationId, protocolName })]
}

/** The world as it is, and, where a rebalance lingers in it, as it is when that is over. */
export function afterLingering(world: World): readonly World[] {
  const groups = world.coordinator.groups.filter(group => group.members.length === 0 && isOver(group, world.now))
  if (groups.length === 0) return [world]
  const over = groups.reduce((before, group) => {
    const { phase } = group
    return phase.state === 'PreparingRebalance'
      ? withGroup(before, rebalanceTimedOut(group, phase.deadline).group)
      : before
  }, world)
  return [world, over]
}

/** Whether a group only prepares a rebalance still because nobody has looked at its clock. */
export function isOver({ phase }: Group, now: Milliseconds): boolean {
  return phase.state === 'PreparingRebalance' && phase.deadline <= now
}
