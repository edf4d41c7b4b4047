// A consumer, in a group or on its own: joins, is assigned, finds positions, fetches, commits. Follows `KafkaConsumer`,
// `ConsumerCoordinator`, `Fetcher`, KIP-320, KIP-429 and docs/protocol/clients.md §2.
// Left out: automatic commits, pausing, fetch sessions, KIP-848's protocol.
import type { ConsumerObservation, ConsumerSession } from '../../model/vocabulary/clients.ts'
import type { BrokerId, CorrelationId, Milliseconds } from '../../model/vocabulary/units.ts'
import { consumerProtocolType, decodeAssignment } from '../client/consumer-protocol.ts'
import { MetadataCache } from '../client/metadata-cache.ts'
import type { ClientOptions } from '../client/options.ts'
import type { WireRequest, WireResponse } from '../ports/network.ts'
import { takeFetched } from './fetched.ts'
import { type Consequence, Membership } from './membership.ts'
import { type Asked, Outstanding } from './outstanding.ts'
import { type Place, Positions } from './positions.ts'
import {
  committable,
  fetchRequest,
  type GroupSession,
  isEager,
  joinProtocols,
  joinRequest,
  leaveRequest,
  listOffsetsRequest,
  sharesOf,
} from './requests.ts'

type Processed = ConsumerObservation['processed'][number]
type Answer<Kind extends WireResponse['kind']> = WireResponse & { readonly kind: Kind }

/** One consumer, which can be opened again and again; it begins closed. */
export class ConsumerClient {
  readonly #options: ClientOptions
  readonly #metadata = new MetadataCache()
  readonly #positions = new Positions()
  readonly #outstanding = new Outstanding()
  #session: ConsumerSession = {
    groupId: null,
    groupInstanceId: null,
    topics: [],
    partitions: [],
    assignors: [],
    reset: 'latest',
  }
  /** The session if it is in a group. */
  #groupSession: GroupSession | null = null
  #isOpen = false
  readonly #member = new Membership()
  #heartbeatAt: Milliseconds = 0
  #retryAt: Milliseconds | null = null
  #needsMetadata = false
  #assignments = 0
  #attempts = 0
  #lastCorrelationId: CorrelationId = 0
  #processed: Processed[] = []
  #version = 0
  #observation: ConsumerObservation | null = null
  #observedVersion = -1

  constructor(options: ClientOptions) {
    this.#options = options
  }

  /** Rises whenever what can be observed, the clock apart, may have changed. */
  get version(): number {
    return this.#version
  }

  /** Begins anew. Always applies: the caller has refused sessions that ask for nothing, or for a group without assignors. */
  open(session: ConsumerSession): boolean {
    this.#version++
    this.#forget()
    const { groupId } = session
    this.#session = session
    if (groupId === null) this.#positions.assign(session.partitions, false)
    else this.#groupSession = { ...session, groupId }
    this.#isOpen = true
    this.#member.begin(groupId !== null)
    this.#processed = []
    this.#proceed()
    return true
  }

  /** Fetches from every partition that it can fetch from; does not apply when there is none. */
  poll(): boolean {
    if (!this.#isOpen || !this.#member.mayConsume) return false
    let hasSent = false
    for (const place of this.#positions.assigned) {
      const leader = this.#metadata.leaderOf(place)
      if (place.position < 0 || place.isFetching || leader === null) continue
      hasSent = true
      const asked = { kind: 'Fetch', broker: leader.leader, place, position: place.position } as const
      this.#ask(asked, correlationId => fetchRequest(correlationId, place, leader.leaderEpoch))
    }
    return hasSent
  }

  /** Commits all known positions; applies to a stable member that has any. */
  commit(): boolean {
    const session = this.#groupSession
    if (!this.#isOpen || session === null || this.#member.state !== 'stable') return false
    if (this.#member.coordinator === -1 || this.#outstanding.has('OffsetCommit')) return false
    const offsets = committable(this.#positions.assigned)
    if (offsets.length === 0) return false
    const { coordinator: broker, generationId } = this.#member
    this.#ask({ kind: 'OffsetCommit', broker, generationId }, correlationId => ({
      ...this.#member.fields(session, correlationId),
      kind: 'OffsetCommit',
      understandsUnknownGroup: false,
      offsets,
    }))
    return true
  }

  /** Leaves the group, unless its place is kept for its instance id, and closes. */
  close(): boolean {
    if (!this.#isOpen) return false
    this.#version++
    const session = this.#groupSession
    if (session?.groupInstanceId === null && this.#member.memberId !== '' && this.#member.coordinator !== -1) {
      const request = leaveRequest(++this.#lastCorrelationId, session, this.#member.memberId)
      this.#options.send(this.#member.coordinator, request)
    }
    this.#forget()
    return true
  }

  /** The process dies: it closes without leaving. */
  kill(): boolean {
    const wasOpen = this.#isOpen
    if (wasOpen) this.#version++
    this.#forget()
    return wasOpen
  }

  /** Takes an answer; one that is not waited for is ignored. */
  receive(_broker: BrokerId, response: WireResponse): boolean {
    if (!this.#isOpen) return false
    const asked = this.#outstanding.take(response)
    if (asked === undefined) return false
    this.#version++
    const isHandled = this.#handle(asked, response)
    if (isHandled) this.#proceed()
    return isHandled
  }

  /** The connection to a broker broke, and with it what was asked of it. */
  disconnected(broker: BrokerId): boolean {
    if (!this.#isOpen) return false
    const lost = this.#outstanding.takeAllTo(broker)
    if (lost.length === 0) return false
    this.#version++
    this.#retryLater(1)
    if (broker === this.#member.coordinator) this.#member.coordinatorLost()
    if (lost.some(({ kind }) => kind === 'Fetch' || kind === 'ListOffsets')) this.#needsMetadata = true
    return true
  }

  /** Fires the timers that are due: the heartbeat, then the retry. */
  tick(): boolean {
    if (!this.#isOpen) return false
    const now = this.#options.now()
    if (now >= this.#heartbeatAt) this.#heartbeat()
    if (this.#retryAt !== null && now >= this.#retryAt) {
      this.#version++
      this.#retryAt = null
      this.#proceed()
    }
    return true
  }

  /** What has not changed is the same object as at the last call. */
  observe(): ConsumerObservation {
    const now = this.#options.now()
    if (this.#observation?.now === now && this.#observedVersion === this.#version) return this.#observation
    // Opening anew starts another list, which may be as long as the one before.
    const processed = this.#observation?.processed
    const isSame = processed?.length === this.#processed.length && processed.at(-1) === this.#processed.at(-1)
    this.#observedVersion = this.#version
    this.#observation = {
      now,
      open: this.#isOpen,
      membership: this.#member.state,
      memberId: this.#member.memberId,
      generationId: this.#member.generationId,
      coordinator: this.#member.coordinator,
      retryAt: this.#retryAt,
      metadata: this.#metadata.sorted,
      positions: this.#positions.observe(),
      processed: processed !== undefined && isSame ? processed : this.#processed.slice(),
    }
    return this.#observation
  }

  /** Only what was processed outlives the closing. */
  #forget(): void {
    this.#isOpen = false
    this.#groupSession = null
    this.#member.begin(false)
    this.#retryAt = null
    this.#needsMetadata = false
    this.#attempts = 0
    this.#lastCorrelationId = 0
    this.#metadata.clear()
    this.#outstanding.clear()
    this.#positions.clear()
  }

  /** Asks for whatever is missing next: metadata, the coordinator, membership, positions. */
  #proceed(): void {
    if (this.#retryAt !== null && this.#options.now() < this.#retryAt) return
    this.#askForMetadata()
    const session = this.#groupSession
    if (session !== null && this.#member.state !== 'fenced') {
      if (this.#member.coordinator === -1) this.#findCoordinator(session)
      else if (this.#member.state === 'unjoined' && !this.#metadata.isEmpty) this.#join(session)
    }
    if (this.#member.mayConsume) this.#findPositions(session)
    this.#askForMetadata()
  }

  #askForMetadata(): void {
    if ((!this.#metadata.isEmpty && !this.#needsMetadata) || this.#outstanding.has('Metadata')) return
    this.#ask({ kind: 'Metadata', broker: this.#anyBroker() }, correlationId => ({ kind: 'Metadata', correlationId }))
  }

  #findCoordinator({ groupId }: GroupSession): void {
    if (this.#outstanding.has('FindCoordinator')) return
    const asked = { kind: 'FindCoordinator', broker: this.#anyBroker() } as const
    this.#ask(asked, correlationId => ({ kind: 'FindCoordinator', correlationId, groupId }))
  }

  #join(session: GroupSession): void {
    if (this.#outstanding.has('JoinGroup')) return
    const { coordinator: broker, memberId, generationId } = this.#member
    const protocols = joinProtocols(session, this.#positions.assigned, generationId)
    if (isEager(session.assignors)) this.#positions.drop()
    this.#member.state = 'joining'
    this.#ask({ kind: 'JoinGroup', broker }, correlationId =>
      joinRequest(correlationId, session, this.#options.config, this.#options.name, memberId, protocols),
    )
  }

  #findPositions(session: GroupSession | null): void {
    const unknown = this.#positions.assigned.filter(({ position }) => position < 0)
    const places = unknown.filter(place => place.wantsCommitted)
    if (session !== null && places.length > 0) this.#fetchCommitted(session, places)
    for (const place of unknown) {
      if (place.wantsCommitted || place.isListing) continue
      const leader = this.#metadata.leaderOf(place)
      if (leader === null) {
        this.#needsMetadata = true
        continue
      }
      this.#ask({ kind: 'ListOffsets', broker: leader.leader, place }, correlationId =>
        listOffsetsRequest(correlationId, leader, this.#session.reset),
      )
    }
  }

  #fetchCommitted({ groupId }: GroupSession, places: readonly Place[]): void {
    const broker = this.#member.coordinator
    if (broker === -1 || this.#outstanding.has('OffsetFetch')) return
    const partitions = places.map(({ topic, partition }) => ({ topic, partition }))
    this.#ask({ kind: 'OffsetFetch', broker, assignment: this.#assignments, places }, correlationId => ({
      kind: 'OffsetFetch',
      correlationId,
      groupId,
      partitions,
    }))
  }

  #heartbeat(): void {
    const session = this.#groupSession
    const { state, coordinator: broker, generationId } = this.#member
    if (session === null || state !== 'stable' || broker === -1 || this.#outstanding.has('Heartbeat')) return
    this.#heartbeatAt = this.#options.now() + this.#options.config.heartbeatIntervalMs
    this.#ask({ kind: 'Heartbeat', broker, generationId }, correlationId => ({
      ...this.#member.fields(session, correlationId),
      kind: 'Heartbeat',
    }))
  }

  /** Answers whether the answer was waited for as things stand. */
  #handle(asked: Asked, response: WireResponse): boolean {
    switch (response.kind) {
      case 'MetadataResponse':
        return this.#takeMetadata(response)
      case 'FindCoordinatorResponse':
        if (response.error === 'NONE') this.#member.coordinator = response.brokerId
        else this.#retryLater(1)
        return true
      case 'JoinGroupResponse':
        return this.#member.waitsFor(asked) && this.#takeJoin(response)
      case 'SyncGroupResponse':
        return this.#member.waitsFor(asked) && this.#takeSync(response)
      case 'HeartbeatResponse':
      case 'OffsetCommitResponse':
        if (!this.#member.waitsFor(asked)) return false
        if (response.error === 'NONE' || response.error === 'INVALID_REQUEST') return true
        return this.#follow(this.#member.dismissed(response.error))
      case 'OffsetFetchResponse':
        return asked.kind === 'OffsetFetch' && this.#member.waitsFor(asked) && this.#takeCommitted(asked, response)
      case 'ListOffsetsResponse':
        if (asked.kind !== 'ListOffsets') return false
        if (response.error !== 'NONE') this.#leaderFailed()
        else this.#positions.find(asked.place, response.offset)
        return true
      case 'FetchResponse':
        if (asked.kind !== 'Fetch') return false
        if (!takeFetched(this.#positions, asked, response, this.#processed)) this.#leaderFailed()
        return true
      default:
        return false
    }
  }

  #takeMetadata({ partitions }: Answer<'MetadataResponse'>): boolean {
    this.#metadata.update(partitions)
    const answered = new Set(partitions.map(({ topic }) => topic))
    const isThere = (this.#groupSession?.topics ?? []).every(topic => answered.has(topic))
    const isLed = this.#positions.assigned.every(place => this.#metadata.leaderOf(place) !== null)
    this.#needsMetadata = answered.size === 0 || !isLed || !isThere
    if (this.#needsMetadata) this.#retryLater(1)
    return true
  }

  #takeJoin(response: Answer<'JoinGroupResponse'>): boolean {
    const { error, memberId, generationId, protocolName, leader } = response
    if (error === 'MEMBER_ID_REQUIRED') {
      this.#member.memberId = memberId
      this.#member.state = 'unjoined'
      return true
    }
    const session = this.#groupSession
    if (error !== 'NONE' || session === null) return this.#follow(this.#member.refused(error))
    this.#member.joined(memberId, generationId)
    const assignments = leader === memberId ? sharesOf(session, response, this.#metadata.partitionCounts()) : []
    const asked = { kind: 'SyncGroup', broker: this.#member.coordinator } as const
    this.#ask(asked, correlationId => ({
      ...this.#member.fields(session, correlationId),
      kind: 'SyncGroup',
      protocolType: consumerProtocolType,
      protocolName,
      assignments,
    }))
    return true
  }

  #takeSync({ error, assignment }: Answer<'SyncGroupResponse'>): boolean {
    if (error !== 'NONE') return this.#follow(this.#member.dismissed(error))
    const share = decodeAssignment(assignment)
    // The leader speaks another language: to go on would be to join and be told the same for ever.
    if (share.kind === 'malformed') return this.#follow(this.#member.dismissed('INVALID_REQUEST'))
    this.#heartbeatAt = this.#options.now() + this.#options.config.heartbeatIntervalMs
    this.#assignments++
    // Only a cooperative member still owned something: what it lost, another may have now that it is revoked (KIP-429).
    const hasLost = this.#positions.assign(share.value.partitions, true)
    this.#member.state = hasLost ? 'unjoined' : 'stable'
    return true
  }

  #follow(consequence: Consequence): boolean {
    if (consequence === 'retryLater') this.#retryLater()
    if (consequence === 'drop') this.#positions.drop()
    return true
  }

  #takeCommitted(asked: Asked & { readonly kind: 'OffsetFetch' }, answer: Answer<'OffsetFetchResponse'>): boolean {
    if (answer.error === 'NOT_COORDINATOR' || answer.error === 'COORDINATOR_NOT_AVAILABLE') {
      this.#member.coordinatorLost()
      this.#retryLater()
    }
    if (answer.error !== 'NONE') return true
    this.#positions.takeCommitted(answer.offsets)
    // What was asked before the present assignment says nothing of what has been committed since.
    if (asked.assignment === this.#assignments) for (const place of asked.places) place.wantsCommitted = false
    return true
  }

  #leaderFailed(): void {
    this.#needsMetadata = true
    this.#retryLater()
  }

  /** `failures` counts an attempt that failed: the next broker is asked then. */
  #retryLater(failures = 0): void {
    this.#attempts += failures
    this.#retryAt ??= this.#options.now() + this.#options.config.retryBackoffMs
  }

  #anyBroker(): BrokerId {
    return 1 + (this.#attempts % this.#options.brokers)
  }

  #ask(asked: Asked, request: (correlationId: CorrelationId) => WireRequest): void {
    this.#version++
    const correlationId = ++this.#lastCorrelationId
    this.#outstanding.add(correlationId, asked)
    this.#options.send(asked.broker, request(correlationId))
  }
}
