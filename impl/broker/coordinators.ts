// The group coordinators of a broker: one for each partition of `__consumer_offsets` that it leads.
// Follows `GroupMetadataManager` and docs/protocol/groups.md §7.
import type { BrokerId, Milliseconds, PartitionIndex } from '../../model/vocabulary/units.ts'
import type { CoordinatorConfig } from '../group/config.ts'
import { GroupCoordinator, type NewMemberId } from '../group/coordinator.ts'
import type { GroupRequest, ListGroups } from '../group/messages.ts'
import type { ObservedGroup } from '../group/observed.ts'
import { bareAnswer } from '../group/responses.ts'
import { byText } from '../order.ts'
import type { Requester, WireResponse } from '../ports/network.ts'
import type { LeadershipChange, Replica } from '../replica/replica.ts'
import { never } from '../replica/surroundings.ts'
import { groupBatch, readGroupRecords } from './group-log.ts'
import type { KnownMetadata } from './known-metadata.ts'

type Options = {
  readonly config: CoordinatorConfig
  readonly brokerId: BrokerId
  readonly now: () => Milliseconds
  readonly respond: (to: Requester, response: WireResponse) => void
  /** A replica was written to, so that its deadline may have moved. */
  readonly wrote: (replica: Replica) => void
  readonly newMemberId?: NewMemberId | undefined
}

/** The coordinators by partition. */
export class Coordinators {
  readonly #options: Options
  readonly #byPartition = new Map<PartitionIndex, GroupCoordinator>()
  /** In partition order. */
  #sorted: readonly GroupCoordinator[] = []
  /** At or before the first deadline of any of them. */
  #nextDue = never
  #begun = 0
  #observed: { readonly version: number; readonly groups: readonly ObservedGroup[] } = { version: -1, groups: [] }

  constructor(options: Options) {
    this.#options = options
  }

  /** A time before which `tick` has nothing to do. */
  get nextDue(): Milliseconds {
    return this.#nextDue
  }

  /** The groups of all partitions, ascending by id; the same array until one of them changes. */
  groups(): readonly ObservedGroup[] {
    const version = this.#sorted.reduce((sum, coordinator) => sum + coordinator.version, this.#begun * 2 ** 32)
    if (version !== this.#observed.version) {
      const all = this.#sorted.flatMap(coordinator => coordinator.groups())
      this.#observed = { version, groups: all.sort((a, b) => byText(a.groupId, b.groupId)) }
    }
    return this.#observed.groups
  }

  /** Hands a request to the coordinator of its partition, which is null when there is none. */
  handle(from: Requester, request: GroupRequest, partition: PartitionIndex | null): void {
    const coordinator = partition === null ? undefined : this.#byPartition.get(partition)
    if (coordinator === undefined) {
      this.#options.respond(from, bareAnswer(request, 'NOT_COORDINATOR'))
      return
    }
    coordinator.handle(from, request)
    this.#note(coordinator)
  }

  /** Lists the groups whose state and type are wanted. */
  list(from: Requester, { correlationId, states, types }: ListGroups): void {
    const isWanted = (wanted: readonly string[], name: string): boolean =>
      wanted.length === 0 || wanted.some(text => text.toLowerCase() === name.toLowerCase())
    const all = isWanted(types, 'classic') ? this.#sorted.flatMap(coordinator => coordinator.list()) : []
    const groups = all.filter(({ state }) => isWanted(states, state)).sort((a, b) => byText(a.groupId, b.groupId))
    this.#options.respond(from, { kind: 'ListGroupsResponse', correlationId, error: 'NONE', groups })
  }

  /** What groups of this broker have committed for topics that are no more, or not the same ones, goes. */
  topicsChanged(before: KnownMetadata, now: KnownMetadata): void {
    if (before.image.topics === now.image.topics) return
    for (const { topic } of before.image.topics) {
      if (!now.has(topic) || now.topicId(topic) !== before.topicId(topic)) this.topicDeleted(topic)
    }
  }

  /** A topic is no more. */
  topicDeleted(topic: string): void {
    for (const coordinator of this.#sorted) {
      coordinator.topicDeleted(topic)
      this.#note(coordinator)
    }
  }

  /** A leadership of a partition of the offsets topic began or ended. */
  changed(replica: Replica, change: LeadershipChange): void {
    if (change === 'none') return
    this.#byPartition.get(replica.partition)?.unload()
    this.#byPartition.delete(replica.partition)
    if (change !== 'ended') this.#begin(replica)
    this.#begun++
    this.#sorted = Array.from(this.#byPartition)
      .sort(([a], [b]) => a - b)
      .map(([, coordinator]) => coordinator)
  }

  /** Fires what is due, in partition order. */
  tick(now: Milliseconds): void {
    if (now < this.#nextDue) return
    for (const coordinator of this.#sorted) if (now >= coordinator.nextDeadline()) coordinator.tick()
    this.#nextDue = this.#sorted.reduce((first, coordinator) => Math.min(first, coordinator.nextDeadline()), never)
  }

  #begin(replica: Replica): void {
    const { config, brokerId, now, respond, wrote, newMemberId } = this.#options
    const coordinator: GroupCoordinator = new GroupCoordinator({
      config,
      brokerId,
      epoch: replica.leaderEpoch,
      now,
      respond,
      newMemberId,
      write: (records, done) => {
        replica.writeGroup(groupBatch(records, now()), error => {
          done(error)
          this.#note(coordinator)
        })
        wrote(replica)
      },
    })
    coordinator.load(readGroupRecords(replica.log))
    this.#byPartition.set(replica.partition, coordinator)
    this.#note(coordinator)
  }

  #note(coordinator: GroupCoordinator): void {
    this.#nextDue = Math.min(this.#nextDue, coordinator.nextDeadline())
  }
}
