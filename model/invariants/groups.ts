// Claims about groups in a cluster: G1. G2 to G5 are looked at where the coordinator stands alone (model/group).
import { offsetsTopic } from '../controller/controller.ts'
import { groupPartition } from '../group/partition.ts'
import type { Violation } from '../vocabulary/claims.ts'
import type { ClusterObservation } from '../vocabulary/cluster.ts'
import type { GroupObservation } from '../vocabulary/groups.ts'
import type { History } from './history.ts'
import type { ClusterTransition } from './known.ts'
import { currentLeaders, isSame, partitionKey } from './views.ts'

/**
 * G1: in one generation each partition has one owner at most. Two owners process every record twice, and commit over
 * each other. Only members count that the group's present coordinator has in that generation: others may be zombies.
 */
export function oneOwner(history: History, transition: ClusterTransition): Violation | null {
  if (isSame(transition, 'consumers')) return null
  const owners = new Map<string, string>()
  for (const [name, consumer] of Object.entries(transition.after.consumers)) {
    const groupId = history.consumers.find(entry => entry.consumer === name)?.groupId
    if (groupId === undefined || groupId === null || consumer.membership !== 'stable' || !consumer.open) continue
    const group = groupAtCoordinator(transition.after, groupId)
    const isMember =
      group?.generationId === consumer.generationId &&
      group.members.some(member => member.memberId === consumer.memberId)
    if (!isMember) continue
    for (const { topic, partition } of consumer.positions) {
      const key = `${groupId} ${topic}/${partition}`
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

/** The group as its coordinator has it now. A deposed one may still tell of members that have been replaced since. */
function groupAtCoordinator(seen: ClusterObservation, groupId: string): GroupObservation | undefined {
  const partitions = seen.controller.image.partitions.filter(({ topic }) => topic === offsetsTopic).length
  if (partitions === 0) return undefined
  const leader = currentLeaders(seen).get(partitionKey(offsetsTopic, groupPartition(groupId, partitions)))
  const broker = leader === undefined ? undefined : seen.brokers[`b${leader.brokerId}`]
  return broker === undefined || broker.status === 'down'
    ? undefined
    : broker.groups.find(group => group.groupId === groupId)
}
