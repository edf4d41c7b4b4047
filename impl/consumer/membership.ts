// A consumer's place in its group: the coordinator, the member id, the generation, and what the coordinator's answers
// make of them. Follows `AbstractCoordinator`; clients.md §2.3.
import type { ConsumerMembership } from '../../model/vocabulary/clients.ts'
import type { BrokerId, CorrelationId, GenerationId } from '../../model/vocabulary/units.ts'
import type { GroupError } from '../group/messages.ts'
import type { Asked } from './outstanding.ts'
import type { GroupSession } from './requests.ts'

/** What an error asks of the consumer besides: to wait before it goes on, or to give up what it owns. */
export type Consequence = 'none' | 'retryLater' | 'drop'

/** Owns what a consumer knows of its group. `none`: it is in no group. */
export class Membership {
  state: ConsumerMembership = 'none'
  memberId = ''
  generationId: GenerationId = -1
  /** -1: not known. */
  coordinator: BrokerId = -1

  /** Whether it may have positions and fetch. */
  get mayConsume(): boolean {
    return this.state === 'stable' || this.state === 'none'
  }

  /** Begins anew, in a group or in none. */
  begin(isInGroup: boolean): void {
    this.state = isInGroup ? 'unjoined' : 'none'
    this.memberId = ''
    this.generationId = -1
    this.coordinator = -1
  }

  /** The fields by which a coordinator knows a member of a generation. */
  fields({ groupId, groupInstanceId }: GroupSession, correlationId: CorrelationId) {
    return { correlationId, groupId, memberId: this.memberId, groupInstanceId, generationId: this.generationId }
  }

  /** Whether the answer to a request still means something: not an older coordinator's, nor another generation's. */
  waitsFor(asked: Asked): boolean {
    if (asked.broker !== this.coordinator) return false
    switch (asked.kind) {
      case 'JoinGroup':
        return this.state === 'joining'
      case 'SyncGroup':
        return this.state === 'syncing'
      case 'Heartbeat':
      case 'OffsetCommit':
        return this.state === 'stable' && asked.generationId === this.generationId
      default:
        return true
    }
  }

  /** It is in a generation, and waits for its share. */
  joined(memberId: string, generationId: GenerationId): void {
    this.memberId = memberId
    this.generationId = generationId
    this.state = 'syncing'
  }

  /** The connection to the coordinator broke while something was asked of it. */
  coordinatorLost(): void {
    this.coordinator = -1
    if (this.state === 'joining' || this.state === 'syncing') this.state = 'unjoined'
  }

  /** What follows from an error of a join. */
  refused(error: GroupError): Consequence {
    switch (error) {
      case 'UNKNOWN_MEMBER_ID':
        this.memberId = ''
        this.state = 'unjoined'
        return 'none'
      case 'REBALANCE_IN_PROGRESS':
        this.state = 'unjoined'
        return 'none'
      case 'NOT_COORDINATOR':
      case 'COORDINATOR_NOT_AVAILABLE':
        this.coordinator = -1
        this.state = 'unjoined'
        return 'retryLater'
      default:
        this.state = 'fenced'
        return 'drop'
    }
  }

  /** What follows from an error that a member of a generation is told. */
  dismissed(error: GroupError): Consequence {
    if (error !== 'UNKNOWN_MEMBER_ID' && error !== 'ILLEGAL_GENERATION') return this.refused(error)
    this.memberId = ''
    this.generationId = -1
    this.state = 'unjoined'
    return 'drop'
  }
}
