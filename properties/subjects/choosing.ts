// The implementation's partitioners and assignors as subjects of a run: an operation goes in, an outcome comes out, and
// the state can be observed in the words of model/vocabulary/choosing.ts.
import { assign } from '../../impl/group/assignor.ts'
import { Partitioner } from '../../impl/producer/partitioner.ts'
import type {
  AssignorMember,
  AssignorObservation,
  AssignorOperation,
  AssignorOutcome,
  AssignorSetup,
  PartitionerObservation,
  PartitionerOperation,
  PartitionerOutcome,
  PartitionerSetup,
  TopicPartition,
} from '../../model/vocabulary/choosing.ts'

type ChoosingSubject<Operation, Outcome, Observation> = {
  readonly apply: (operation: Operation) => Outcome
  readonly observe: () => Observation
  /** Changes whenever the observation may have changed. */
  readonly version: () => number
}

/** Starts a producer's partitioner that has chosen nothing yet. */
export function startPartitionerSubject(
  setup: PartitionerSetup,
): ChoosingSubject<PartitionerOperation, PartitionerOutcome, PartitionerObservation> {
  const partitioner = new Partitioner(setup.partitioner)
  let version = 0

  const apply = (operation: PartitionerOperation): PartitionerOutcome => {
    switch (operation.kind) {
      case 'choose': {
        const { topic, given, key, partitionCount, available, draw } = operation
        if (given === null && key === null) version++
        const partition = partitioner.choose(topic, given, key, partitionCount, available, draw)
        return partition === -1 ? { kind: 'error', error: 'UNKNOWN_TOPIC_OR_PARTITION' } : { kind: 'chosen', partition }
      }
      case 'newBatch':
        version++
        partitioner.newBatch(operation.topic)
        return { kind: 'done' }
    }
  }
  const observe = (): PartitionerObservation => ({
    topics: Array.from(partitioner.topics, ([topic, choice]) => ({ topic, ...choice })).sort((a, b) =>
      byText(a.topic, b.topic),
    ),
  })
  return { apply, observe, version: () => version }
}

/** Starts a group without members, topics or generations. */
export function startAssignorSubject(
  _setup: AssignorSetup,
): ChoosingSubject<AssignorOperation, AssignorOutcome, AssignorObservation> {
  const members = new Map<string, AssignorMember>()
  const topics = new Map<string, number>()
  let generationId = 0
  let version = 0

  const apply = (operation: AssignorOperation): AssignorOutcome => {
    version++
    switch (operation.kind) {
      case 'join': {
        const { memberId, groupInstanceId } = operation
        const { owned, generationId: since } = members.get(memberId) ?? { owned: [], generationId: -1 }
        const subscription = Array.from(new Set(operation.topics)).sort(byText)
        members.set(memberId, { memberId, groupInstanceId, topics: subscription, owned, generationId: since })
        return { kind: 'done' }
      }
      case 'leave':
        members.delete(operation.memberId)
        return { kind: 'done' }
      case 'setPartitionCount':
        if (operation.count > 0) topics.set(operation.topic, operation.count)
        else topics.delete(operation.topic)
        return { kind: 'done' }
      case 'claim': {
        const member = members.get(operation.memberId)
        if (member !== undefined) {
          const owned = sortedWithoutDuplicates(operation.owned)
          members.set(member.memberId, { ...member, owned, generationId: operation.generationId })
        }
        return { kind: 'done' }
      }
      case 'assign': {
        const assignment = assign(operation.assignor, Array.from(members.values()), topics)
        generationId++
        for (const { memberId, partitions } of assignment) {
          const member = members.get(memberId)
          if (member === undefined) throw new Error(`the assignor made up the member ${memberId}`)
          members.set(memberId, { ...member, owned: partitions, generationId })
        }
        return { kind: 'assigned', assignment }
      }
    }
  }
  const observe = (): AssignorObservation => ({
    generationId,
    topics: Array.from(topics, ([topic, count]) => ({ topic, count })).sort((a, b) => byText(a.topic, b.topic)),
    members: Array.from(members.values()).sort((a, b) => byText(a.memberId, b.memberId)),
  })
  return { apply, observe, version: () => version }
}

function sortedWithoutDuplicates(partitions: readonly TopicPartition[]): readonly TopicPartition[] {
  const sorted = partitions.toSorted((a, b) => byText(a.topic, b.topic) || a.partition - b.partition)
  return sorted.filter(({ topic, partition }, i) => {
    const before = sorted[i - 1]
    return before === undefined || before.topic !== topic || before.partition !== partition
  })
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
