// What clients of a cluster do: they are opened, send, poll and commit, are closed or killed.

import type { AssignorName } from '../../model/vocabulary/choosing.ts'
import type { ClusterObservation, ClusterOperation, Endpoint } from '../../model/vocabulary/cluster.ts'
import type { Random } from '../random.ts'
import type { Plan } from './cluster-setup.ts'
import { namesWhere, userPartitions } from './cluster-views.ts'
import type { Move } from './walk.ts'

/** Producers and consumers of one run. */
export function clients(random: Random, plan: Plan): readonly Move<'cluster'>[] {
  const values = new FreshValues()
  const assignors = random.pick<readonly AssignorName[]>([['range'], ['cooperative-sticky'], ['sticky', 'range']])
  const send = (seen: ClusterObservation): ClusterOperation | null => {
    const producer = random.pickOrNull(namesWhere(seen.producers, ({ session }) => session !== null))
    const place = random.pickOrNull(userPartitions(seen))
    if (producer === null || place === null) return null
    const isKeyed = plan.topic.cleanupPolicy !== 'delete' || random.chance(0.2)
    const isGiven = random.chance(0.7)
    const count = random.pick([1, 1, 1, 2, 3])
    return {
      kind: 'send',
      producer,
      topic: random.chance(0.02) ? 'nowhere' : place.topic,
      partition: isGiven ? place.partition : null,
      records: Array.from({ length: count }, () => ({
        key: isKeyed && !random.chance(0.02) ? random.pick(['a', 'b', 'c']) : null,
        value: isKeyed && random.chance(0.2) ? null : values.next(),
      })),
      draw: random.below(6),
    }
  }
  const aConsumer = (seen: ClusterObservation) => random.pickOrNull(namesWhere(seen.consumers, ({ open }) => open))
  return [
    {
      name: 'open a producer',
      weight: 30,
      propose: ({ producers }) => {
        const producer = random.pickOrNull(namesWhere(producers, ({ session }) => session === null || session.failed))
        return producer === null ? null : { kind: 'openProducer', producer, ...plan.producers }
      },
    },
    {
      name: 'open a producer again',
      weight: 0.4,
      propose: ({ producers }) => {
        const producer = random.pickOrNull(Object.keys(producers))
        return producer === null ? null : { kind: 'openProducer', producer, ...plan.producers }
      },
    },
    { name: 'send', weight: 14, propose: send },
    {
      name: 'send and settle',
      weight: 6,
      propose: seen => {
        const operation = send(seen)
        return operation === null ? null : [operation, { kind: 'settle' }]
      },
    },
    {
      name: 'open a consumer',
      weight: 12,
      propose: seen => {
        const closed = random.pickOrNull(namesWhere(seen.consumers, ({ open }) => !open))
        return closed === null ? null : openConsumer(random, seen, closed, assignors)
      },
    },
    {
      name: 'open a consumer again',
      weight: 0.7,
      propose: seen => {
        const consumer = aConsumer(seen)
        return consumer === null ? null : openConsumer(random, seen, consumer, assignors)
      },
    },
    {
      name: 'poll',
      weight: 5,
      propose: seen => {
        const consumer = aConsumer(seen)
        return consumer === null ? null : { kind: 'poll', consumer }
      },
    },
    {
      name: 'poll and settle',
      weight: 4,
      propose: seen => {
        const consumer = aConsumer(seen)
        return consumer === null ? null : [{ kind: 'poll', consumer }, { kind: 'settle' }]
      },
    },
    {
      name: 'commit',
      weight: 5,
      propose: seen => {
        const consumer = random.pickOrNull(namesWhere(seen.consumers, ({ membership }) => membership === 'stable'))
        return consumer === null ? null : { kind: 'commit', consumer }
      },
    },
    {
      name: 'closeConsumer',
      weight: 0.8,
      propose: seen => {
        const consumer = aConsumer(seen)
        return consumer === null ? null : { kind: 'closeConsumer', consumer }
      },
    },
    {
      name: 'killClient',
      weight: 0.6,
      propose: seen => {
        const client = random.pickOrNull([...Object.keys(seen.producers), ...Object.keys(seen.consumers)])
        return client === null ? null : { kind: 'killClient', client }
      },
    },
  ]
}

function openConsumer(
  random: Random,
  seen: ClusterObservation,
  consumer: Endpoint,
  assignors: readonly AssignorName[],
): ClusterOperation | null {
  const places = userPartitions(seen)
  if (places.length === 0) return null
  const hasGroups = seen.controller.image.partitions.length > places.length
  const reset = random.pick<'earliest' | 'latest'>(['earliest', 'earliest', 'latest'])
  if (!hasGroups || random.chance(0.15)) {
    const partitions = places.map(({ topic, partition }) => ({ topic, partition }))
    return {
      kind: 'openConsumer',
      consumer,
      groupId: null,
      groupInstanceId: null,
      topics: [],
      partitions,
      assignors,
      reset,
    }
  }
  const topics = [...new Set(places.map(({ topic }) => topic))]
  const groupInstanceId = random.chance(0.25) ? random.pick(['i1', 'i2']) : null
  return { kind: 'openConsumer', consumer, groupId: 'g', groupInstanceId, topics, partitions: [], assignors, reset }
}

/** Values are unique in a run, so that a record that is read tells which send it came from. */
class FreshValues {
  #count = 0

  next(): string {
    this.#count++
    return `v${this.#count}`
  }
}
