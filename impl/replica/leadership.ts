// What a leader knows in one leadership of one partition: the followers' progress, the in-sync set, who waits.
// Follows `Partition` (KIP-497, KIP-903, KIP-966); docs/protocol/cluster.md §4.5 to §4.7.
import type { BrokerEpoch, BrokerId, Milliseconds, Offset } from '../../model/vocabulary/units.ts'
import { controllerEndpoint, type WireRequest, type WireResponse } from '../ports/network.ts'
import { type FetchRequest, ParkedFetches } from './parked-fetches.ts'
import type { Held, Surroundings } from './surroundings.ts'
import { WaitingAppends } from './waiting-appends.ts'

/** How far one follower is known to have come. */
export type Follower = {
  readonly brokerId: BrokerId
  /** -1 until it has fetched in this leadership, as the epoch. */
  fetchOffset: Offset
  brokerEpoch: BrokerEpoch
  /** When it last had everything. */
  caughtUpAt: Milliseconds
  /** When it last fetched, and where the log ended then. */
  fetchedAt: Milliseconds
  endOffsetThen: Offset
}

type AlterPartition = Extract<WireRequest, { kind: 'AlterPartition' }>
type AlterPartitionResponse = Extract<WireResponse, { kind: 'AlterPartitionResponse' }>

/**
 * An in-sync set that was proposed. `outstanding`: sent under the request's correlation id. `unsent`: the next check
 * sends it. `unknown`: answered so that only new metadata can tell what became of it.
 */
type Proposal = {
  readonly inSyncReplicas: readonly BrokerId[]
  request: AlterPartition
  state: 'outstanding' | 'unsent' | 'unknown'
}

const longAgo: Milliseconds = Number.NEGATIVE_INFINITY

function unknownFollower(brokerId: BrokerId, caughtUpAt: Milliseconds): Follower {
  const endOffsetThen = Number.POSITIVE_INFINITY
  return { brokerId, fetchOffset: -1, brokerEpoch: -1, caughtUpAt, fetchedAt: longAgo, endOffsetThen }
}

/** The leader's side of a replica, from one leader epoch to the next. */
export class Leadership {
  readonly kind = 'leader'
  /** Where the log ended when the leadership began. */
  readonly startOffset: Offset
  /** The other replicas, ascending. */
  followers: readonly Follower[]
  readonly waiting = new WaitingAppends()
  readonly parked = new ParkedFetches()
  readonly #held: Held
  readonly #surroundings: Surroundings
  /** What the topic wants, and that as far as there are replicas. */
  #wantedInSyncReplicas: number
  #minInSyncReplicas: number
  #inSyncReplicas: readonly BrokerId[]
  #proposal: Proposal | null = null
  /** The followers in the maximal in-sync set: committed or proposed. */
  #counted: readonly Follower[] = []

  constructor(
    held: Held,
    surroundings: Surroundings,
    partition: { readonly replicas: readonly BrokerId[]; readonly inSyncReplicas: readonly BrokerId[] },
    minInSyncReplicas: number,
  ) {
    this.#held = held
    this.#surroundings = surroundings
    this.#wantedInSyncReplicas = minInSyncReplicas
    this.#minInSyncReplicas = Math.min(minInSyncReplicas, partition.replicas.length)
    this.startOffset = held.log.logEndOffset
    const now = surroundings.now()
    this.followers = partition.replicas
      .filter(id => id !== surroundings.brokerId)
      .sort((a, b) => a - b)
      .map(brokerId => unknownFollower(brokerId, partition.inSyncReplicas.includes(brokerId) ? now : longAgo))
    this.#inSyncReplicas = partition.inSyncReplicas
    this.#count()
  }

  /** The committed in-sync set, ascending. */
  get inSyncReplicas(): readonly BrokerId[] {
    return this.#inSyncReplicas
  }

  /** The set that is proposed and not decided, or null. */
  get pendingInSyncReplicas(): readonly BrokerId[] | null {
    return this.#proposal?.inSyncReplicas ?? null
  }

  /** Whether fewer replicas are in sync than the topic wants for `acks` -1. */
  get isShort(): boolean {
    return this.#inSyncReplicas.length < this.#minInSyncReplicas
  }

  /** A follower by its id; undefined for what is not another replica. */
  follower(brokerId: BrokerId): Follower | undefined {
    return this.followers.find(follower => follower.brokerId === brokerId)
  }

  /** The controller's word on who has a replica: what is known of those who stay is kept. */
  takeReplicas(replicas: readonly BrokerId[]): void {
    this.followers = replicas
      .filter(id => id !== this.#surroundings.brokerId)
      .sort((a, b) => a - b)
      .map(id => this.follower(id) ?? unknownFollower(id, longAgo))
    this.takeMinInSyncReplicas(this.#wantedInSyncReplicas)
    this.#count()
  }

  /** What the topic wants has changed: the high watermark may wait for fewer now. */
  takeMinInSyncReplicas(minInSyncReplicas: number): void {
    this.#wantedInSyncReplicas = minInSyncReplicas
    this.#minInSyncReplicas = Math.min(minInSyncReplicas, this.followers.length + 1)
  }

  /** The controller's word on the in-sync set. */
  takeInSyncReplicas(inSyncReplicas: readonly BrokerId[]): void {
    this.#inSyncReplicas = inSyncReplicas
    this.#decide()
    this.advance()
  }

  /**
   * Who: a leader. When: anything that the high watermark follows may have moved. Then: it becomes the smallest end of
   * the maximal in-sync set, and those who wait for it are answered. Source: `Partition.maybeIncrementLeaderHW`.
   */
  advance(): void {
    if (this.isShort) return
    const { log } = this.#held
    let lowest = log.logEndOffset
    for (const { fetchOffset } of this.#counted) if (fetchOffset < lowest) lowest = fetchOffset
    if (lowest <= log.highWatermark) return
    log.updateHighWatermark(lowest)
    this.waiting.reached(lowest, 'NONE')
    this.#surroundings.committed?.(this.#held.topic, this.#held.partition)
  }

  /** A follower's fetch was read: its progress is noted (`Replica.updateFetchState`), which may put it in sync. */
  noteFetch(follower: Follower, request: FetchRequest): void {
    const now = this.#surroundings.now()
    const { fetchOffset } = request
    const { logEndOffset } = this.#held.log
    if (fetchOffset >= logEndOffset) follower.caughtUpAt = now
    else if (fetchOffset >= follower.endOffsetThen) follower.caughtUpAt = follower.fetchedAt
    follower.fetchedAt = now
    follower.endOffsetThen = logEndOffset
    follower.brokerEpoch = request.replicaEpoch
    follower.fetchOffset = fetchOffset
    this.#expand(follower)
    this.advance()
  }

  /** The in-sync check: sends a proposal again that could not be sent, or leaves out who lags. */
  checkInSyncReplicas(): void {
    const proposal = this.#proposal
    if (proposal !== null) {
      if (proposal.state === 'unsent') this.#send(proposal)
      return
    }
    const { brokerId, config } = this.#surroundings
    const now = this.#surroundings.now()
    const { logEndOffset } = this.#held.log
    const lags = (id: BrokerId): boolean => {
      const follower = id === brokerId ? undefined : this.follower(id)
      if (follower === undefined) return false
      return follower.fetchOffset !== logEndOffset && now - follower.caughtUpAt > config.replicaLagTimeMaxMs
    }
    const kept = this.#inSyncReplicas.filter(id => !lags(id))
    if (kept.length < this.#inSyncReplicas.length) this.#propose(kept)
  }

  /** The controller answered; true when it is what was waited for. */
  proposalAnswered(response: AlterPartitionResponse): boolean {
    const proposal = this.#proposal
    if (proposal?.state !== 'outstanding' || proposal.request.correlationId !== response.correlationId) return false
    switch (response.error) {
      case 'NONE':
        // The wish ended a reassignment, and with it this leader epoch: the image that begins the next one is coming.
        if (response.leaderEpoch !== this.#held.leaderEpoch) proposal.state = 'unknown'
        else if (response.partitionEpoch > this.#held.partitionEpoch) {
          this.#held.partitionEpoch = response.partitionEpoch
          this.takeInSyncReplicas(response.inSyncReplicas)
        } else this.#decide()
        break
      case 'INELIGIBLE_REPLICA':
        this.#decide()
        break
      case 'STALE_BROKER_EPOCH':
        proposal.state = 'unsent'
        break
      default:
        proposal.state = 'unknown'
    }
    return true
  }

  /** The connection to the controller broke: an outstanding proposal is sent again by the next check. */
  controllerLost(): void {
    if (this.#proposal?.state === 'outstanding') this.#proposal.state = 'unsent'
  }

  #expand({ brokerId, brokerEpoch, fetchOffset }: Follower): void {
    if (this.#proposal !== null || this.#inSyncReplicas.includes(brokerId)) return
    if (fetchOffset < this.#held.log.highWatermark || fetchOffset < this.startOffset) return
    const registration = this.#surroundings.registrationOf(brokerId)
    if (registration === undefined || registration.fenced || registration.brokerEpoch !== brokerEpoch) return
    this.#propose([...this.#inSyncReplicas, brokerId].sort((a, b) => a - b))
  }

  #propose(inSyncReplicas: readonly BrokerId[]): void {
    const { brokerId, brokerEpoch } = this.#surroundings
    const { topic, partition, topicId, leaderEpoch, partitionEpoch } = this.#held
    const proposal: Proposal = {
      inSyncReplicas,
      request: {
        kind: 'AlterPartition',
        correlationId: -1,
        topic,
        partition,
        brokerId,
        brokerEpoch,
        leaderEpoch,
        partitionEpoch,
        newInSyncReplicas: inSyncReplicas.map(id => ({ brokerId: id, brokerEpoch: this.#epochOf(id) })),
        ...(topicId === null ? null : { topicId }),
      },
      state: 'unsent',
    }
    this.#proposal = proposal
    this.#count()
    this.#send(proposal)
  }

  #send(proposal: Proposal): void {
    const { isRegistered, brokerId, brokerEpoch } = this.#surroundings
    if (!isRegistered) return
    const correlationId = this.#surroundings.nextCorrelationId()
    const newInSyncReplicas = proposal.request.newInSyncReplicas.map(member =>
      member.brokerId === brokerId ? { brokerId, brokerEpoch } : member,
    )
    proposal.request = { ...proposal.request, correlationId, brokerEpoch, newInSyncReplicas }
    proposal.state = 'outstanding'
    this.#surroundings.send(controllerEndpoint, proposal.request)
  }

  #epochOf(brokerId: BrokerId): BrokerEpoch {
    if (brokerId === this.#surroundings.brokerId) return this.#surroundings.brokerEpoch
    const fetched = this.follower(brokerId)?.brokerEpoch ?? -1
    return fetched >= 0 ? fetched : (this.#surroundings.registrationOf(brokerId)?.brokerEpoch ?? -1)
  }

  #decide(): void {
    this.#proposal = null
    this.#count()
  }

  #count(): void {
    const proposed = this.#proposal?.inSyncReplicas ?? []
    this.#counted = this.followers.filter(
      ({ brokerId }) => this.#inSyncReplicas.includes(brokerId) || proposed.includes(brokerId),
    )
  }
}
