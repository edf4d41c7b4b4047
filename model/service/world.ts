// What may be true of a cluster, as far as its clients' requests and answers tell. A broker leaves things open (when a
// batch whose answer nobody awaited is appended, how far followers have come, who leads a group after its leader left), so
// there is a set of possible worlds; each answer rules some of them out.

import { initialCoordinator } from '../group/coordinator.ts'
import type { CoordinatorState, Group } from '../group/state.ts'
import type { LogState } from '../log/state.ts'
import type { TopicPartition } from '../vocabulary/choosing.ts'
import type { LogConfig } from '../vocabulary/log.ts'
import type { UnplacedBatch } from '../vocabulary/records.ts'
import type { ServiceOutcome, ServiceSetup, ServiceTopicConfig } from '../vocabulary/service.ts'
import type { Milliseconds, Offset, PartitionIndex } from '../vocabulary/units.ts'

/** One possible state of everything that a run can see. */
export type World = {
  readonly setup: ServiceSetup
  /** Ascending by name. */
  readonly topics: readonly ServiceTopic[]
  /** Names of producers that were initialised; a producer's id is its place. */
  readonly producers: readonly string[]
  /** Batches that were sent and not waited for: each is appended at any later time, or never. */
  readonly strays: readonly Stray[]
  readonly now: Milliseconds
  readonly coordinator: CoordinatorState
  /** What clients were told to be called, in the order told. */
  readonly names: readonly MemberName[]
  /** Groups that have begun and were not seen since: whoever describes or lists groups reads what is replicated already. */
  readonly fresh: readonly string[]
  /** Offsets of topics that were deleted since, which the coordinator will forget, sooner or later. */
  readonly doomed: readonly (TopicPartition & { readonly group: string })[]
}

export type ServiceTopic = {
  readonly topic: string
  readonly replicationFactor: number
  readonly config: ServiceTopicConfig
  readonly partitions: readonly ServicePartition[]
}

export type ServicePartition = {
  /** Its leader's log. */
  readonly log: LogState
  /** The high watermark is known to have got here; it lies between this and the log's end. */
  readonly settled: Offset
  /** Settings by which its leader may still go: changes reach it later than whoever asks for them is answered. Oldest first. */
  readonly former: readonly LogConfig[]
}

export type Stray = { readonly topic: string; readonly partition: PartitionIndex; readonly batch: UnplacedBatch }

/** A member id of the coordinator's, and the symbol for it. */
export type MemberName = { readonly client: string; readonly memberId: string; readonly symbol: string }

/** An answer that is allowed, and the world in which it was given. */
export type Alternative = { readonly outcome: ServiceOutcome; readonly world: World }

/** A cluster in which nobody has done anything yet. */
export function initialWorld(setup: ServiceSetup): World {
  return {
    setup,
    topics: [],
    producers: [],
    strays: [],
    now: 0,
    coordinator: initialCoordinator(groupConfig, 1, 1, 0),
    names: [],
    fresh: [],
    doomed: [],
  }
}

/** Neither size nor age of a group comes into a run. */
const groupConfig = { offsetsRetentionMs: 1e12, offsetsRetentionCheckIntervalMs: 1e12, groupMaxSize: 1000 }

export function findTopic({ topics }: World, topic: string): ServiceTopic | null {
  return topics.find(known => known.topic === topic) ?? null
}

export function findPartition(world: World, topic: string, partition: PartitionIndex): ServicePartition | null {
  return findTopic(world, topic)?.partitions[partition] ?? null
}

/**
 * A partition under each of the settings that may count: those that were asked for last, by which all former ones are over,
 * and each former one, after which later ones may still come. `restored` puts the right settings back.
 */
export function underEachSetting(partition: ServicePartition): readonly {
  readonly partition: ServicePartition
  readonly isFormer: boolean
  readonly restored: (log: LogState) => Pick<ServicePartition, 'log' | 'former'>
}[] {
  const { log, former } = partition
  const restored = (left: readonly LogConfig[]) => (changed: LogState) => ({
    log: { ...changed, config: log.config },
    former: left,
  })
  return [
    { partition, isFormer: false, restored: restored([]) },
    ...former.map((config, index) => ({
      partition: { ...partition, log: { ...log, config } },
      isFormer: true,
      restored: restored(former.slice(index)),
    })),
  ]
}

/** The world with a topic as it is now. */
export function withTopic(world: World, topic: ServiceTopic): World {
  const below = world.topics.filter(other => other.topic < topic.topic)
  const above = world.topics.filter(other => other.topic > topic.topic)
  return { ...world, topics: [...below, topic, ...above] }
}

/** The world with a partition as it is now; the same one where there is no such partition. */
export function withPartition(world: World, topic: string, index: PartitionIndex, partition: ServicePartition): World {
  const known = findTopic(world, topic)
  if (known === null) return world
  const partitions = known.partitions.map((other, place) => (place === index ? partition : other))
  return withTopic(world, { ...known, partitions })
}

/** The version of an API that the run speaks; 0 where it speaks none. */
export function versionOf({ setup }: World, api: string): number {
  return setup.versions[api] ?? 0
}

/** One alternative that changes nothing. */
export function answered(world: World, outcome: ServiceOutcome): readonly Alternative[] {
  return [{ outcome, world }]
}

/** Alternatives that change nothing, one for each error. */
export function refusedWith(world: World, ...errors: readonly string[]): readonly Alternative[] {
  return errors.map(error => ({ outcome: { kind: 'error', error }, world }))
}

/** The world with what its coordinator knows now; groups that have just begun are fresh. */
export function withCoordinator(world: World, coordinator: CoordinatorState): World {
  if (coordinator === world.coordinator) return world
  const isThere = ({ groups }: CoordinatorState, id: string): boolean => groups.some(({ groupId }) => groupId === id)
  const begun = coordinator.groups.map(({ groupId }) => groupId).filter(id => !isThere(world.coordinator, id))
  const fresh = [...world.fresh.filter(id => isThere(coordinator, id)), ...begun]
  return { ...world, coordinator, fresh }
}

/** The world in which a group was seen: from now on everybody sees it. */
export function withSeen(world: World, groupId: string): World {
  return world.fresh.includes(groupId) ? { ...world, fresh: world.fresh.filter(id => id !== groupId) } : world
}

/** The world with a group as it is now; one that is Dead is gone. */
export function withGroup(world: World, group: Group): World {
  const others = world.coordinator.groups.filter(({ groupId }) => groupId !== group.groupId)
  const groups =
    group.phase.state === 'Dead' ? others : [...others, group].sort((a, b) => (a.groupId < b.groupId ? -1 : 1))
  return withCoordinator(world, { ...world.coordinator, groups })
}
