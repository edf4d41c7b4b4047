// Rebalance-overlap: two members have the same partition in one generation of their group (G1), as the group told them or
// as they were given records. A member that died may be replaced within its generation, and a static one by whoever comes
// with its instance id.
//
// A generation's number is its group's own: a group that was forgotten begins again with 1. So it is, when numbers fall;
// and where a coordinator may lose what it wrote, nobody can tell.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { Findings } from './anomaly.ts'
import type { HistoryOperation } from './history.ts'
import { judgeLoss } from './legal.ts'
import { type LogIndex, partitionText } from './log-index.ts'
import { linesText } from './words.ts'

type Owner = { readonly client: string; readonly since: number }

export function findRebalanceOverlaps({ history, order }: LogIndex, findings: Findings): void {
  const owners = new Map<string, Owner>()
  const deaths = new Map<string, number>()
  const instances = new Map<string, string>()
  const lives = new Map<string, { generation: number; life: number }>()
  // The coordinator writes with acks=all, whatever producers do.
  const judgement = judgeLoss({ ...history.settings, acks: -1 })
  for (const at of order) {
    const operation = history.operations[at]
    if (operation === undefined) continue
    if (operation.kind === 'crash') deaths.set(operation.client, operation.start)
    if (operation.kind === 'subscribe' && operation.groupInstanceId !== undefined) {
      instances.set(operation.client, operation.groupInstanceId)
    }
    for (const { group, generation, place } of owned(operation)) {
      const known = lives.get(group) ?? { generation, life: 0 }
      lives.set(group, known)
      // A poll may end in a generation that is over; being told of an older one means that the group began anew.
      if (operation.kind === 'rebalance' && generation < known.generation) known.life++
      if (operation.kind === 'rebalance') known.generation = generation
      const key = JSON.stringify([group, known.life, generation, place.topic, place.partition])
      const owner = owners.get(key)
      const hasDied =
        owner !== undefined && (deaths.get(owner.client) ?? -1) >= (history.operations[owner.since]?.start ?? 0)
      const instance = instances.get(operation.client)
      const isReplaced = owner !== undefined && instance !== undefined && instances.get(owner.client) === instance
      if (owner === undefined || hasDied || isReplaced) owners.set(key, { client: operation.client, since: at })
      else if (owner.client !== operation.client) {
        findings.add('rebalance-overlap', judgement, () => ({
          sentence: `${owner.client} and ${operation.client} both have ${partitionText(place)} in generation ${generation} of ${group} (${linesText([owner.since, at])})`,
          place: { ...place, offsets: [] },
          operations: [owner.since, at],
        }))
      }
    }
  }
}

/** What an operation shows its client to own; each partition once. */
function owned(
  operation: HistoryOperation,
): readonly { readonly group: string; readonly generation: number; readonly place: TopicPartition }[] {
  const { kind, completed } = operation
  if (completed === 'fail' || (kind !== 'rebalance' && kind !== 'poll')) return []
  const { group, generation } = operation
  if (group === undefined || generation === undefined || generation < 0) return []
  const places = new Map<string, TopicPartition>()
  for (const { topic, partition } of kind === 'poll' ? operation.records : operation.partitions) {
    places.set(partitionText({ topic, partition }), { topic, partition })
  }
  return [...places.values()].map(place => ({ group, generation, place }))
}
