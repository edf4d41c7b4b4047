// The controller: registrations, sessions, leaders and in-sync sets. One logical node whose decisions are durable at once.
// Follows KIP-500, 631, 903 and 966 (`QuorumController`, `ReplicationControlManager`, `ClusterControlManager`);
// docs/protocol/cluster.md §3.
//
// Every event answers whoever asked first, and then pushes the new image to every broker when it changed anything.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { MetadataImage, TopicConfig } from '../../model/vocabulary/messages.ts'
import type {
  BrokerEpoch,
  BrokerId,
  ControllerEpoch,
  MetadataOffset,
  Milliseconds,
  PartitionIndex,
  ProducerId,
} from '../../model/vocabulary/units.ts'
import { offsetsTopic } from '../broker/topics.ts'
import type { Clock } from '../ports/clock.ts'
import {
  brokerEndpoint,
  controllerEndpoint,
  type Network,
  type Requester,
  type Wire,
  type WireRequest,
  type WireResponse,
} from '../ports/network.ts'
import { alterPartition } from './alter-partition.ts'
import { ClusterMetadata, type PartitionSlot } from './cluster-metadata.ts'
import { checkNewTopic, newPartitions } from './create-topic.ts'
import { changeInSyncReplicas, type ElectionRules, electPreferred, electUnclean } from './partition-change.ts'

/** What a controller begins with. */
export type ControllerOptions = {
  readonly network: Network
  readonly clock: Clock
  /** Brokers 1 to this, registered and unfenced from the beginning. */
  readonly brokers: number
  readonly brokerSessionTimeoutMs: Milliseconds
  /** Partitions of the topic that keeps the groups' offsets, replicated to all brokers; 0: there is none. */
  readonly offsetsPartitions: number
  readonly offsetsConfig: TopicConfig
}

type Asked<Kind> = Extract<WireRequest, { kind: Kind }>

/** The one controller of a cluster. */
export class Controller {
  readonly #options: ControllerOptions
  readonly #metadata = new ClusterMetadata()
  #controllerEpoch: ControllerEpoch = 1
  #nextBrokerEpoch: BrokerEpoch
  #nextProducerId: ProducerId = 0
  /** The metadata offset that a fenced broker must have reached before it is unfenced. */
  readonly #registeredAt = new Map<BrokerId, MetadataOffset>()
  /** The epoch by which a registration was proven, until the broker is heard of under its new one: it may not know it. */
  readonly #claims = new Map<BrokerId, BrokerEpoch>()
  /** When each unfenced broker was last heard of; longest ago first, because a contact moves to the end. */
  readonly #contacts = new Map<BrokerId, Milliseconds>()

  constructor(options: ControllerOptions) {
    this.#options = options
    const brokers = Array.from({ length: options.brokers }, (_, index) => index + 1)
    for (const brokerId of brokers) {
      this.#metadata.setBroker({ brokerId, brokerEpoch: brokerId, fenced: false })
      this.#contacts.set(brokerId, 0)
    }
    this.#nextBrokerEpoch = options.brokers + 1
    if (options.offsetsPartitions > 0) {
      const rotated = Array.from({ length: options.offsetsPartitions }, (_, k) =>
        brokers.map((_, index) => brokers[(index + k) % brokers.length] ?? -1),
      )
      const states = newPartitions(offsetsTopic, rotated, this.#metadata.isUnfenced)
      this.#metadata.addTopic(offsetsTopic, options.offsetsConfig, states)
    }
    this.#metadata.commitInitial()
  }

  /** What it has decided. */
  get image(): MetadataImage {
    return this.#metadata.image
  }

  /** A producer id that nobody had before. */
  takeProducerId(): ProducerId {
    return this.#nextProducerId++
  }

  /** Takes a message; kinds that are not for a controller are ignored. */
  receive(from: Requester, message: Wire): void {
    switch (message.kind) {
      case 'BrokerRegistration':
        this.#register(from, message)
        break
      case 'BrokerHeartbeat':
        this.#heartbeat(from, message)
        break
      case 'AlterPartition':
        this.#alterPartition(from, message)
        break
      default:
    }
  }

  /** The time before which `tick` has nothing to do. */
  nextDeadline(): Milliseconds {
    for (const contact of this.#contacts.values()) return contact + this.#options.brokerSessionTimeoutMs
    return Number.POSITIVE_INFINITY
  }

  /** Fences the brokers whose sessions ran out, one change each. */
  tick(): void {
    const now = this.#options.clock.now()
    const expired: BrokerId[] = []
    for (const [brokerId, contact] of this.#contacts) {
      if (now - contact < this.#options.brokerSessionTimeoutMs) break
      expired.push(brokerId)
    }
    for (const brokerId of expired.sort((a, b) => a - b)) this.expireSession(brokerId)
  }

  /** Fences a broker as if its session had run out; false when it is fenced or unknown. */
  expireSession(brokerId: BrokerId): boolean {
    if (!this.#metadata.isUnfenced(brokerId)) return false
    this.#fence(brokerId)
    this.#publish()
    return true
  }

  /** Creates a topic; each partition's replicas are given, preferred leader first. */
  createTopic(topic: string, assignment: readonly (readonly BrokerId[])[], config: TopicConfig): ErrorName {
    const error = checkNewTopic(this.#metadata, topic, assignment, config)
    if (error !== 'NONE') return error
    this.#metadata.addTopic(topic, config, newPartitions(topic, assignment, this.#metadata.isUnfenced))
    this.#publish()
    return 'NONE'
  }

  /** Allows or forbids leaders that may lack committed records. Null when that is the setting already. */
  setUncleanElection(topic: string, enabled: boolean): ErrorName | null {
    const config = this.#metadata.topicConfig(topic)
    if (config === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
    if (config.uncleanLeaderElection === enabled) return null
    this.#metadata.setTopicConfig(topic, { ...config, uncleanLeaderElection: enabled })
    this.#electMissing(slot => slot.state.topic === topic)
    this.#publish()
    return 'NONE'
  }

  /** Elects a leader as an administrator asks (KIP-460). */
  electLeader(topic: string, partition: PartitionIndex, election: 'preferred' | 'unclean'): ErrorName {
    const slot = this.#metadata.partition(topic, partition)
    if (slot === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
    const { leader, replicas, inSyncReplicas } = slot.state
    if (election === 'preferred') {
      const [preferred = -1] = replicas
      if (leader === preferred) return 'ELECTION_NOT_NEEDED'
      if (!inSyncReplicas.includes(preferred) || !this.#metadata.isUnfenced(preferred)) {
        return 'PREFERRED_LEADER_NOT_AVAILABLE'
      }
      this.#metadata.setPartition(slot, electPreferred(slot.state, preferred))
    } else {
      if (leader >= 0) return 'ELECTION_NOT_NEEDED'
      const elected = electUnclean(slot.state, this.#rules(slot))
      if (elected === null) return 'ELIGIBLE_LEADERS_NOT_AVAILABLE'
      this.#metadata.setPartition(slot, elected)
    }
    this.#publish()
    return 'NONE'
  }

  /** Another controller takes over: it knows everything, and gives every broker a whole session. */
  failover(): void {
    this.#controllerEpoch++
    const now = this.#options.clock.now()
    for (const brokerId of this.#contacts.keys()) this.#contacts.set(brokerId, now)
    this.#publish(true)
  }

  /**
   * Who: a broker that started. When: its id is known. Then: its old session ends here, and if it lost what it had
   * (another epoch than the registered one) it is in sync with nothing. Source: KIP-966, `ClusterControlManager`.
   */
  #register(from: Requester, request: Asked<'BrokerRegistration'>): void {
    const { correlationId, brokerId, previousBrokerEpoch } = request
    const registered = this.#metadata.broker(brokerId)
    if (registered === undefined) {
      const error = 'INVALID_REQUEST'
      this.#respond(from, { kind: 'BrokerRegistrationResponse', correlationId, error, brokerEpoch: -1 })
      return
    }
    if (!registered.fenced) this.#fence(brokerId)
    const isProven =
      previousBrokerEpoch === registered.brokerEpoch || previousBrokerEpoch === this.#claims.get(brokerId)
    if (!isProven) this.#loseData(brokerId)
    const brokerEpoch = this.#nextBrokerEpoch++
    if (isProven) this.#claims.set(brokerId, previousBrokerEpoch)
    else this.#claims.delete(brokerId)
    this.#metadata.setBroker({ brokerId, brokerEpoch, fenced: true })
    this.#registeredAt.set(brokerId, this.#metadata.nextOffset)
    this.#respond(from, { kind: 'BrokerRegistrationResponse', correlationId, error: 'NONE', brokerEpoch })
    this.#publish()
  }

  #heartbeat(from: Requester, request: Asked<'BrokerHeartbeat'>): void {
    const { correlationId, brokerId, brokerEpoch, metadataOffset } = request
    const registered = this.#metadata.broker(brokerId)
    if (registered === undefined || registered.brokerEpoch !== brokerEpoch) {
      const error = 'STALE_BROKER_EPOCH'
      this.#respond(from, { kind: 'BrokerHeartbeatResponse', correlationId, error, fenced: true })
      return
    }
    this.#claims.delete(brokerId)
    const stays = registered.fenced && metadataOffset < (this.#registeredAt.get(brokerId) ?? 0)
    if (!stays) {
      this.#contacts.delete(brokerId)
      this.#contacts.set(brokerId, this.#options.clock.now())
      if (registered.fenced) {
        this.#metadata.setBroker({ ...registered, fenced: false })
        this.#electMissing(() => true)
      }
    }
    this.#respond(from, { kind: 'BrokerHeartbeatResponse', correlationId, error: 'NONE', fenced: stays })
    if (this.#metadata.changed) this.#publish()
    else if (metadataOffset < this.image.metadataOffset) this.#push(brokerId)
  }

  #alterPartition(from: Requester, request: Asked<'AlterPartition'>): void {
    const { correlationId, topic, partition } = request
    const slot = this.#metadata.partition(topic, partition)
    const error = alterPartition(this.#metadata, slot, request, slot === undefined ? null : this.#rules(slot))
    this.#respond(from, {
      kind: 'AlterPartitionResponse',
      correlationId,
      topic,
      partition,
      error,
      leader: slot?.state.leader ?? -1,
      leaderEpoch: slot?.state.leaderEpoch ?? -1,
      inSyncReplicas: slot?.state.inSyncReplicas ?? [],
      partitionEpoch: slot?.state.partitionEpoch ?? -1,
    })
    if (this.#metadata.changed) this.#publish()
  }

  #fence(brokerId: BrokerId): void {
    const registered = this.#metadata.broker(brokerId)
    if (registered === undefined) return
    this.#contacts.delete(brokerId)
    this.#metadata.setBroker({ ...registered, fenced: true })
    for (const slot of this.#metadata.involving(brokerId)) {
      const { inSyncReplicas, leader } = slot.state
      if (leader === brokerId || inSyncReplicas.includes(brokerId)) this.#remove(slot, brokerId)
    }
  }

  #loseData(brokerId: BrokerId): void {
    for (const slot of this.#metadata.involving(brokerId)) {
      const { inSyncReplicas, eligibleLeaderReplicas } = slot.state
      if (inSyncReplicas.includes(brokerId) || eligibleLeaderReplicas.includes(brokerId)) {
        this.#remove(slot, brokerId, brokerId)
      }
    }
  }

  #remove(slot: PartitionSlot, brokerId: BrokerId, lost: BrokerId | null = null): void {
    const target = slot.state.inSyncReplicas.filter(id => id !== brokerId)
    this.#metadata.setPartition(slot, changeInSyncReplicas(slot.state, target, this.#rules(slot), lost))
  }

  #electMissing(concerned: (slot: PartitionSlot) => boolean): void {
    for (const slot of this.#metadata.leaderless()) {
      if (!concerned(slot)) continue
      const state = changeInSyncReplicas(slot.state, slot.state.inSyncReplicas, this.#rules(slot))
      this.#metadata.setPartition(slot, state)
    }
  }

  #rules(slot: PartitionSlot): ElectionRules {
    const config = this.#metadata.topicConfig(slot.state.topic)
    if (config === undefined) throw new Error(`the topic ${slot.state.topic} has partitions and no settings`)
    const { minInSyncReplicas, uncleanLeaderElection } = config
    return { minInSyncReplicas, uncleanLeaderElection, isUnfenced: this.#metadata.isUnfenced }
  }

  #publish(evenUnchanged = false): void {
    if (!this.#metadata.changed && !evenUnchanged) return
    for (const { brokerId } of this.#metadata.commit(this.#controllerEpoch).brokers) this.#push(brokerId)
  }

  #push(brokerId: BrokerId): void {
    const update = { kind: 'MetadataUpdate', correlationId: 0, image: this.image } as const
    this.#options.network.send(controllerEndpoint, brokerEndpoint(brokerId), update)
  }

  #respond(to: Requester, response: WireResponse): void {
    this.#options.network.respond(controllerEndpoint, to.endpoint, to.connection, response)
  }
}
