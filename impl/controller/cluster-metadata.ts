// The controller's decisions: the image that is pushed, and the indexes that find the partitions which an event concerns
// without looking at the others. Follows `ReplicationControlManager` and its `BrokersToIsrs`.
//
// Left out: deciding. Changes are noted one by one, and `commit` makes one new image of them; what did not change stays
// the same object from image to image.
import type { BrokerRegistration, PartitionState, TopicConfig } from '../../model/vocabulary/messages.ts'
import type { BrokerId, ControllerEpoch, MetadataOffset, PartitionIndex } from '../../model/vocabulary/units.ts'
import type { KeptBroker, Reassignment } from '../ports/decisions.ts'
import type { BrokerPlace, ClusterImage, ImageExtras, TopicId } from '../ports/image.ts'
import type { Settings } from './topic-settings.ts'

/** The place of one partition: its newest state, and its index in the image's array. */
export type PartitionSlot = { state: PartitionState; position: number; reassignment: Reassignment | null }

/** What is decided about a topic as a whole. */
export type TopicFacts = {
  readonly topicId: TopicId | null
  readonly config: TopicConfig
  /** Of the configuration, what is not the cluster's default. */
  readonly settings: Settings
}

type Topic = { facts: TopicFacts; slots: readonly PartitionSlot[] }

/** A broker and what is remembered about its registration. */
export type KnownBroker = Omit<KeptBroker, keyof BrokerRegistration> & { readonly registration: BrokerRegistration }

/** What was noted since it was last taken: for a decision. */
export type Noted = {
  readonly brokers: Set<BrokerId>
  readonly removedTopics: Set<string>
  readonly topics: Set<string>
  readonly partitions: Set<PartitionSlot>
}

/** Everything that the controller has decided. */
export class ClusterMetadata {
  readonly #clusterId: string | null
  #image: ClusterImage
  readonly #brokers = new Map<BrokerId, KnownBroker>()
  readonly #topics = new Map<string, Topic>()
  #partitions: PartitionState[] = []
  #layOutIsDue = false
  /** Partitions that a broker leads, is in sync with or eligible for. */
  readonly #involved = new Map<BrokerId, Set<PartitionSlot>>()
  readonly #leaderless = new Set<PartitionSlot>()
  #dirty = { brokers: false, topics: false, partitions: false }
  #changed = false
  #noted: Noted = nothingNoted()

  /** Nothing is decided yet: metadata offset 0. A cluster without an id has no topic ids and places either. */
  constructor(clusterId: string | null) {
    this.#clusterId = clusterId
    const nothing = { metadataOffset: 0, controllerEpoch: 1, brokers: [], topics: [], partitions: [] }
    this.#image = clusterId === null ? nothing : { ...nothing, extras: { clusterId, places: [], topicIds: [] } }
  }

  /** The image as of the last commit. */
  get image(): ClusterImage {
    return this.#image
  }

  /** The offset that the next commit will have. */
  get nextOffset(): MetadataOffset {
    return this.#image.metadataOffset + 1
  }

  /** Whether something of the image was noted since the last commit. */
  get changed(): boolean {
    return this.#changed
  }

  /** A broker's registration, or undefined. */
  broker(brokerId: BrokerId): BrokerRegistration | undefined {
    return this.#brokers.get(brokerId)?.registration
  }

  /** A broker with everything that is remembered about it, or undefined. */
  knownBroker(brokerId: BrokerId): KnownBroker | undefined {
    return this.#brokers.get(brokerId)
  }

  /** All registered brokers, ascending. */
  brokerIds(): readonly BrokerId[] {
    return Array.from(this.#brokers.keys()).sort((a, b) => a - b)
  }

  /** Whether the broker is registered and unfenced. */
  readonly isUnfenced = (brokerId: BrokerId): boolean => this.#brokers.get(brokerId)?.registration.fenced === false

  /** A topic's settings, or undefined. */
  topicConfig(topic: string): TopicConfig | undefined {
    return this.#topics.get(topic)?.facts.config
  }

  /** What is decided about a topic as a whole, or undefined. */
  topic(topic: string): TopicFacts | undefined {
    return this.#topics.get(topic)?.facts
  }

  /** The names of all topics, in no order. */
  topicNames(): Iterable<string> {
    return this.#topics.keys()
  }

  /** A partition's place, or undefined. */
  partition(topic: string, partition: PartitionIndex): PartitionSlot | undefined {
    return this.#topics.get(topic)?.slots[partition]
  }

  /** A topic's partitions in their order; none when it is unknown. */
  partitionsOf(topic: string): readonly PartitionSlot[] {
    return this.#topics.get(topic)?.slots ?? []
  }

  /** In partition order: those that the broker leads, is in sync with or eligible for. */
  involving(brokerId: BrokerId): readonly PartitionSlot[] {
    this.#layOut()
    return inOrder(this.#involved.get(brokerId) ?? [])
  }

  /** In partition order: those without a leader. */
  leaderless(): readonly PartitionSlot[] {
    this.#layOut()
    return inOrder(this.#leaderless)
  }

  /** Notes a registration, and what else is remembered about the broker; what is not given stays. */
  setBroker(registration: BrokerRegistration, rest: Partial<Omit<KnownBroker, 'registration'>> = {}): void {
    const { brokerId } = registration
    const known = this.#brokers.get(brokerId)
    this.#brokers.set(brokerId, { ...(known ?? unheardOf), ...rest, registration })
    this.#noted.brokers.add(brokerId)
    if (known?.registration !== registration) this.#note('brokers')
  }

  /** Notes what is decided about a topic as a whole. */
  setTopic(topic: string, facts: TopicFacts): void {
    const known = this.#topics.get(topic)
    if (known === undefined) throw new Error(`the topic ${topic} has no settings to change`)
    known.facts = facts
    this.#noted.topics.add(topic)
    this.#note('topics')
  }

  /** Notes a partition's new state; nothing when it is the same. */
  setPartition(slot: PartitionSlot, state: PartitionState): void {
    if (slot.state === state) return
    this.#layOut()
    this.#withdraw(slot)
    slot.state = state
    this.#involve(slot)
    if (!this.#dirty.partitions) this.#partitions = this.#partitions.slice()
    this.#partitions[slot.position] = state
    this.#noted.partitions.add(slot)
    this.#note('partitions')
  }

  /** Notes that a partition is being reassigned, or is no more. The image does not tell it. */
  setReassignment(slot: PartitionSlot, reassignment: Reassignment | null): void {
    slot.reassignment = reassignment
    this.#noted.partitions.add(slot)
  }

  /** Notes a new topic with its partitions, which are numbered from 0. */
  addTopic(topic: string, facts: TopicFacts, states: readonly PartitionState[]): void {
    this.#topics.set(topic, { facts, slots: [] })
    this.#noted.topics.add(topic)
    this.#note('topics')
    this.addPartitions(topic, states)
  }

  /** Notes more partitions of a topic, which are numbered behind those that it has. */
  addPartitions(topic: string, states: readonly PartitionState[]): void {
    const known = this.#topics.get(topic)
    if (known === undefined) throw new Error(`the topic ${topic} cannot grow: there is none`)
    const slots = states.map(state => ({ state, position: 0, reassignment: null }))
    known.slots = [...known.slots, ...slots]
    for (const slot of slots) {
      this.#involve(slot)
      this.#noted.partitions.add(slot)
    }
    this.#layOutIsDue = true
    this.#note('partitions')
  }

  /** Notes that a topic is gone. */
  removeTopic(topic: string): void {
    for (const slot of this.partitionsOf(topic)) {
      this.#withdraw(slot)
      this.#noted.partitions.delete(slot)
    }
    this.#topics.delete(topic)
    this.#noted.topics.delete(topic)
    this.#noted.removedTopics.add(topic)
    this.#layOutIsDue = true
    this.#note('topics')
    this.#note('partitions')
  }

  /** Makes what was noted the next image. */
  commit(controllerEpoch: ControllerEpoch): ClusterImage {
    const { metadataOffset } = this.#image
    return this.#become(metadataOffset + 1, controllerEpoch)
  }

  /** Makes what was noted the image with which a controller begins. */
  commitInitial(metadataOffset: MetadataOffset, controllerEpoch: ControllerEpoch): void {
    this.#become(metadataOffset, controllerEpoch)
  }

  /** What was noted since this was last asked; null when that is nothing. */
  takeNoted(): Noted | null {
    const noted = this.#noted
    const { brokers, removedTopics, topics, partitions } = noted
    if (brokers.size + removedTopics.size + topics.size + partitions.size === 0) return null
    this.#noted = nothingNoted()
    return noted
  }

  /** Everything, as if all of it had just been noted. */
  all(): Noted {
    const slots = Array.from(this.#topics.values()).flatMap(topic => topic.slots)
    return {
      brokers: new Set(this.#brokers.keys()),
      removedTopics: new Set(),
      topics: new Set(this.#topics.keys()),
      partitions: new Set(slots),
    }
  }

  #become(metadataOffset: MetadataOffset, controllerEpoch: ControllerEpoch): ClusterImage {
    this.#layOut()
    const before = this.#image
    const { brokers, topics, partitions } = this.#dirty
    const extras = brokers || topics ? this.#extras() : before.extras
    this.#image = {
      metadataOffset,
      controllerEpoch,
      brokers: brokers ? this.#registrations() : before.brokers,
      topics: topics
        ? this.#sortedTopics().map(([topic, { facts }]) => ({ topic, config: facts.config }))
        : before.topics,
      partitions: partitions ? this.#partitions : before.partitions,
      ...(extras === undefined ? null : { extras }),
    }
    this.#dirty = { brokers: false, topics: false, partitions: false }
    this.#changed = false
    return this.#image
  }

  #registrations(): readonly BrokerRegistration[] {
    return Array.from(this.#brokers.values(), ({ registration }) => registration).sort(
      (a, b) => a.brokerId - b.brokerId,
    )
  }

  #extras(): ImageExtras | undefined {
    if (this.#clusterId === null) return undefined
    const places: (BrokerPlace & { readonly brokerId: BrokerId })[] = []
    for (const { brokerId } of this.#registrations()) {
      const place = this.#brokers.get(brokerId)?.place ?? null
      if (place !== null) places.push({ brokerId, ...place })
    }
    const topicIds: { readonly topic: string; readonly topicId: TopicId }[] = []
    for (const [topic, { facts }] of this.#sortedTopics()) {
      if (facts.topicId !== null) topicIds.push({ topic, topicId: facts.topicId })
    }
    return { clusterId: this.#clusterId, places, topicIds }
  }

  /** Puts the partitions of all topics in their order again, when topics or partitions came or went. */
  #layOut(): void {
    if (!this.#layOutIsDue) return
    this.#layOutIsDue = false
    this.#partitions = []
    for (const [, { slots }] of this.#sortedTopics()) {
      for (const slot of slots) slot.position = this.#partitions.push(slot.state) - 1
    }
  }

  #sortedTopics(): readonly (readonly [string, Topic])[] {
    return Array.from(this.#topics).sort(([a], [b]) => (a < b ? -1 : 1))
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

const unheardOf: Omit<KnownBroker, 'registration'> = { registeredAt: 0, claim: null, place: null }

/** Nothing at all. */
export function nothingNoted(): Noted {
  return { brokers: new Set(), removedTopics: new Set(), topics: new Set(), partitions: new Set() }
}

function involvedIn(state: PartitionState): readonly BrokerId[] {
  const { leader, inSyncReplicas, eligibleLeaderReplicas } = state
  const ids = [...inSyncReplicas, ...eligibleLeaderReplicas]
  return leader < 0 || ids.includes(leader) ? ids : [...ids, leader]
}

function inOrder(slots: Iterable<PartitionSlot>): readonly PartitionSlot[] {
  return Array.from(slots).sort((a, b) => a.position - b.position)
}
