// Rebalance-overlap: two members have the same partition in one generation of their group (G1), as the group told them or
// as they were given records. A member that died may be replaced within its generation, and a static one by whoever comes
// with its instance id.
//
// A generation's number is its group's own: a group that was forgotten begins again with 1, as does one whose coordinator
// lost what it wrote.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import { allowed, type Findings } from './anomaly.ts'
import type { HistoryOperation } from './history.ts'
import { judgeLoss } from './legal.ts'
import { type LogIndex, partitionText } from './log-index.ts'
import { linesText } from './words.ts'

type Owner = { readonly client: string; readonly since: number }

export function findRebalanceOverlaps({ history, order }: LogIndex, findings: Findings): void {
  const owners = new Map<string, Owner>()
  const deaths = new Map<string, number>()
  const instances = new Map<string, string>()
  const judgement = history.settings.groupsForgotten
    ? allowed('groups were forgotten, and began again with generation 1')
    : // The coordinator writes with acks=all, whatever producers do.
      judgeLoss({ ...history.settings, acks: -1 })
  for (const at of order) {
    const operation = history.operations[at]
    if (operation === undefined) continue
    if (operation.kind === 'crash') deaths.set(operation.client, operation.start)
    if (operation.kind === 'subscribe' && operation.groupInstanceId !== undefined) {
      instances.set(operation.client, operation.groupInstanceId)
    }
    for (const { group, generation, place } of owned(operation)) {
      const key = JSON.stringify([group, generation, place.topic, place.partition])
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
