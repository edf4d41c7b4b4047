// A broker: what it owns, what it is told, and who in it is concerned. Follows `BrokerServer`, `KafkaApis` and
// `ReplicaManager`; docs/protocol/cluster.md §4.
//
// Everything is an event: a message, a broken connection, a look at the clock, an administrator's wish. An event runs to
// its end; nothing waits. When a log goes offline the broker is `halted`, and whoever runs it ends it after the event.
import type { BrokerConfig, Endpoint } from '../../model/vocabulary/cluster.ts'
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { BrokerRegistration } from '../../model/vocabulary/messages.ts'
import type {
  BrokerEpoch,
  BrokerId,
  CorrelationId,
  MetadataOffset,
  Milliseconds,
  PartitionIndex,
} from '../../model/vocabulary/units.ts'
import type { CoordinatorConfig } from '../group/config.ts'
import type { NewMemberId } from '../group/coordinator.ts'
import type { GroupRequest } from '../group/messages.ts'
import type { ObservedGroup } from '../group/observed.ts'
import { byPartition } from '../order.ts'
import type { Clock } from '../ports/clock.ts'
import { DiskFailure } from '../ports/disk.ts'
import type { BrokerPlace, ClusterImage } from '../ports/image.ts'
import {
  brokerEndpoint,
  controllerEndpoint,
  type Network,
  type Requester,
  type Wire,
  type WireRequest,
  type WireResponse,
} from '../ports/network.ts'
import type { FetchRequest } from '../replica/parked-fetches.ts'
import { listOffsets, refuseFetch } from '../replica/read.ts'
import type { LeadershipChange, ProduceRequest, Replica } from '../replica/replica.ts'
import type { Surroundings } from '../replica/surroundings.ts'
import { applyImage } from './apply-image.ts'
import { Coordinators } from './coordinators.ts'
import { Deadlines } from './deadlines.ts'
import { describeCluster, findCoordinator, KnownMetadata } from './known-metadata.ts'
import { Replicas } from './replicas.ts'
import { Session, type SessionSurroundings } from './session.ts'
import type { Storage } from './storage.ts'
import { isInternal, offsetsTopic } from './topics.ts'

/** What a broker is put together from. */
export type BrokerOptions = {
  readonly brokerId: BrokerId
  readonly config: BrokerConfig
  readonly groupConfig: CoordinatorConfig
  /** For servers of clients that expect ids that nobody can guess; deterministic unless given. */
  readonly newMemberId?: NewMemberId
  readonly network: Network
  readonly clock: Clock
  readonly storage: Storage
  /** Is told when a partition's high watermark rose on the leader: consumers may read more. */
  readonly committed?: (topic: string, partition: PartitionIndex) => void
  /** Where clients and other brokers reach it; absent where nobody asks. */
  readonly place?: BrokerPlace
}

/** A running broker; a stopped one is thrown away. */
export class Broker implements Surroundings, SessionSurroundings {
  readonly brokerId: BrokerId
  readonly config: BrokerConfig
  readonly place: BrokerPlace | null
  readonly #options: BrokerOptions
  readonly #endpoint: Endpoint
  readonly #session: Session
  readonly #replicas: Replicas
  readonly #coordinators: Coordinators
  readonly #deadlines = new Deadlines<Replica>()
  #known: KnownMetadata | null = null
  #inSyncCheckAt: Milliseconds
  #correlationId: CorrelationId = 0
  #halted = false
  #refusal: string | null = null

  private constructor(options: BrokerOptions, brokerEpoch: BrokerEpoch) {
    this.brokerId = options.brokerId
    this.config = options.config
    this.place = options.place ?? null
    this.#options = options
    this.#endpoint = brokerEndpoint(options.brokerId)
    this.#session = new Session(this, options.config.heartbeatIntervalMs, brokerEpoch)
    this.#inSyncCheckAt = this.now() + this.#inSyncCheckMs
    this.#coordinators = new Coordinators({
      config: options.groupConfig,
      newMemberId: options.newMemberId,
      brokerId: options.brokerId,
      now: () => this.now(),
      respond: (to, response) => this.respond(to, response),
      wrote: replica => this.#looked(replica),
    })
    this.#replicas = new Replicas(options.storage, this)
  }

  /** Starts a broker that has never run, as one of those with which the cluster begins. */
  static begin(options: BrokerOptions, brokerEpoch: BrokerEpoch, image: ClusterImage): Broker {
    const broker = new Broker(options, brokerEpoch)
    broker.#apply(image)
    return broker
  }

  /** Starts a broker again over its logs. `keptBrokerEpoch` is what `stop` answered, or -1 after a crash. */
  static startAgain(options: BrokerOptions, keptBrokerEpoch: BrokerEpoch): Broker {
    const broker = new Broker(options, -1)
    broker.#session.register(keptBrokerEpoch)
    return broker
  }

  get brokerEpoch(): BrokerEpoch {
    return this.#session.brokerEpoch
  }

  get isRegistered(): boolean {
    return this.#session.isRegistered
  }

  /** What the controller last said. */
  get fenced(): boolean {
    return this.#session.fenced
  }

  /** Offset of the newest image; -1 without one. */
  get metadataOffset(): MetadataOffset {
    return this.#known?.image.metadataOffset ?? -1
  }

  /** The newest image with its indexes; null before the first of this registration. */
  get known(): KnownMetadata | null {
    return this.#known
  }

  /** In partition order. */
  get replicas(): readonly Replica[] {
    return this.#replicas.sorted
  }

  /** True when a log went offline: this broker is to be ended now, as if it had crashed. */
  get halted(): boolean {
    return this.#halted
  }

  /** Why it halted, when that is not the disk's fault; null otherwise. */
  get refusal(): string | null {
    return this.#refusal
  }

  /** The groups that it coordinates, ascending by id; the same array until one changes. */
  groups(): readonly ObservedGroup[] {
    return this.#coordinators.groups()
  }

  /** One replica, or undefined. */
  replica(topic: string, partition: PartitionIndex): Replica | undefined {
    return this.#replicas.get(topic, partition)
  }

  /** Takes a message; kinds that are not for a broker are ignored. */
  receive(from: Requester, message: Wire): void {
    switch (message.kind) {
      case 'Fetch':
        this.#fetch(from, message)
        break
      case 'FetchResponse':
        this.#at(message, replica => replica.fetchAnswered(message))
        break
      case 'Produce':
        this.#produce(from, message)
        break
      case 'ListOffsets':
        this.#at(
          message,
          replica => replica.listOffsets(from, message),
          () => this.respond(from, listOffsets(null, null, message)),
        )
        break
      case 'Metadata':
        this.respond(from, describeCluster(this.#known, message.correlationId))
        break
      case 'MetadataUpdate':
        this.#update(message.image)
        break
      case 'AlterPartitionResponse':
        this.#at(message, replica => replica.proposalAnswered(message))
        break
      case 'BrokerRegistrationResponse':
        this.#session.registrationAnswered(message)
        break
      case 'BrokerHeartbeatResponse':
        this.#session.heartbeatAnswered(message)
        break
      case 'FindCoordinator':
        this.respond(from, findCoordinator(this.#known, message))
        break
      case 'JoinGroup':
      case 'SyncGroup':
      case 'Heartbeat':
      case 'LeaveGroup':
      case 'OffsetCommit':
      case 'OffsetFetch':
      case 'DescribeGroup':
      case 'DeleteGroup':
      case 'OffsetDelete':
        this.#handleGroup(from, message)
        break
      case 'ListGroups':
        this.#coordinators.list(from, message)
        break
      default:
    }
  }

  /** The connection to `endpoint` broke. */
  disconnected(endpoint: Endpoint): void {
    if (endpoint === controllerEndpoint) this.#session.controllerLost()
    for (const replica of this.#replicas.sorted) {
      replica.disconnected(endpoint)
      this.#looked(replica)
    }
  }

  /** A time before which `tick` has nothing to do. */
  nextDeadline(): Milliseconds {
    const ofPartitions = Math.min(this.#deadlines.next(), this.#coordinators.nextDue)
    return Math.min(this.#session.nextDue, this.#inSyncCheckAt, ofPartitions)
  }

  /** Fires what is due: heartbeat, in-sync check, the partitions' timers in order, the coordinators'. */
  tick(): void {
    const now = this.now()
    if (now < this.nextDeadline()) return
    this.#session.tick(now)
    if (now >= this.#inSyncCheckAt) {
      this.#inSyncCheckAt = now + this.#inSyncCheckMs
      for (const replica of this.#replicas.sorted) replica.checkInSyncReplicas()
    }
    for (const replica of this.#deadlines.takeDue(now).sort(byPartition)) {
      if (now >= replica.nextDeadline) replica.tick(now)
      this.#looked(replica)
    }
    this.#coordinators.tick(now)
  }

  /** Does something to a replica that no message asks for; null when there is none. */
  administer(topic: string, partition: PartitionIndex, step: (replica: Replica) => ErrorName): ErrorName | null {
    const replica = this.#replicas.get(topic, partition)
    if (replica === undefined) return null
    const error = step(replica)
    replica.logTouched()
    if (replica.log.offline) this.halt()
    return error
  }

  /** Shuts down cleanly. Answers the broker epoch that proves it at the next start, or -1. */
  stop(): BrokerEpoch {
    for (const { log } of this.#replicas.sorted) log.close()
    return this.#session.keptEpoch
  }

  /** Lets go of the files as they are, as the end of a process does. */
  abandon(): void {
    for (const { log } of this.#replicas.sorted) log.abandon()
  }

  now(): Milliseconds {
    return this.#options.clock.now()
  }

  nextCorrelationId(): CorrelationId {
    return ++this.#correlationId
  }

  send(to: Endpoint, request: WireRequest): void {
    this.#options.network.send(this.#endpoint, to, request)
  }

  respond(to: Requester, response: WireResponse): void {
    this.#options.network.respond(this.#endpoint, to.endpoint, to.connection, response)
  }

  registrationOf(brokerId: BrokerId): BrokerRegistration | undefined {
    return this.#known?.registration(brokerId)
  }

  committed(topic: string, partition: PartitionIndex): void {
    this.#options.committed?.(topic, partition)
  }

  halt(): void {
    this.#halted = true
  }

  get #inSyncCheckMs(): Milliseconds {
    return Math.floor(this.config.replicaLagTimeMaxMs / 2)
  }

  #fetch(from: Requester, request: FetchRequest): void {
    const refuse = (): void => this.respond(from, refuseFetch(request))
    const { topicId } = request
    // Of a topic that was deleted and created again, one broker may know the old life and another the new one.
    const isAnother = topicId !== undefined && topicId !== this.replica(request.topic, request.partition)?.topicId
    if (isAnother) refuse()
    else this.#at(request, replica => replica.fetch(from, request), refuse)
  }

  #produce(from: Requester, request: ProduceRequest): void {
    const { correlationId, topic, partition, acks } = request
    const refuse = (error: ErrorName): void => {
      if (acks === 0) return
      this.respond(from, { kind: 'ProduceResponse', correlationId, topic, partition, error, baseOffset: -1 })
    }
    if (isInternal(topic)) refuse('INVALID_REQUEST')
    else {
      this.#at(
        request,
        replica => replica.produce(from, request),
        () => refuse('UNKNOWN_TOPIC_OR_PARTITION'),
      )
    }
  }

  #handleGroup(from: Requester, request: GroupRequest): void {
    const place = this.#known?.partitionOfGroup(request.groupId) ?? null
    this.#coordinators.handle(from, request, place === null ? null : place.partition)
  }

  #update(image: ClusterImage): void {
    // What concerns an earlier process of this broker is not for this one: it may lead no epoch that that one led.
    const registered = image.brokers.find(({ brokerId }) => brokerId === this.brokerId)
    if (registered?.brokerEpoch !== this.brokerEpoch) return
    const known = this.#known?.image
    if (known !== undefined) {
      if (image.controllerEpoch < known.controllerEpoch || image.metadataOffset <= known.metadataOffset) return
    }
    this.#apply(image)
    this.#session.imageGrew()
  }

  #apply(image: ClusterImage): void {
    const before = this.#known
    const known = new KnownMetadata(image)
    this.#known = known
    const changed = (replica: Replica, change: LeadershipChange): void => {
      if (replica.topic === offsetsTopic) this.#coordinators.changed(replica, change)
      this.#looked(replica)
    }
    try {
      this.#refusal = applyImage({ brokerId: this.brokerId, replicas: this.#replicas, changed }, known, before)
      if (this.#refusal !== null) this.halt()
      else if (before !== null) this.#coordinators.topicsChanged(before, known)
    } catch (failure) {
      if (!(failure instanceof DiskFailure)) throw failure
      this.halt()
    }
  }

  /** Tells the replica that a message is about, or does without. */
  #at(
    { topic, partition }: { readonly topic: string; readonly partition: PartitionIndex },
    tell: (replica: Replica) => void,
    otherwise: () => void = () => {},
  ): void {
    const replica = this.#replicas.get(topic, partition)
    if (replica === undefined) {
      otherwise()
      return
    }
    tell(replica)
    this.#looked(replica)
  }

  #looked(replica: Replica): void {
    this.#deadlines.schedule(replica, replica.nextDeadline)
  }
}
