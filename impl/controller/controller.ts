// The controller: registrations, sessions, leaders and in-sync sets. One logical node whose decisions are durable at once.
// Follows KIP-500, 631, 903 and 966 (`QuorumController`, `ReplicationControlManager`, `ClusterControlManager`);
// docs/protocol/cluster.md §3.
//
// Every event answers whoever asked first, and then pushes the new image to every broker when it changed anything.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { TopicConfig } from '../../model/vocabulary/messages.ts'
import type { BrokerId, Milliseconds, PartitionIndex, ProducerId } from '../../model/vocabulary/units.ts'
import { offsetsTopic } from '../broker/topics.ts'
import type { Decision } from '../ports/decisions.ts'
import { DiskFailure } from '../ports/disk.ts'
import type { ClusterImage } from '../ports/image.ts'
import {
  brokerEndpoint,
  controllerEndpoint,
  type Network,
  type Requester,
  type Wire,
  type WireRequest,
  type WireResponse,
} from '../ports/network.ts'
import { Administration } from './administration.ts'
import { alterPartition } from './alter-partition.ts'
import { ClusterMetadata, type Noted, nothingNoted } from './cluster-metadata.ts'
import type { ControllerOptions } from './controller-options.ts'
import { checkNewTopic, newPartitions } from './create-topic.ts'
import { Elections } from './elections.ts'
import { type Counters, decisionOf, restore } from './memory.ts'
import { Outbox } from './outbox.ts'
import { kafkaDefaults, settingsOf } from './topic-settings.ts'

type Asked<Kind> = Extract<WireRequest, { kind: Kind }>

/** The one controller of a cluster. */
export class Controller {
  /** What administrators ask for. */
  readonly administration: Administration
  readonly #options: ControllerOptions
  readonly #metadata: ClusterMetadata
  readonly #elections: Elections
  readonly #network: Network
  readonly #outbox: Outbox | null
  #counters: Counters
  /** The counters as they were last kept. */
  #keptCounters: Counters | null = null
  #halted = false
  /** The present event is one of several that are kept together. */
  #isTogether = false
  /** When each unfenced broker was last heard of; longest ago first, because a contact moves to the end. */
  readonly #contacts = new Map<BrokerId, Milliseconds>()

  /** Begins a cluster, or goes on with what `startAgain` hands in. Throws `DiskFailure` when nothing can be kept. */
  constructor(options: ControllerOptions, kept: Decision | null = null) {
    const { lasting = null } = options
    this.#options = options
    this.#metadata = new ClusterMetadata(lasting?.clusterId ?? null)
    this.#elections = new Elections(this.#metadata)
    this.#outbox = lasting === null ? null : new Outbox(options.network)
    this.#network = this.#outbox ?? options.network
    this.#counters = { controllerEpoch: 1, nextBrokerEpoch: options.brokers + 1, nextProducerId: 0 }
    if (kept === null) this.#begin()
    else this.#goOn(kept)
    this.administration = new Administration({
      metadata: this.#metadata,
      lasting,
      elections: this.#elections,
      decide: step => this.#decide(step),
      takeProducerIds: count => this.#takeProducerIds(count),
    })
    this.#keep()
  }

  /** Starts a controller again over what it has kept: every broker that is unfenced gets a whole session. */
  static startAgain(options: ControllerOptions, kept: Decision): Controller {
    return new Controller(options, kept)
  }

  /** What it has decided. */
  get image(): ClusterImage {
    return this.#metadata.image
  }

  /** True when it was closed or a decision could not be kept: only starting again helps. */
  get halted(): boolean {
    return this.#halted
  }

  /** Ends it: it hears and decides nothing from now on. */
  close(): void {
    this.#halted = true
    this.#options.lasting?.decisions.close()
  }

  /** A producer id that nobody had before. */
  takeProducerId(): ProducerId {
    return this.#decide(() => this.#takeProducerIds(1))
  }

  /** Takes a message; kinds that are not for a controller are ignored. */
  receive(from: Requester, message: Wire): void {
    switch (message.kind) {
      case 'BrokerRegistration':
        this.#happens(() => this.#register(from, message))
        break
      case 'BrokerHeartbeat':
        this.#happens(() => this.#heartbeat(from, message))
        break
      case 'AlterPartition':
        this.#happens(() => this.#alterPartition(from, message))
        break
      default:
    }
  }

  /**
   * Takes messages one after the other, as `receive` does. What they decide is made durable together, and each broker is
   * pushed the last image only: for a host to whom many messages come at once.
   */
  receiveAll(messages: readonly { readonly from: Requester; readonly message: Wire }[]): void {
    this.#happens(() => {
      this.#isTogether = true
      for (const { from, message } of messages) this.receive(from, message)
      this.#isTogether = false
    })
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
    if (expired.length === 0) return
    this.#happens(() => {
      for (const brokerId of expired.sort((a, b) => a - b)) {
        this.#expireSession(brokerId)
        this.#publish()
      }
    })
  }

  /** Fences a broker as if its session had run out; false when it is fenced or unknown. */
  expireSession(brokerId: BrokerId): boolean {
    return this.#decide(() => this.#expireSession(brokerId))
  }

  /** Creates a topic; each partition's replicas are given, preferred leader first. */
  createTopic(topic: string, assignment: readonly (readonly BrokerId[])[], config: TopicConfig): ErrorName {
    return this.#decide(() => {
      const error = checkNewTopic(this.#metadata, topic, assignment, config)
      if (error === 'NONE') this.#addTopic(topic, assignment, config)
      return error
    })
  }

  /** Allows or forbids leaders that may lack committed records. Null when that is the setting already. */
  setUncleanElection(topic: string, enabled: boolean): ErrorName | null {
    const config = this.#metadata.topicConfig(topic)
    if (config === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
    if (config.uncleanLeaderElection === enabled) return null
    return this.#decide(() => {
      this.administration.setSetting(topic, 'unclean.leader.election.enable', String(enabled))
      return 'NONE'
    })
  }

  /** Elects a leader as an administrator asks (KIP-460). */
  electLeader(topic: string, partition: PartitionIndex, election: 'preferred' | 'unclean'): ErrorName {
    const slot = this.#metadata.partition(topic, partition)
    if (slot === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
    return this.#decide(() => this.#elections.elect(slot, election))
  }

  /** Another controller takes over: it knows everything, and gives every broker a whole session. */
  failover(): void {
    this.#decide(() => {
      this.#takeOver()
      this.#publish(true)
    })
  }

  /**
   * Who: a broker that started. When: its id is known. Then: its old session ends here, and if it lost what it had
   * (another epoch than the registered one) it is in sync with nothing. Source: KIP-966, `ClusterControlManager`.
   */
  #register(from: Requester, request: Asked<'BrokerRegistration'>): void {
    const { correlationId, brokerId, previousBrokerEpoch } = request
    const known = this.#metadata.knownBroker(brokerId)
    if (known === undefined && (this.#options.lasting === undefined || brokerId < 1)) {
      const error = 'INVALID_REQUEST'
      this.#respond(from, { kind: 'BrokerRegistrationResponse', correlationId, error, brokerEpoch: -1 })
      return
    }
    if (known?.registration.fenced === false) this.#fence(brokerId)
    const isProven =
      known !== undefined &&
      (previousBrokerEpoch === known.registration.brokerEpoch || previousBrokerEpoch === known.claim)
    if (!isProven) this.#loseData(brokerId)
    const brokerEpoch = this.#counters.nextBrokerEpoch
    this.#count({ nextBrokerEpoch: brokerEpoch + 1 })
    this.#metadata.setBroker(
      { brokerId, brokerEpoch, fenced: true },
      {
        registeredAt: this.#metadata.nextOffset,
        claim: isProven ? previousBrokerEpoch : null,
        place: request.place ?? known?.place ?? null,
      },
    )
    this.#respond(from, { kind: 'BrokerRegistrationResponse', correlationId, error: 'NONE', brokerEpoch })
  }

  #heartbeat(from: Requester, request: Asked<'BrokerHeartbeat'>): void {
    const { correlationId, brokerId, brokerEpoch, metadataOffset } = request
    const known = this.#metadata.knownBroker(brokerId)
    if (known === undefined || known.registration.brokerEpoch !== brokerEpoch) {
      const error = 'STALE_BROKER_EPOCH'
      this.#respond(from, { kind: 'BrokerHeartbeatResponse', correlationId, error, fenced: true })
      return
    }
    const { registration } = known
    if (known.claim !== null) this.#metadata.setBroker(registration, { claim: null })
    const stays = registration.fenced && metadataOffset < known.registeredAt
    if (!stays) {
      this.#contacts.delete(brokerId)
      this.#contacts.set(brokerId, this.#options.clock.now())
      if (registration.fenced) {
        this.#metadata.setBroker({ ...registration, fenced: false })
        this.#elections.electMissing(() => true)
      }
    }
    this.#respond(from, { kind: 'BrokerHeartbeatResponse', correlationId, error: 'NONE', fenced: stays })
    if (!this.#metadata.changed && metadataOffset < this.image.metadataOffset) this.#push(brokerId)
  }

  #alterPartition(from: Requester, request: Asked<'AlterPartition'>): void {
    const { correlationId, topic, partition, topicId = null } = request
    // A proposal for a topic that was deleted is not one for the topic that has its name now.
    const isSame = topicId === null || topicId === this.#metadata.topic(topic)?.topicId
    const slot = isSame ? this.#metadata.partition(topic, partition) : undefined
    const rules = slot === undefined ? null : this.#elections.rules(slot)
    const error = alterPartition(this.#metadata, slot, request, rules)
    if (slot !== undefined) this.#elections.completeReassignment(slot)
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
  }

  #expireSession(brokerId: BrokerId): boolean {
    if (!this.#metadata.isUnfenced(brokerId)) return false
    this.#fence(brokerId)
    return true
  }

  #fence(brokerId: BrokerId): void {
    const registered = this.#metadata.broker(brokerId)
    if (registered === undefined) return
    this.#contacts.delete(brokerId)
    this.#metadata.setBroker({ ...registered, fenced: true })
    for (const slot of this.#metadata.involving(brokerId)) {
      const { inSyncReplicas, leader } = slot.state
      if (leader === brokerId || inSyncReplicas.includes(brokerId)) this.#elections.remove(slot, brokerId)
    }
  }

  #loseData(brokerId: BrokerId): void {
    for (const slot of this.#metadata.involving(brokerId)) {
      const { inSyncReplicas, eligibleLeaderReplicas } = slot.state
      if (inSyncReplicas.includes(brokerId) || eligibleLeaderReplicas.includes(brokerId)) {
        this.#elections.remove(slot, brokerId, brokerId)
      }
    }
  }

  #begin(): void {
    const { brokers, offsetsPartitions, offsetsConfig } = this.#options
    const ids = Array.from({ length: brokers }, (_, index) => index + 1)
    for (const brokerId of ids) {
      this.#metadata.setBroker({ brokerId, brokerEpoch: brokerId, fenced: false })
      this.#contacts.set(brokerId, 0)
    }
    if (offsetsPartitions > 0) {
      const rotated = Array.from({ length: offsetsPartitions }, (_, k) =>
        ids.map((_, index) => ids[(index + k) % ids.length] ?? -1),
      )
      this.#addTopic(offsetsTopic, rotated, offsetsConfig)
    }
    this.#metadata.commitInitial(0, this.#counters.controllerEpoch)
  }

  /** Nothing is pushed: every broker's next heartbeat is behind, and is answered with the image. */
  #goOn(kept: Decision): void {
    const { controllerEpoch, nextBrokerEpoch, nextProducerId } = kept
    this.#counters = { controllerEpoch, nextBrokerEpoch, nextProducerId }
    restore(this.#metadata, kept, this.#options.lasting?.topicDefaults ?? kafkaDefaults)
    for (const { brokerId, fenced } of this.image.brokers) if (!fenced) this.#contacts.set(brokerId, 0)
    this.#takeOver()
    this.#metadata.commit(this.#counters.controllerEpoch)
  }

  #takeOver(): void {
    this.#count({ controllerEpoch: this.#counters.controllerEpoch + 1 })
    const now = this.#options.clock.now()
    for (const brokerId of this.#contacts.keys()) this.#contacts.set(brokerId, now)
  }

  #addTopic(topic: string, assignment: readonly (readonly BrokerId[])[], config: TopicConfig): void {
    const { lasting } = this.#options
    const settings = settingsOf(config, lasting?.topicDefaults ?? kafkaDefaults)
    const facts = { topicId: lasting?.drawTopicId() ?? null, config, settings }
    this.#metadata.addTopic(topic, facts, newPartitions(topic, assignment, this.#metadata.isUnfenced))
  }

  #takeProducerIds(count: number): ProducerId {
    const { nextProducerId } = this.#counters
    this.#count({ nextProducerId: nextProducerId + count })
    return nextProducerId
  }

  #count(counters: Partial<Counters>): void {
    this.#counters = { ...this.#counters, ...counters }
  }

  /** As `#decide`, where nobody waits for an outcome: when nothing can be kept the controller is halted. */
  #happens(step: () => void): void {
    try {
      this.#decide(step)
    } catch (failure) {
      if (!(failure instanceof DiskFailure)) throw failure
    }
  }

  /** Runs one event: what it decided is durable before anybody hears of it. Throws `DiskFailure` when it is not. */
  #decide<Result>(step: () => Result): Result {
    if (this.#halted) throw new DiskFailure('the controller has ended, and has to be started again')
    const result = step()
    this.#publish()
    if (this.#isTogether) return result
    this.#keep()
    this.#outbox?.release()
    return result
  }

  #keep(): void {
    const { lasting } = this.#options
    if (lasting === undefined) return
    const noted = this.#metadata.takeNoted()
    const isSame = noted === null && this.#counters === this.#keptCounters
    if (isSame) return
    const decision = (what: Noted): Decision => decisionOf(lasting.clusterId, this.#metadata, this.#counters, what)
    try {
      lasting.decisions.keep(decision(noted ?? nothingNoted()), () => decision(this.#metadata.all()))
    } catch (failure) {
      this.#halted = true
      this.#outbox?.discard()
      throw failure
    }
    this.#keptCounters = this.#counters
  }

  #publish(evenUnchanged = false): void {
    if (!this.#metadata.changed && !evenUnchanged) return
    for (const { brokerId } of this.#metadata.commit(this.#counters.controllerEpoch).brokers) this.#push(brokerId)
  }

  #push(brokerId: BrokerId): void {
    const update = { kind: 'MetadataUpdate', correlationId: 0, image: this.image } as const
    this.#network.send(controllerEndpoint, brokerEndpoint(brokerId), update)
  }

  #respond(to: Requester, response: WireResponse): void {
    this.#network.respond(controllerEndpoint, to.endpoint, to.connection, response)
  }
}
