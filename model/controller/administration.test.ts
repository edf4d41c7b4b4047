import { expect, test } from 'vitest'
import type { PartitionState } from '../vocabulary/messages.ts'
import { type Administered, createTopic, electLeader, setUncleanElection } from './administration.ts'
import { controller, image, partition, shown, topicConfig } from './examples.ts'

function errorOf(step: Administered): string | null {
  return step !== null && 'error' in step ? step.error : null
}

/** The partitions after a step that decided something. */
function partitionsOf(step: Administered): readonly PartitionState[] {
  return step === null || 'error' in step ? [] : step.controller.image.partitions
}

test('a topic that cannot be is refused, by the first thing that is wrong', () => {
  const state = controller(image(partition(), [3]))
  const create = (topic: string, assignment: readonly (readonly number[])[], minInSyncReplicas = 1) =>
    errorOf(createTopic(state, topic, assignment, { ...topicConfig, minInSyncReplicas }))
  expect(create('__u', [])).toBe('INVALID_REQUEST')
  expect(create('t', [])).toBe('TOPIC_ALREADY_EXISTS')
  expect(create('u', [])).toBe('INVALID_PARTITIONS')
  expect(create('u', [[1], []], 0)).toBe('INVALID_REPLICA_ASSIGNMENT')
  expect(create('u', [[1, 1]])).toBe('INVALID_REPLICA_ASSIGNMENT')
  expect(create('u', [[1, 4]])).toBe('INVALID_REPLICA_ASSIGNMENT')
  expect(create('u', [[3]])).toBe('INVALID_REPLICA_ASSIGNMENT')
  expect(create('u', [[1]], 0)).toBe('INVALID_CONFIG')
})

test('a new topic stands in its place; in sync are the replicas that are alive', () => {
  const step = createTopic(controller(image(partition(), [3])), 's', [[3, 2, 1], [1]], topicConfig)
  const fresh = { ...partition(), topic: 's', lastKnownLeader: 2, leader: 2 }
  expect(partitionsOf(step)).toEqual([
    { ...fresh, replicas: [3, 2, 1], inSyncReplicas: [1, 2] },
    { ...fresh, partition: 1, replicas: [1], leader: 1, lastKnownLeader: 1, inSyncReplicas: [1] },
    partition(),
  ])
  if (step === null || 'error' in step) throw new Error('the topic was not created')
  expect(step.controller.image.topics.map(({ topic }) => topic)).toEqual(['s', 't'])
  expect(shown(step.sends)).toEqual(['b1 MetadataUpdate', 'b2 MetadataUpdate', 'b3 MetadataUpdate'])
})

test('to allow unclean elections elects at once where nobody leads', () => {
  const offline = partition({ leader: -1, inSyncReplicas: [1], leaderEpoch: 2 })
  const state = controller(image(offline, [1]))
  expect(setUncleanElection(state, 't', false)).toBeNull()
  expect(errorOf(setUncleanElection(state, 'u', true))).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  expect(partitionsOf(setUncleanElection(state, 't', true))).toEqual([
    partition({ leader: 2, leaderEpoch: 3, inSyncReplicas: [2], lastKnownLeader: 2, partitionEpoch: 1 }),
  ])
})

test('the preferred replica leads again if it is in sync and unfenced', () => {
  const elect = (change: Partial<PartitionState>, ...fenced: readonly number[]) =>
    electLeader(controller(image(partition(change), fenced)), 't', 0, 'preferred')
  expect(errorOf(elect({}))).toBe('ELECTION_NOT_NEEDED')
  expect(errorOf(elect({ leader: 2 }, 1))).toBe('PREFERRED_LEADER_NOT_AVAILABLE')
  expect(errorOf(elect({ leader: 2, inSyncReplicas: [2, 3] }))).toBe('PREFERRED_LEADER_NOT_AVAILABLE')
  expect(partitionsOf(elect({ leader: 2, lastKnownLeader: 2 }))).toEqual([
    partition({ leaderEpoch: 1, partitionEpoch: 1 }),
  ])
})

test('an unclean election is for partitions without a leader, and needs somebody alive', () => {
  const elect = (change: Partial<PartitionState>, ...fenced: readonly number[]) =>
    electLeader(controller(image(partition(change), fenced)), 't', 0, 'unclean')
  expect(errorOf(elect({}))).toBe('ELECTION_NOT_NEEDED')
  expect(errorOf(elect({ leader: -1 }, 1, 2, 3))).toBe('ELIGIBLE_LEADERS_NOT_AVAILABLE')
  expect(partitionsOf(elect({ leader: -1, inSyncReplicas: [1] }, 1))).toMatchObject([
    { leader: 2, inSyncReplicas: [2] },
  ])
  expect(errorOf(electLeader(controller(), 't', 1, 'unclean'))).toBe('UNKNOWN_TOPIC_OR_PARTITION')
})
