// What applications ask of their clients. Notes: docs/protocol/clients.md.
import { closeConsumer, commitConsumer, killConsumer, openConsumer, pollConsumer } from '../consumer/consumer.ts'
import type { ConsumerStep } from '../consumer/state.ts'
import { killProducer, openProducer, sendRecords } from '../producer/producer.ts'
import type { ClusterOperation } from '../vocabulary/cluster.ts'
import { type ClusterStep, nothing } from './disks.ts'
import { clientSent, isolated } from './nodes.ts'
import { type ClusterState, consumerNamed, producerNamed, withConsumer, withProducer } from './state.ts'

type Of<K> = Extract<ClusterOperation, { kind: K }>

/** A producer begins a session; an idempotent one takes an id that nobody had before. */
export function openedProducer(start: ClusterState, operation: Of<'openProducer'>): ClusterStep {
  const { producer: name, acks, idempotent, partitioner } = operation
  if (producerNamed(start, name) === null) return nothing(start)
  if (idempotent && acks !== -1) return { state: start, outcome: { kind: 'error', error: 'INVALID_CONFIG' } }
  const apart = isolated(start, name, false)
  const producer = producerNamed(apart, name)
  if (producer === null) return nothing(start)
  const { controller } = apart
  const producerId = idempotent ? controller.nextProducerId : -1
  const step = openProducer(producer, { acks, idempotent, partitioner, producerId })
  const numbered = idempotent
    ? { ...apart, controller: { ...controller, nextProducerId: controller.nextProducerId + 1 } }
    : apart
  return {
    state: clientSent(withProducer(numbered, step.state), name, step.requests),
    outcome: { kind: 'done' },
  }
}

/** An application hands records over. */
export function sentRecords(cluster: ClusterState, operation: Of<'send'>): ClusterStep {
  const producer = producerNamed(cluster, operation.producer)
  if (producer === null) return nothing(cluster)
  const step = sendRecords(producer, operation)
  if (!step.applied) return nothing(cluster)
  return {
    state: clientSent(withProducer(cluster, step.state), operation.producer, step.requests),
    outcome: { kind: 'done' },
  }
}

/** A consumer begins anew, in a group or with partitions of its own. */
export function openedConsumer(start: ClusterState, operation: Of<'openConsumer'>): ClusterStep {
  const { consumer: name, groupId, topics, partitions, assignors } = operation
  if (consumerNamed(start, name) === null) return nothing(start)
  const isEmpty = (groupId === null ? partitions : topics).length === 0
  if (isEmpty || (groupId !== null && (assignors.length === 0 || start.setup.offsetsPartitions === 0))) {
    return { state: start, outcome: { kind: 'error', error: 'INVALID_REQUEST' } }
  }
  const apart = isolated(start, name, false)
  const consumer = consumerNamed(apart, name)
  return consumer === null ? nothing(start) : stepped(apart, operation.consumer, openConsumer(consumer, operation))
}

export function polled(cluster: ClusterState, operation: Of<'poll'>): ClusterStep {
  const consumer = consumerNamed(cluster, operation.consumer)
  return consumer === null ? nothing(cluster) : stepped(cluster, operation.consumer, pollConsumer(consumer))
}

export function committed(cluster: ClusterState, operation: Of<'commit'>): ClusterStep {
  const consumer = consumerNamed(cluster, operation.consumer)
  return consumer === null ? nothing(cluster) : stepped(cluster, operation.consumer, commitConsumer(consumer))
}

export function closedByApplication(cluster: ClusterState, operation: Of<'closeConsumer'>): ClusterStep {
  const consumer = consumerNamed(cluster, operation.consumer)
  return consumer === null ? nothing(cluster) : stepped(cluster, operation.consumer, closeConsumer(consumer))
}

/** A client vanishes without a word. */
export function killed(start: ClusterState, operation: Of<'killClient'>): ClusterStep {
  const { client } = operation
  if (producerNamed(start, client) === null && consumerNamed(start, client) === null) return nothing(start)
  const apart = isolated(start, client, false)
  const producer = producerNamed(apart, client)
  if (producer !== null) {
    return { state: withProducer(apart, killProducer(producer).state), outcome: { kind: 'done' } }
  }
  const consumer = consumerNamed(apart, client)
  if (consumer === null) return nothing(start)
  return { state: withConsumer(apart, killConsumer(consumer).state), outcome: { kind: 'done' } }
}

function stepped(cluster: ClusterState, name: string, step: ConsumerStep): ClusterStep {
  if (!step.applied) return nothing(cluster)
  return {
    state: clientSent(withConsumer(cluster, step.state), name, step.requests),
    outcome: { kind: 'done' },
  }
}
