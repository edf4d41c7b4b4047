// One partition and its replicas, as abstract as it can be made: the state of the truncation and fencing specifications.
//
// Messages, disks and clients are left out: a follower looks straight into its leader's log, and an answer arrives when it
// is sent. What is kept is what the KIPs are about: a leader and epoch that each replica *believes* in, requests of the
// controller that arrive late, in any order and again, and logs that have to be cut to agree.
//
// Source: the abstraction of the TLA+ modules KafkaReplication and FiniteReplicatedLog (github.com/hachikuji/
// kafka-specification); its constants are the bounds, its variables the shape.
import {
  everyMember,
  isIn,
  listOf,
  type Members,
  memberOf,
  type Next,
  type Now,
  optionalUpTo,
  record,
  subsetOf,
  upTo,
} from './shape.ts'

/** How large the world is. */
export type ReplicationBounds = {
  readonly replicas: number
  /** Records that a log has room for. */
  readonly logSize: number
  /** Records that are ever written, by all leaders together. */
  readonly maxRecords: number
  /** The highest leader epoch; the first is 0. */
  readonly maxLeaderEpoch: number
}

export function replicationShape({ replicas: size, logSize, maxRecords, maxLeaderEpoch }: ReplicationBounds) {
  const replicas: Members = { name: 'replicas', size }
  const leaderAndIsr = { leader: memberOf(replicas), inSyncReplicas: subsetOf(replicas) }
  return record({
    /** Unique, so that records can be told apart. */
    nextRecordId: upTo(maxRecords),
    nextLeaderEpoch: upTo(maxLeaderEpoch + 1),
    /** What the controller has decided. Whoever is entitled to change it sees it at once. */
    quorum: record({ leaderEpoch: optionalUpTo(maxLeaderEpoch), ...leaderAndIsr }),
    /** What the controller has told, by leader epoch; those from `nextLeaderEpoch` on are still to come. None is ever lost. */
    requests: listOf(maxLeaderEpoch + 1, record(leaderAndIsr)),
    replicas: listOf(
      replicas,
      record({
        highWatermark: upTo(logSize),
        /** What it believes: -1 before the controller's first request. */
        leaderEpoch: optionalUpTo(maxLeaderEpoch),
        ...leaderAndIsr,
        logEndOffset: upTo(logSize),
        /** Entries from `logEndOffset` on are -1. */
        log: listOf(logSize, record({ id: optionalUpTo(maxRecords - 1), leaderEpoch: optionalUpTo(maxLeaderEpoch) })),
      }),
    ),
  })
}

export type ReplicationShape = ReturnType<typeof replicationShape>
export type Replication = Now<ReplicationShape>
export type Replica = Replication['replicas'][number]
/** The log of a replica, or what is remembered of one. */
export type Log = Pick<Replica, 'logEndOffset' | 'log'>

/** Nobody leads, nobody knows anything, all logs are empty, and all replicas count as in sync. */
export function initialReplication({ replicas }: ReplicationBounds): (next: Next<ReplicationShape>) => void {
  return next => {
    next.quorum.inSyncReplicas = everyMember({ name: 'replicas', size: replicas })
  }
}

/** It takes itself for the leader, and so accepts writes. It may be wrong. */
export function presumesLeadership(replica: Replica): boolean {
  return replica.leader === replica.index
}

/** The controller agrees with it. */
export function isTrueLeader({ quorum }: Replication, replica: Replica): boolean {
  return quorum.leader === replica.index && presumesLeadership(replica) && replica.leaderEpoch === quorum.leaderEpoch
}

/** The follower believes in this leader; whether in the same epoch of it is another question. */
export function isFollowing(follower: Replica, leader: Replica): boolean {
  return follower.leader === leader.index
}

export function hasOffset(replica: Log, offset: number): boolean {
  return offset < replica.logEndOffset
}

/** The epoch of the entry at an offset; -1 where there is none. */
export function epochAt(replica: Log, offset: number): number {
  return replica.log[offset]?.leaderEpoch ?? -1
}

/** Both have an entry at the offset, and it is the same record. */
export function isSameAt(a: Log, b: Log, offset: number): boolean {
  if (!hasOffset(a, offset) || !hasOffset(b, offset)) return false
  return a.log[offset]?.id === b.log[offset]?.id && epochAt(a, offset) === epochAt(b, offset)
}

/** After the step the replica has this record at the end of its log. There must be room. */
export function append(replica: Replica, id: number, leaderEpoch: number): void {
  const entry = replica.next.log[replica.logEndOffset]
  if (entry === undefined) return
  entry.id = id
  entry.leaderEpoch = leaderEpoch
  replica.next.logEndOffset = replica.logEndOffset + 1
}

/** After the step the log ends at an offset, which it has reached. */
export function truncateTo(replica: Replica, endOffset: number): void {
  for (let offset = endOffset; offset < replica.logEndOffset; offset += 1) {
    const entry = replica.next.log[offset]
    if (entry === undefined) return
    entry.id = -1
    entry.leaderEpoch = -1
  }
  replica.next.logEndOffset = endOffset
}

/** The in-sync set as only a true leader can change it: at the controller and in its own mind at once. */
export function changeInSyncReplicas(now: Replication, leader: Replica, inSyncReplicas: number): void {
  now.next.quorum.inSyncReplicas = inSyncReplicas
  leader.next.inSyncReplicas = inSyncReplicas
}

/** Something holds between a leader and every member of the in-sync set that it believes in, at an offset. */
export function everyInSync(
  now: Replication,
  leader: Replica,
  offset: number,
  holds: (leader: Replica, member: Replica, offset: number) => boolean,
): boolean {
  for (const member of now.replicas) {
    if (isIn(leader.inSyncReplicas, member.index) && !holds(leader, member, offset)) return false
  }
  return true
}
