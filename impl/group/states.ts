// What each state of a group makes of each request that has passed the common checks: the whole state machine as one
// table, so that the compiler proves that no case is missing. Follows `GroupCoordinator.scala`; groups.md §2, §4, §5.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { GroupState } from '../../model/vocabulary/groups.ts'

/** What happens to a request of a known member. */
type Rules = {
  /**
   * A member joins again. `wait`: it is updated and waits. `unlessSame`: so, and a rebalance is prepared, unless its
   * protocols are the same. `unlessSameFollower`: so, but the leader always brings a rebalance about.
   */
  readonly JoinGroup: 'refuse' | 'wait' | 'unlessSame' | 'unlessSameFollower'
  /** A static member comes back without its id. `unlessSameChoice`: no rebalance if the members still choose their protocol. */
  readonly JoinInstance: 'wait' | 'unlessSameChoice'
  readonly SyncGroup: 'refuse' | 'rebalancing' | 'wait' | 'answer'
  readonly Heartbeat: ErrorName
  /** What follows the removal of a member. */
  readonly LeaveGroup: 'nothing' | 'prepareRebalance' | 'lookWhetherAllHaveJoined'
  /** Of a member, in its generation. */
  readonly OffsetCommit: ErrorName
}

/** The state machine. Empty and Dead groups have no members, so that most of their rows can never be asked for. */
export const rules: Record<GroupState, Rules> = {
  Empty: {
    JoinGroup: 'refuse',
    JoinInstance: 'wait',
    SyncGroup: 'refuse',
    Heartbeat: 'UNKNOWN_MEMBER_ID',
    LeaveGroup: 'nothing',
    OffsetCommit: 'UNKNOWN_MEMBER_ID',
  },
  PreparingRebalance: {
    JoinGroup: 'wait',
    JoinInstance: 'wait',
    SyncGroup: 'rebalancing',
    Heartbeat: 'REBALANCE_IN_PROGRESS',
    LeaveGroup: 'lookWhetherAllHaveJoined',
    OffsetCommit: 'NONE',
  },
  CompletingRebalance: {
    JoinGroup: 'unlessSame',
    JoinInstance: 'wait',
    SyncGroup: 'wait',
    Heartbeat: 'NONE',
    LeaveGroup: 'prepareRebalance',
    OffsetCommit: 'REBALANCE_IN_PROGRESS',
  },
  Stable: {
    JoinGroup: 'unlessSameFollower',
    JoinInstance: 'unlessSameChoice',
    SyncGroup: 'answer',
    Heartbeat: 'NONE',
    LeaveGroup: 'prepareRebalance',
    OffsetCommit: 'NONE',
  },
  Dead: {
    JoinGroup: 'refuse',
    JoinInstance: 'wait',
    SyncGroup: 'refuse',
    Heartbeat: 'UNKNOWN_MEMBER_ID',
    LeaveGroup: 'nothing',
    OffsetCommit: 'UNKNOWN_MEMBER_ID',
  },
}
