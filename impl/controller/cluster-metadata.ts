// The controller's decisions: the image that is pushed, and the indexes that find the partitions which an event concerns
// without looking at the others. Follows `ReplicationControlManager` and its `BrokersToIsrs`.
//
// Left out: deciding. Changes are noted one by one, and `commit` makes one new image of them; what did not change stays
// the same object from image to image.
import type { BrokerRegistration, MetadataImage, PartitionState, TopicConfig } from '../../model/vocabulary/messages.ts'
import type { BrokerId, ControllerEpoch, MetadataOffset, PartitionIndex } from '../../model/vocabulary/units.ts'

/** The place of one partition: its newest state, and its index in the image's array. */
export type PartitionSlot = { state: PartitionState; position: number }

type Topic = { config: TopicConfig; readonly slots: readonly PartitionSlot[] }

/** Everything that the controller has decided. */
export class ClusterMetadata {
  #image: MetadataImage
  readonly #brokers = new Map<BrokerId, BrokerRegistration>()
  readonly #topics = new Map<string, Topic>()
  #partitions: PartitionState[] = []
  /** Partitions that a broker leads, is in sync with or eligible for. */
  readonly #involved = new Map<BrokerId, Set<PartitionSlot>>()
  readonly #leaderless = new Set<PartitionSlot>()
  #dirty = { brokers: false, topics: false, partitions: false }
  #changed = false

  /** Nothing is decided yet: controller epoch 1, metadata offset 0. */
  constructor() {
    this.#image = { metadataOffset: 0, controllerEpoch: 1, brokers: [], topics: [], partitions: [] }
  }

  /** The image as of the last commit. */
  get image(): MetadataImage {
    return this.#image
  }

  /** The offset that the next commit will have. */
  get nextOffset(): MetadataOffset {
    return this.#image.metadataOffset + 1
  }

  /** Whether something was noted since the last commit. */
  get changed(): boolean {
    return this.#changed
  }

  /** A broker's registration, or undefined. */
  broker(brokerId: BrokerId): BrokerRegistration | undefined {
    return this.#brokers.get(brokerId)
  }

  /** Whether the broker is registered and unfenced. */
  readonly isUnfenced = (brokerId: BrokerId): boolean => this.#brokers.get(brokerId)?.fenced === false

  /** A topic's settings, or undefined. */
  topicConfig(topic: string): TopicConfig | undefined {
    return this.#topics.get(topic)?.config
  }

  /** A partition's place, or undefined. */
  partition(topic: string, partition: PartitionIndex): PartitionSlot | undefined {
    return this.#topics.get(topic)?.slots[partition]
  }

  /** In partition order: those that the broker leads, is in sync with or eligible for. */
  involving(brokerId: BrokerId): readonly PartitionSlot[] {
    return inOrder(this.#involved.get(brokerId) ?? [])
  }

  /** In partition order: those without a leader. */
  leaderless(): readonly PartitionSlot[] {
    return inOrder(this.#leaderless)
  }

  /** Notes a registration. */
  setBroker(registration: BrokerRegistration): void {
    this.#brokers.set(registration.brokerId, registration)
    this.#note('brokers')
  }

  /** Notes a topic's settings. */
  setTopicConfig(topic: string, config: TopicConfig): void {
    const known = this.#topics.get(topic)
    if (known === undefined) throw new Error(`the topic ${topic} has no settings to change`)
    known.config = config
    this.#note('topics')
  }

  /** Notes a partition's new state; nothing when it is the same. */
  setPartition(slot: PartitionSlot, state: PartitionState): void {
    if (slot.state === state) return
    this.#withdraw(slot)
    slot.state = state
    this.#involve(slot)
    if (!this.#dirty.partitions) this.#partitions = this.#partitions.slice()
    this.#partitions[slot.position] = state
    this.#note('partitions')
  }

  /** Notes a new topic with its partitions, which are numbered from 0. */
  addTopic(topic: string, config: TopicConfig, states: readonly PartitionState[]): void {
    const slots = states.map(state => ({ state, position: 0 }))
    this.#topics.set(topic, { config, slots })
    for (const slot of slots) this.#involve(slot)
    this.#partitions = []
    for (const { slots: ofTopic } of this.#sortedTopics()) {
      for (const slot of ofTopic) slot.position = this.#partitions.push(slot.state) - 1
    }
    this.#note('topics')
    this.#note('partitions')
  }

  /** Makes what was noted the next image. */
  commit(controllerEpoch: ControllerEpoch): MetadataImage {
    const before = this.#image
    this.#image = {
      metadataOffset: before.metadataOffset + 1,
      controllerEpoch,
      ...this.#contents(before),
    }
    this.#dirty = { brokers: false, topics: false, partitions: false }
    this.#changed = false
    return this.#image
  }

  /** Makes what was noted part of the image with which a cluster begins: no offset is taken. */
  commitInitial(): void {
    this.#image = { ...this.#image, ...this.#contents(this.#image) }
    this.#dirty = { brokers: false, topics: false, partitions: false }
    this.#changed = false
  }

  #contents(before: MetadataImage): Pick<MetadataImage, 'brokers' | 'topics' | 'partitions'> {
    const { brokers, topics, partitions } = this.#dirty
    return {
      brokers: brokers ? Array.from(this.#brokers.values()).sort((a, b) => a.brokerId - b.brokerId) : before.brokers,
      topics: topics ? this.#sortedTopics().map(({ topic, config }) => ({ topic, config })) : before.topics,
      partitions: partitions ? this.#partitions : before.partitions,
    }
  }

  #sortedTopics(): readonly (Topic & { readonly topic: string })[] {
    return Array.from(this.#topics, ([topic, { config, slots }]) => ({ topic, config, slots })).sort((a, b) =>
      a.topic < b.topic ? -1 : 1,
    )
  }

  #note(what: 'brokers' | 'topics' | 'partitions'): void {
    this.#dirty[what] = true
    this.#changed = true
  }

  #involve(slot: PartitionSlot): void {
    if (slot.state.leader < 0) this.#leaderless.add(slot)
    for (const id of involvedIn(slot.state)) {
      const slots = this.#involved.get(id)
      if (slots === undefined) this.#involved.set(id, new Set([slot]))
      else slots.add(slot)
    }
  }

  #withdraw(slot: PartitionSlot): void {
    this.#leaderless.delete(slot)
    for (const id of involvedIn(slot.state)) this.#involved.get(id)?.delete(slot)
  }
}

function involvedIn(state: PartitionState): readonly BrokerId[] {
  const { leader, inSyncReplicas, eligibleLeaderReplicas } = state
  const ids = [...inSyncReplicas, ...eligibleLeaderReplicas]
  return leader < 0 || ids.includes(leader) ? ids : [...ids, leader]
}

function inOrder(slots: Iterable<PartitionSlot>): readonly PartitionSlot[] {
  return Array.from(slots).sort((a, b) => a.position - b.position)
}
