import { expect, test } from 'vitest'
import { image, partition } from '../controller/examples.ts'
import type { ConsumerObservation } from '../vocabulary/clients.ts'
import { broker, cluster, consumer, group, history, leader, nothingYet, replica, transition } from './examples.ts'
import { oneOwner } from './groups.ts'

const seats = [
  { consumer: 'c1', groupId: 'g' },
  { consumer: 'c2', groupId: 'g' },
]

const offsets = { topic: '__consumer_offsets', partition: 0 }

/** Two consumers of which the first owns t/0, and what the leader of the groups' topic, b2 unless told, knows of them. */
function owning(second: Partial<ConsumerObservation>, members: readonly string[] = ['m1', 'm2'], coordinator = 2) {
  const state = partition({ ...offsets, leader: coordinator })
  const seen = cluster([leader(), replica(), replica()], {
    controller: { now: 0, image: { ...image(), partitions: [state] } },
  })
  const brokers = { ...seen.brokers, b2: broker(2, leader(offsets), [group(members)]) }
  const consumers = { c1: consumer('m1'), c2: consumer('m2', [], second) }
  return transition(nothingYet, { ...seen, brokers, consumers })
}

test('two owners of a partition in one generation break G1', () => {
  const known = history({}, { consumers: seats })
  expect(oneOwner(known, owning({}))).toEqual({
    claim: 'G1',
    sentence: 'c1 and c2 both own t/0 in generation 1 of group g',
  })
  expect(oneOwner(known, owning({ positions: [{ topic: 't', partition: 1, offset: 0 }] }))).toBeNull()
})

test('a zombie, a consumer on its own and one that is joining own nothing in this sense', () => {
  const known = history({}, { consumers: seats })
  expect(oneOwner(known, owning({}, ['m1']))).toBeNull()
  expect(oneOwner(known, owning({ generationId: 0 }))).toBeNull()
  expect(oneOwner(known, owning({ membership: 'joining' }))).toBeNull()
  expect(oneOwner(known, owning({ open: false }))).toBeNull()
  // What a deposed coordinator says of its members says nothing.
  expect(oneOwner(known, owning({}, ['m1', 'm2'], 3))).toBeNull()
  const apart = history(
    {},
    { consumers: [seats[0] ?? { consumer: 'c1', groupId: 'g' }, { consumer: 'c2', groupId: null }] },
  )
  expect(oneOwner(apart, owning({}))).toBeNull()
})
