// What groups, producers and consumers noticed between two observations of a cluster, as short lines.
import type { BatchResult, ProducerObservation } from '../../model/vocabulary/clients.ts'
import type { ClusterObservation } from '../../model/vocabulary/cluster.ts'
import type { GroupObservation } from '../../model/vocabulary/groups.ts'
import { change, listed, partitionWord, recordWord, sentence } from './words.ts'

/** Groups at their coordinators: state, generation, who has what, and committed offsets. */
export function groupChanges(before: ClusterObservation, after: ClusterObservation): readonly string[] {
  const old = coordinatedGroups(before)
  return Array.from(coordinatedGroups(after), ([at, group]) => oneGroup(at, old.get(at), group)).flat()
}

function coordinatedGroups(observation: ClusterObservation): ReadonlyMap<string, GroupObservation> {
  const groups = new Map<string, GroupObservation>()
  for (const [name, broker] of Object.entries(observation.brokers)) {
    if (broker.status === 'down') continue
    for (const group of broker.groups) groups.set(`group ${group.groupId} at ${name}`, group)
  }
  return groups
}

function oneGroup(at: string, before: GroupObservation | undefined, after: GroupObservation): readonly string[] {
  const members = membersWord(after)
  return sentence(
    at,
    before?.state === after.state ? '' : after.state,
    change('generation', before?.generationId, after.generationId),
    members === (before === undefined ? '-' : membersWord(before)) ? '' : members,
    ...after.offsets.map(({ topic, partition, offset }) => {
      const known = before?.offsets.find(other => other.topic === topic && other.partition === partition)
      return change(`committed ${partitionWord({ topic, partition })}`, known?.offset, offset)
    }),
  )
}

function membersWord(group: GroupObservation): string {
  return group.members.length === 0
    ? '-'
    : group.members
        .map(({ memberId, assignment }) => `${memberId} has ${listed(assignment.map(partitionWord))}`)
        .join(', ')
}

/** What producers were told of their batches. */
export function producerChanges(before: ClusterObservation, after: ClusterObservation): readonly string[] {
  return Object.entries(after.producers).flatMap(([name, producer]) =>
    completions(name, before.producers[name], producer),
  )
}

/** The batches that were completed since. */
export function completions(
  name: string,
  before: ProducerObservation | undefined,
  after: ProducerObservation,
): readonly string[] {
  return after.completed
    .slice(before?.completed.length ?? 0)
    .map(
      ({ batch, topic, partition, result }) => `${name}: batch ${batch} to ${topic}/${partition} ${resultWord(result)}`,
    )
}

function resultWord(result: BatchResult): string {
  switch (result.kind) {
    case 'acknowledged':
      return result.offset < 0 ? 'sent' : `acknowledged at offset ${result.offset}`
    case 'failed':
      return `failed with ${result.error}`
    case 'unknown':
      return `may or may not be there (${result.error})`
  }
}

/** What consumers are, and what they processed. */
export function consumerChanges(before: ClusterObservation, after: ClusterObservation): readonly string[] {
  return Object.entries(after.consumers).flatMap(([name, consumer]) => {
    const old = before.consumers[name]
    const isNew = old === undefined || consumer.processed.length < old.processed.length
    const processed = consumer.processed.slice(isNew ? 0 : old.processed.length)
    const positions = consumer.positions.map(partitionWord).join(',')
    return sentence(
      name,
      old?.open === consumer.open || consumer.open ? '' : 'closed',
      old?.membership === consumer.membership || consumer.membership === 'none' ? '' : consumer.membership,
      consumer.generationId < 0 ? '' : change('generation', old?.generationId, consumer.generationId),
      positions === (old?.positions.map(partitionWord).join(',') ?? '')
        ? ''
        : `has ${positions === '' ? '-' : positions}`,
      ...processed.map(record => `processes ${partitionWord(record)} ${record.offset}:${recordWord(record)}`),
    )
  })
}
