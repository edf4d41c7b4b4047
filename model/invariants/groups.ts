// Claims about groups in a cluster: G1. G2 to G5 are looked at where the coordinator stands alone (model/group).
import type { Violation } from '../vocabulary/claims.ts'
import type { ClusterTransition, History } from './history.ts'
import { isSame } from './views.ts'

/**
 * G1: in one generation each partition has one owner at most. Two owners process every record twice, and commit over
 * each other. Only members count that the group's coordinator has in that generation too.
 */
export function oneOwner(history: History, transition: ClusterTransition): Violation | null {
  if (isSame(transition, 'consumers') && isSame(transition, 'brokers')) return null
  const { brokers, consumers } = transition.after
  const groups = Object.values(brokers).flatMap(broker => (broker.status === 'down' ? [] : broker.groups))
  const owners = new Map<string, string>()
  for (const [name, consumer] of Object.entries(consumers)) {
    const groupId = history.consumers.find(entry => entry.consumer === name)?.groupId
    if (groupId === undefined || groupId === null || consumer.membership !== 'stable' || !consumer.open) continue
    const isKnown = groups.some(
      group =>
        group.groupId === groupId &&
        group.generationId === consumer.generationId &&
        group.members.some(member => member.memberId === consumer.memberId),
    )
    if (!isKnown) continue
    for (const { topic, partition } of consumer.positions) {
      const key = `${groupId} ${consumer.generationId} ${topic}/${partition}`
      const other = owners.get(key)
      if (other !== undefined) {
        return {
          claim: 'G1',
          sentence: `${other} and ${name} both own ${topic}/${partition} in generation ${consumer.generationId} of group ${groupId}`,
        }
      }
      owners.set(key, name)
    }
  }
  return null
}
