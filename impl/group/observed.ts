// A group as its coordinator shows it to whoever watches: what members said is bytes here.
import type { GroupMemberObservation, GroupObservation } from '../../model/vocabulary/groups.ts'
import type { JoinProtocol } from './messages.ts'

export type ObservedMember = Omit<GroupMemberObservation, 'client' | 'protocols' | 'assignment'> & {
  readonly clientId: string
  readonly clientHost: string
  readonly protocols: readonly JoinProtocol[]
  readonly assignment: Uint8Array
}

export type ObservedGroup = Omit<GroupObservation, 'protocolName' | 'members'> & {
  /** Null as long as it never had a member. */
  readonly protocolType: string | null
  readonly protocolName: string | null
  /** Ascending by member id. */
  readonly members: readonly ObservedMember[]
}
