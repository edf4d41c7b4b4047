import { expect, test } from 'vitest'
import { startAssignorSubject, startPartitionerSubject } from './choosing.ts'

test('a group is observed with everything in order, and assigning hands out claims of the next generation', () => {
  const group = startAssignorSubject({ scope: 'assignor' })
  group.apply({ kind: 'join', memberId: 'b', groupInstanceId: null, topics: ['u', 't', 'u'] })
  group.apply({ kind: 'join', memberId: 'a', groupInstanceId: 'i', topics: ['t'] })
  group.apply({ kind: 'setPartitionCount', topic: 'u', count: 1 })
  group.apply({ kind: 'setPartitionCount', topic: 't', count: 2 })
  const version = group.version()
  const assignment = [
    { memberId: 'a', partitions: [{ topic: 't', partition: 0 }] },
    {
      memberId: 'b',
      partitions: [
        { topic: 't', partition: 1 },
        { topic: 'u', partition: 0 },
      ],
    },
  ]
  expect(group.apply({ kind: 'assign', assignor: 'range' })).toEqual({ kind: 'assigned', assignment })
  expect(group.version()).not.toBe(version)
  expect(group.observe()).toEqual({
    generationId: 1,
    topics: [
      { topic: 't', count: 2 },
      { topic: 'u', count: 1 },
    ],
    members: [
      { memberId: 'a', groupInstanceId: 'i', topics: ['t'], owned: assignment[0]?.partitions, generationId: 1 },
      { memberId: 'b', groupInstanceId: null, topics: ['t', 'u'], owned: assignment[1]?.partitions, generationId: 1 },
    ],
  })
})

test('a second join keeps what the member owns, and leaving and joining again does not', () => {
  const group = startAssignorSubject({ scope: 'assignor' })
  const owned = [{ topic: 't', partition: 0 }]
  group.apply({ kind: 'join', memberId: 'a', groupInstanceId: null, topics: ['t'] })
  group.apply({ kind: 'claim', memberId: 'a', owned: [...owned, ...owned], generationId: 7 })
  group.apply({ kind: 'join', memberId: 'a', groupInstanceId: 'i', topics: [] })
  expect(group.observe().members).toEqual([{ memberId: 'a', groupInstanceId: 'i', topics: [], owned, generationId: 7 }])
  group.apply({ kind: 'leave', memberId: 'a' })
  group.apply({ kind: 'claim', memberId: 'a', owned, generationId: 7 })
  group.apply({ kind: 'join', memberId: 'a', groupInstanceId: null, topics: [] })
  expect(group.observe().members).toEqual([
    { memberId: 'a', groupInstanceId: null, topics: [], owned: [], generationId: -1 },
  ])
})

test('an empty group still counts its rebalances, and a topic without partitions is gone', () => {
  const group = startAssignorSubject({ scope: 'assignor' })
  group.apply({ kind: 'setPartitionCount', topic: 't', count: 3 })
  group.apply({ kind: 'setPartitionCount', topic: 't', count: 0 })
  expect(group.apply({ kind: 'assign', assignor: 'sticky' })).toEqual({ kind: 'assigned', assignment: [] })
  expect(group.observe()).toEqual({ generationId: 1, topics: [], members: [] })
})

test('a partitioner is observed by topic, and choices that it does not remember leave its version alone', () => {
  const producer = startPartitionerSubject({ scope: 'partitioner', partitioner: 'sticky' })
  const choice = {
    kind: 'choose',
    topic: 'u',
    given: null,
    key: null,
    partitionCount: 3,
    available: [0, 1],
    draw: 3,
  } as const
  const version = producer.version()
  expect(producer.apply({ ...choice, given: 3 })).toEqual({ kind: 'error', error: 'UNKNOWN_TOPIC_OR_PARTITION' })
  expect(producer.apply({ ...choice, key: '21' })).toEqual({ kind: 'chosen', partition: (-973932308 & 0x7fffffff) % 3 })
  expect(producer.version()).toBe(version)
  expect(producer.apply(choice)).toEqual({ kind: 'chosen', partition: 1 })
  expect(producer.version()).not.toBe(version)
  expect(producer.apply({ kind: 'newBatch', topic: 'u' })).toEqual({ kind: 'done' })
  producer.apply({ ...choice, topic: 't', draw: 0 })
  expect(producer.observe()).toEqual({
    topics: [
      { topic: 't', counter: 0, current: 0, previous: null },
      { topic: 'u', counter: 0, current: null, previous: 1 },
    ],
  })
})
