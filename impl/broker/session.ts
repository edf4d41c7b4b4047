// A broker's session with the controller: registration and heartbeats, of each at most one outstanding.
// Follows `BrokerLifecycleManager` (KIP-631); docs/protocol/cluster.md §4.2.
import type {
  BrokerEpoch,
  BrokerId,
  CorrelationId,
  MetadataOffset,
  Milliseconds,
} from '../../model/vocabulary/units.ts'
import type { BrokerPlace } from '../ports/image.ts'
import { controllerEndpoint, type WireRequest, type WireResponse } from '../ports/network.ts'

/** What a session needs of its broker. */
export interface SessionSurroundings {
  readonly brokerId: BrokerId
  /** Where clients reach it; null when it does not say. */
  readonly place: BrokerPlace | null
  /** Offset of the newest image; -1 without one. */
  readonly metadataOffset: MetadataOffset
  now(): Milliseconds
  nextCorrelationId(): CorrelationId
  send(to: string, request: WireRequest): void
}

type Registered = Extract<WireResponse, { kind: 'BrokerRegistrationResponse' }>
type HeartbeatAnswered = Extract<WireResponse, { kind: 'BrokerHeartbeatResponse' }>
type Heartbeat = { readonly correlationId: CorrelationId; readonly metadataOffset: MetadataOffset }

/** The session of one life of a broker. */
export class Session {
  readonly #surroundings: SessionSurroundings
  readonly #intervalMs: Milliseconds
  #brokerEpoch: BrokerEpoch
  #fenced: boolean
  /** The controller said that the epoch is stale: it is kept until there is another. */
  #isStale = false
  #registration: CorrelationId | null = null
  /** What the registration names as the last epoch, however often it has to be sent. */
  #previousBrokerEpoch: BrokerEpoch = -1
  #heartbeat: Heartbeat | null = null
  #heartbeatAt: Milliseconds

  /** An epoch of -1 is none: `register` gets one. */
  constructor(surroundings: SessionSurroundings, intervalMs: Milliseconds, brokerEpoch: BrokerEpoch) {
    this.#surroundings = surroundings
    this.#intervalMs = intervalMs
    this.#brokerEpoch = brokerEpoch
    this.#fenced = brokerEpoch < 0
    this.#heartbeatAt = surroundings.now() + intervalMs
  }

  get brokerEpoch(): BrokerEpoch {
    return this.#brokerEpoch
  }

  get fenced(): boolean {
    return this.#fenced
  }

  /** When the next heartbeat, or registration, is due. */
  get nextDue(): Milliseconds {
    return this.#heartbeatAt
  }

  get isRegistered(): boolean {
    return this.#brokerEpoch >= 0 && !this.#isStale
  }

  /** What a clean stop proves at the next start: the epoch, or what this process would have named to get one. */
  get keptEpoch(): BrokerEpoch {
    return this.isRegistered ? this.#brokerEpoch : this.#previousBrokerEpoch
  }

  /** Asks for an epoch; `previousBrokerEpoch` proves that nothing was lost since. */
  register(previousBrokerEpoch: BrokerEpoch): void {
    const { brokerId, place } = this.#surroundings
    const correlationId = this.#surroundings.nextCorrelationId()
    this.#registration = correlationId
    this.#previousBrokerEpoch = previousBrokerEpoch
    const request = { kind: 'BrokerRegistration', correlationId, brokerId, previousBrokerEpoch } as const
    this.#surroundings.send(controllerEndpoint, place === null ? request : { ...request, place })
  }

  /** The controller answered a registration. */
  registrationAnswered(response: Registered): void {
    if (this.#registration !== response.correlationId) return
    this.#registration = null
    if (response.error !== 'NONE') return
    this.#brokerEpoch = response.brokerEpoch
    this.#isStale = false
    this.#sendHeartbeat()
  }

  /** The controller answered a heartbeat. */
  heartbeatAnswered(response: HeartbeatAnswered): void {
    const answered = this.#heartbeat
    if (answered === null || answered.correlationId !== response.correlationId) return
    this.#heartbeat = null
    this.#fenced = response.fenced
    if (response.error === 'STALE_BROKER_EPOCH') {
      this.#fenced = true
      this.#isStale = true
      this.register(this.#brokerEpoch)
    } else if (response.fenced && this.#surroundings.metadataOffset > answered.metadataOffset) {
      this.#sendHeartbeat()
    }
  }

  /** There is a new image: a fenced broker may have caught up with its registration. */
  imageGrew(): void {
    if (this.#fenced && this.isRegistered && this.#heartbeat === null) this.#sendHeartbeat()
  }

  /** The connection to the controller broke. */
  controllerLost(): void {
    this.#registration = null
    this.#heartbeat = null
  }

  /** Does what is due. */
  tick(now: Milliseconds): void {
    if (now < this.#heartbeatAt) return
    this.#heartbeatAt = now + this.#intervalMs
    if (this.isRegistered) {
      if (this.#heartbeat === null) this.#sendHeartbeat()
    } else if (this.#registration === null) this.register(this.#previousBrokerEpoch)
  }

  #sendHeartbeat(): void {
    const { brokerId, metadataOffset } = this.#surroundings
    const correlationId = this.#surroundings.nextCorrelationId()
    this.#heartbeat = { correlationId, metadataOffset }
    const brokerEpoch = this.#brokerEpoch
    const request = { kind: 'BrokerHeartbeat', correlationId, brokerId, brokerEpoch, metadataOffset } as const
    this.#surroundings.send(controllerEndpoint, request)
  }
}
