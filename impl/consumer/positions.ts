// Where a consumer stands in each partition. Follows `SubscriptionState`.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { ConsumerObservation } from '../../model/vocabulary/clients.ts'
import type { CommittedOffset } from '../../model/vocabulary/messages.ts'
import type { Offset, PartitionIndex } from '../../model/vocabulary/units.ts'
import { byPartition } from '../order.ts'

/** One partition that a consumer has ever had to do with. It outlives its assignment, as requests in flight do. */
export type Place = {
  readonly topic: string
  readonly partition: PartitionIndex
  isAssigned: boolean
  /** -1: not known. */
  position: Offset
  /** The group is asked for its committed offset before the position is reset. */
  wantsCommitted: boolean
  /** The leader said so: the committed offset would not help, also after another assignment. */
  isOutOfRange: boolean
  isFetching: boolean
  isListing: boolean
}

/** The partitions that are assigned, and the positions in them. */
export class Positions {
  readonly #topics = new Map<string, Map<PartitionIndex, Place>>()
  #assigned: readonly Place[] = []
  #observation: ConsumerObservation['positions'] | null = []

  /** Ascending by topic, then partition. */
  get assigned(): readonly Place[] {
    return this.#assigned
  }

  get(topic: string, partition: PartitionIndex): Place | undefined {
    return this.#topics.get(topic)?.get(partition)
  }

  /** Takes over an assignment; of partitions that stay, known positions and those out of range are kept. Answers whether one was lost. */
  assign(partitions: readonly TopicPartition[], wantsCommitted: boolean): boolean {
    const before = this.#assigned
    const places = new Set(partitions.map(partition => this.#placeOf(partition)))
    for (const place of places) {
      if (place.isAssigned && (place.position >= 0 || place.isOutOfRange)) continue
      place.isAssigned = true
      place.isOutOfRange = false
      place.position = -1
      place.wantsCommitted = wantsCommitted
    }
    const lost = before.filter(place => !places.has(place))
    for (const place of lost) {
      place.isAssigned = false
      place.isOutOfRange = false
      place.position = -1
    }
    this.#assigned = [...places].sort(byPartition)
    this.#observation = null
    return lost.length > 0
  }

  /** Gives everything up. */
  drop(): void {
    this.assign([], false)
  }

  /** Sets the position of an assigned partition; -1 makes it unknown. */
  move(place: Place, position: Offset): void {
    place.position = position
    if (position >= 0) place.isOutOfRange = false
    this.#observation = null
  }

  /** Sets the position of a partition that is still assigned and has none. */
  find(place: Place, position: Offset): void {
    if (place.isAssigned && place.position < 0) this.move(place, position)
  }

  /** Finds the positions that the group has committed. */
  takeCommitted(offsets: readonly CommittedOffset[]): void {
    for (const { topic, partition, offset } of offsets) {
      const place = this.get(topic, partition)
      if (place !== undefined && offset >= 0) this.find(place, offset)
    }
  }

  /** Forgets everything, requests in flight too. */
  clear(): void {
    this.#topics.clear()
    this.#assigned = []
    this.#observation = []
  }

  /** The same array until something changes. */
  observe(): ConsumerObservation['positions'] {
    this.#observation ??= this.#assigned.map(({ topic, partition, position }) => ({
      topic,
      partition,
      offset: position,
    }))
    return this.#observation
  }

  #placeOf({ topic, partition }: TopicPartition): Place {
    let partitions = this.#topics.get(topic)
    if (partitions === undefined) {
      partitions = new Map()
      this.#topics.set(topic, partitions)
    }
    let place = partitions.get(partition)
    if (place === undefined) {
      place = {
        topic,
        partition,
        isAssigned: false,
        position: -1,
        wantsCommitted: false,
        isOutOfRange: false,
        isFetching: false,
        isListing: false,
      }
      partitions.set(partition, place)
    }
    return place
  }
}
