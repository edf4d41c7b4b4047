// Claims about offsets in a cluster: F1, F2, F3, F6. Each says why it matters; see docs/claims.md.
import type { Violation } from '../vocabulary/claims.ts'
import type { BrokerObservation, ReplicaObservation } from '../vocabulary/cluster.ts'
import type { History } from './history.ts'
import type { ClusterTransition } from './known.ts'
import { allReplicas, isSame, type PlacedReplica } from './views.ts'

type Up = Exclude<BrokerObservation, { readonly status: 'down' }>

/** F1: log start ≤ high watermark ≤ log end on every replica. Everything else is counted between these three. */
export function boundsHold(_: History, transition: ClusterTransition): Violation | null {
  return firstReplica(transition, ({ brokerId, replica }, key) => {
    const { logStartOffset, highWatermark, logEndOffset } = replica
    if (logStartOffset <= highWatermark && highWatermark <= logEndOffset) return null
    return {
      claim: 'F1',
      sentence: `b${brokerId} has log start ${logStartOffset}, high watermark ${highWatermark}, log end ${logEndOffset} for ${key}`,
    }
  })
}

/**
 * F2: a leader moves its high watermark only to what every member of the in-sync set, one being added included, has
 * fetched in this leadership. A member that it leaves behind may be elected, and then the readers saw the future.
 */
export function watermarkWaitsForEveryone(_: History, transition: ClusterTransition): Violation | null {
  const before = allReplicas(transition.before)
  return firstReplica(transition, ({ brokerId, replica }, key) => {
    const { role } = replica
    const known = before.get(key)?.find(placed => placed.brokerId === brokerId)?.replica
    if (role.kind !== 'leader' || known?.role.kind !== 'leader' || known.leaderEpoch !== replica.leaderEpoch)
      return null
    if (replica.highWatermark <= known.highWatermark) return null
    const members = [...role.inSyncReplicas, ...(role.pendingInSyncReplicas ?? [])]
    const behind = role.followers.find(
      follower => members.includes(follower.brokerId) && follower.fetchOffset < replica.highWatermark,
    )
    if (behind === undefined) return null
    return {
      claim: 'F2',
      sentence: `b${brokerId} moved the high watermark of ${key} to ${replica.highWatermark}, but b${behind.brokerId} has fetched up to ${behind.fetchOffset} only`,
    }
  })
}

/** F3: what a broker sends to a consumer lies below the high watermark that it says. */
export function consumersReadCommitted(_: History, transition: ClusterTransition): Violation | null {
  if (isSame(transition, 'links')) return null
  for (const [key, link] of Object.entries(transition.after.links)) {
    if (!link.to.startsWith('c') || link === transition.before.links[key]) continue
    for (const message of link.messages) {
      if (message.kind !== 'FetchResponse') continue
      for (const batch of message.records) {
        if (!('lastOffset' in batch) || batch.lastOffset < message.highWatermark) continue
        return {
          claim: 'F3',
          sentence: `${link.from} sent offset ${batch.lastOffset} of ${message.topic}/${message.partition} to ${link.to}, at a high watermark of ${message.highWatermark}`,
        }
      }
    }
  }
  return null
}

/**
 * F6: the offsets that a coordinator answers with are those of its log: of every key the last value below the high
 * watermark, or a later one that it has read. Otherwise a group would resume where nobody ever committed.
 */
export function offsetsAreInTheLog(_: History, transition: ClusterTransition): Violation | null {
  if (isSame(transition, 'brokers')) return null
  for (const [name, broker] of Object.entries(transition.after.brokers)) {
    if (broker.status === 'down' || broker === transition.before.brokers[name]) continue
    const logs = ledOffsetsLogs(broker)
    if (saysTheSame(transition.before.brokers[name], broker.groups, logs)) continue
    for (const { groupId, offsets } of broker.groups) {
      // Deleted and rotten records cannot speak for what was read from them before.
      if (logs.some(log => log.logStartOffset > 0 || log.batches.some(batch => batch.corrupt))) continue
      for (const { topic, partition, offset } of offsets) {
        const written = logs.flatMap(log => candidates(log, `offset|${groupId}|${topic}|${partition}`))
        if (written.includes(`${offset}`)) continue
        return {
          claim: 'F6',
          sentence: `${name} says that group ${groupId} committed ${offset} for ${topic}/${partition}, but its log says ${written.join(' or ') || 'nothing'}`,
        }
      }
    }
  }
  return null
}

function ledOffsetsLogs({ replicas }: Up): readonly ReplicaObservation[] {
  return replicas.filter(({ topic, role }) => topic === '__consumer_offsets' && role.kind === 'leader')
}

/** True when a broker's groups and the logs that they are in are as they were. */
function saysTheSame(
  before: BrokerObservation | undefined,
  groups: Up['groups'],
  logs: readonly ReplicaObservation[],
): boolean {
  if (before === undefined || before.status === 'down' || before.groups !== groups) return false
  const known = ledOffsetsLogs(before)
  return known.length === logs.length && known.every((log, i) => holdsTheSame(log, logs[i]))
}

function holdsTheSame(before: ReplicaObservation, now: ReplicaObservation | undefined): boolean {
  return (
    before === now ||
    (before.batches === now?.batches &&
      before.highWatermark === now.highWatermark &&
      before.logStartOffset === now.logStartOffset)
  )
}

/** The offsets that a key may stand at: its last value below the high watermark, and every later one. */
function candidates({ batches, highWatermark }: ReplicaObservation, key: string): readonly string[] {
  let found: string[] = []
  for (const { records } of batches) {
    for (const record of records) {
      if (record.key !== key) continue
      const offset = record.value?.split('|')[0] ?? 'none'
      if (record.offset < highWatermark) found = [offset]
      else found.push(offset)
    }
  }
  return found
}

function firstReplica(
  transition: ClusterTransition,
  check: (placed: PlacedReplica, key: string) => Violation | null,
): Violation | null {
  if (isSame(transition, 'brokers')) return null
  const before = allReplicas(transition.before)
  for (const [key, placed] of allReplicas(transition.after)) {
    const known = before.get(key)
    for (const { brokerId, replica } of placed) {
      if (known?.some(other => other.brokerId === brokerId && other.replica === replica) === true) continue
      const found = check({ brokerId, replica }, key)
      if (found !== null) return found
    }
  }
  return null
}
