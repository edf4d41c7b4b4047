// What a group's coordinator answers to whoever asks from outside: what was committed, who is in it, and that it is to go.
// Follows KIP-222, KIP-229 (DeleteGroups), KIP-496 (OffsetDelete), KIP-1043 (DescribeGroups), `GroupCoordinator`.
import { findGroup, type Group } from '../group/state.ts'
import type { TopicPartition } from '../vocabulary/choosing.ts'
import type { ServiceOperation, ServiceOutcome } from '../vocabulary/service.ts'
import { symbolOf } from './names.ts'
import {
  type Alternative,
  answered,
  findPartition,
  findTopic,
  refusedWith,
  versionOf,
  type World,
  withGroup,
  withSeen,
} from './world.ts'

type Of<K extends ServiceOperation['kind']> = Extract<ServiceOperation, { readonly kind: K }>

/** What a group committed for a partition; of a topic that was deleted it may be forgotten by now. */
export function committed(world: World, operation: Of<'committed'>): readonly Alternative[] {
  const { group, topic, partition } = operation
  const stored = findGroup(world.coordinator, group).offsets.find(
    offset => offset.topic === topic && offset.partition === partition,
  )
  const told: ServiceOutcome = { kind: 'committed', offset: stored?.offset ?? -1, metadata: stored?.metadata ?? '' }
  const isDoomed = world.doomed.some(
    known => known.group === group && known.topic === topic && known.partition === partition,
  )
  return [
    ...answered(world, told),
    ...(isDoomed && stored !== undefined ? forgotten(world, operation) : []),
    // By its id a topic cannot be asked for that is not there.
    ...(findTopic(world, topic) === null ? refusedWith(world, 'UNKNOWN_TOPIC_ID', 'UNKNOWN_TOPIC_OR_PARTITION') : []),
  ]
}

function forgotten(world: World, { group: groupId, topic, partition }: Of<'committed'>): readonly Alternative[] {
  const group = findGroup(world.coordinator, groupId)
  const isIt = (other: TopicPartition): boolean => other.topic === topic && other.partition === partition
  const without = { ...group, offsets: group.offsets.filter(offset => !isIt(offset)) }
  const doomed = world.doomed.filter(known => known.group !== groupId || !isIt(known))
  return answered({ ...withGroup(world, without), doomed }, { kind: 'committed', offset: -1, metadata: '' })
}

/**
 * Who: an administrator who deletes what a group committed for a partition.
 * When: the group is there, and no member of it subscribes to the topic.
 */
export function deleteOffset(world: World, operation: Of<'deleteOffset'>): readonly Alternative[] {
  const { topic, partition } = operation
  const group = findGroup(world.coordinator, operation.group)
  const isThere = findPartition(world, topic, partition) !== null
  if (group.phase.state === 'Dead') {
    return refusedWith(world, 'GROUP_ID_NOT_FOUND', ...(isThere ? [] : ['UNKNOWN_TOPIC_OR_PARTITION']))
  }
  if (!isThere) return refusedWith(world, 'UNKNOWN_TOPIC_OR_PARTITION')
  const offsets = group.offsets.filter(offset => offset.topic !== topic || offset.partition !== partition)
  const deleted = answered(withGroup(world, { ...group, offsets }), { kind: 'done' })
  const refused = refusedWith(world, 'GROUP_SUBSCRIBED_TO_TOPIC')
  // What counts is what members offered when the generation began; who came back since may have offered something else.
  const isChanging =
    group.phase.state === 'PreparingRebalance' || group.members.some(member => member.groupInstanceId !== null)
  if (isChanging) return [...deleted, ...refused]
  return isSubscribed(group, topic) ? refused : deleted
}

function isSubscribed({ members, protocolName }: Group, topic: string): boolean {
  return members.some(({ protocols }) =>
    protocols.some(({ name, topics }) => name === protocolName && topics.includes(topic)),
  )
}

/** A group as it can be seen: its members' shares only while it is stable. */
export function describeGroup(world: World, operation: Of<'describeGroup'>): readonly Alternative[] {
  const group = findGroup(world.coordinator, operation.group)
  // From version 6 on a group that is not there is an error, and not a dead one.
  const absent =
    versionOf(world, 'DescribeGroups') >= 6
      ? refusedWith(world, 'GROUP_ID_NOT_FOUND')
      : answered(world, { kind: 'group', state: 'Dead', protocolName: '', members: [] })
  if (group.phase.state === 'Dead') return absent
  const isFresh = world.fresh.includes(operation.group)
  return [...answered(withSeen(world, operation.group), shown(world, group)), ...(isFresh ? absent : [])]
}

function shown(world: World, { phase, protocolName, members }: Group): ServiceOutcome {
  const isStable = phase.state === 'Stable'
  return {
    kind: 'group',
    state: phase.state,
    protocolName: isStable ? (protocolName ?? '') : '',
    members: members
      .map(({ memberId, client, groupInstanceId, assignment }) => ({
        memberId: symbolOf(world, memberId, client),
        // Before version 4 instances are not told.
        groupInstanceId: versionOf(world, 'DescribeGroups') >= 4 ? groupInstanceId : null,
        partitions: isStable ? assignment : [],
      }))
      .sort((a, b) => (a.memberId < b.memberId ? -1 : 1)),
  }
}

/** The run's groups that are there; each that is fresh is listed or not. */
export function listGroups(world: World): readonly Alternative[] {
  let lists: readonly { readonly groups: readonly string[]; readonly world: World }[] = [{ groups: [], world }]
  for (const { groupId } of world.coordinator.groups) {
    const isFresh = world.fresh.includes(groupId)
    lists = lists.flatMap(list => [
      { groups: [...list.groups, groupId], world: withSeen(list.world, groupId) },
      ...(isFresh ? [list] : []),
    ])
  }
  return lists.flatMap(({ groups, world: seen }) => answered(seen, { kind: 'groups', groups }))
}

/** Who: an administrator. When: the group is there, and nobody is in it. Then: it is gone with all that it committed. */
export function deleteGroup(world: World, operation: Of<'deleteGroup'>): readonly Alternative[] {
  const group = findGroup(world.coordinator, operation.group)
  if (group.phase.state === 'Dead') return refusedWith(world, 'GROUP_ID_NOT_FOUND')
  if (group.phase.state !== 'Empty') return refusedWith(world, 'NON_EMPTY_GROUP')
  const doomed = world.doomed.filter(known => known.group !== operation.group)
  return answered({ ...withGroup(world, { ...group, phase: { state: 'Dead' } }), doomed }, { kind: 'done' })
}
