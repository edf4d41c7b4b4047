// What changed in a cluster between two observations, as short lines: what the controller decided, what became of each
// replica, and (client-changes.ts) what groups, producers and consumers noticed. Links, clocks and timers are left out.
import type {
  BrokerObservation,
  ClusterObservation,
  ClusterOutcome,
  Endpoint,
  ReplicaObservation,
} from '../../model/vocabulary/cluster.ts'
import type { BrokerRegistration, PartitionState } from '../../model/vocabulary/messages.ts'
import type { Batch } from '../../model/vocabulary/records.ts'
import { consumerChanges, groupChanges, producerChanges } from './client-changes.ts'
import { brokersWord, change, partitionWord, recordWord, sentence } from './words.ts'

/** What the replicas of each broker were when it was last up, so that one that comes back can be compared with itself. */
export type LastSeen = Readonly<Record<Endpoint, readonly ReplicaObservation[]>>

/** Adds what can be seen now; brokers that are down keep what they had. */
export function seenAlso(lastSeen: LastSeen, { brokers }: ClusterObservation): LastSeen {
  const up = Object.entries(brokers).flatMap(([name, broker]) =>
    broker.status === 'down' ? [] : [[name, broker.replicas] as const],
  )
  return { ...lastSeen, ...Object.fromEntries(up) }
}

/** What an operation, or several, changed; no lines when nothing that a reader looks for did. */
export function clusterChanges(
  before: ClusterObservation,
  after: ClusterObservation,
  lastSeen: LastSeen = {},
): readonly string[] {
  return [
    ...controllerChanges(before, after),
    ...merged(
      Object.keys(after.brokers).flatMap(name =>
        brokerChanges(name, before.brokers[name], after.brokers[name], lastSeen[name] ?? []),
      ),
    ),
    ...lateChanges(before, after),
    ...refusals(before, after),
    ...groupChanges(before, after),
    ...producerChanges(before, after),
    ...consumerChanges(before, after),
  ]
}

/** What an operation answered, when that says something: errors, and that it did not apply. */
export function clusterOutcomeWords(outcome: ClusterOutcome): string {
  switch (outcome.kind) {
    case 'done':
    case 'delivered':
      return ''
    case 'nothing':
      return 'nothing happens'
    case 'error':
      return `error ${outcome.error}`
  }
}

function controllerChanges(before: ClusterObservation, after: ClusterObservation): readonly string[] {
  const old = before.controller.image
  const now = after.controller.image
  if (old.metadataOffset === now.metadataOffset) return []
  return [
    ...sentence('controller', change('epoch', old.controllerEpoch, now.controllerEpoch)),
    ...now.brokers.flatMap(broker =>
      registrationChanges(
        old.brokers.find(({ brokerId }) => brokerId === broker.brokerId),
        broker,
      ),
    ),
    ...now.partitions.flatMap(state =>
      partitionChanges(
        old.partitions.find(other => isSame(other, state)),
        state,
      ),
    ),
  ]
}

function registrationChanges(before: BrokerRegistration | undefined, after: BrokerRegistration): readonly string[] {
  const fenced = before?.fenced === after.fenced ? '' : after.fenced ? 'fenced' : 'unfenced'
  return sentence(`b${after.brokerId}`, change('broker epoch', before?.brokerEpoch, after.brokerEpoch), fenced)
}

function partitionChanges(before: PartitionState | undefined, after: PartitionState): readonly string[] {
  return sentence(
    partitionWord(after),
    change('leader', leaderWord(before?.leader), leaderWord(after.leader)),
    change('epoch', before?.leaderEpoch, after.leaderEpoch),
    change('in sync', before && brokersWord(before.inSyncReplicas), brokersWord(after.inSyncReplicas)),
    change(
      'eligible',
      before ? brokersWord(before.eligibleLeaderReplicas) : '-',
      brokersWord(after.eligibleLeaderReplicas),
    ),
  )
}

function leaderWord(leader: number): string
function leaderWord(leader: number | undefined): string | undefined
function leaderWord(leader: number | undefined): string | undefined {
  return leader === undefined ? undefined : leader < 0 ? 'none' : `b${leader}`
}

/** Changes of one broker as [broker, what] pairs, so that brokers with equal changes can share a line. */
type Told = readonly [who: string, what: string]

function brokerChanges(
  name: string,
  before: BrokerObservation | undefined,
  after: BrokerObservation | undefined,
  lastSeen: readonly ReplicaObservation[],
): readonly Told[] {
  if (after === undefined) return []
  const status = before?.status === after.status ? [] : [[name, `is ${after.status}`] as const]
  if (after.status === 'down') return status
  const old = before === undefined || before.status === 'down' ? lastSeen : before.replicas
  const replicas = after.replicas.flatMap(replica =>
    sentence(
      partitionWord(replica),
      ...replicaChanges(
        old.find(other => isSame(other, replica)),
        replica,
      ),
    ),
  )
  return [...status, ...replicas.map(what => [name, what] as const)]
}

function replicaChanges(before: ReplicaObservation | undefined, after: ReplicaObservation): readonly string[] {
  if (before === undefined) {
    // Of an empty replica that has just been made there is nothing to say that its partition does not say.
    if (after.logEndOffset === 0) return []
    const log = listOf('has', recordsOf(after.batches), after.topic)
    return [log, change('log start', 0, after.logStartOffset), change('high watermark', undefined, after.highWatermark)]
  }
  const role = roleWord(after)
  return [
    roleWord(before) === role ? '' : role,
    ...recordChanges(before.batches, after.batches, after.topic),
    change('log start', before.logStartOffset, after.logStartOffset),
    change('high watermark', before.highWatermark, after.highWatermark),
    waitingWord(before, after),
  ]
}

function roleWord(replica: ReplicaObservation): string {
  switch (replica.role.kind) {
    case 'none':
      return 'no role'
    case 'leader':
      return `leads in epoch ${replica.leaderEpoch}`
    case 'follower':
      return replica.role.leader < 0 ? 'has no leader' : `follows b${replica.role.leader}`
  }
}

function waitingWord(before: ReplicaObservation, after: ReplicaObservation): string {
  const old = before.role.kind === 'leader' ? before.role.waiting : []
  const now = after.role.kind === 'leader' ? after.role.waiting : []
  if (old.join() === now.join()) return ''
  return now.length === 0 ? '' : `waits for high watermark ${now.join(' ')}`
}

/** `+ 0:a 1:k=v (epoch 0)` and `cuts 2:b (epoch 0)`. */
function recordChanges(before: readonly Batch[], after: readonly Batch[], topic: string): readonly string[] {
  const old = recordsOf(before)
  const now = recordsOf(after)
  const known = new Set(old.map(({ id }) => id))
  const kept = new Set(now.map(({ id }) => id))
  const lost = old.filter(({ id }) => !kept.has(id))
  const added = now.filter(({ id }) => !known.has(id))
  const corrupt = after.filter(
    batch => batch.corrupt && !before.some(other => other.corrupt && other.baseOffset === batch.baseOffset),
  )
  return [
    listOf('loses', lost, topic),
    listOf('+', added, topic),
    ...corrupt.map(batch => `${batch.baseOffset}..${batch.lastOffset} is corrupt`),
  ]
}

type Listed = { readonly id: string; readonly text: string; readonly epoch: number }

function recordsOf(batches: readonly Batch[]): readonly Listed[] {
  return batches.flatMap(({ leaderEpoch: epoch, records }) =>
    records.map(record => {
      const text = `${record.offset}:${recordWord(record)}`
      return { id: `${epoch} ${text}`, text, epoch }
    }),
  )
}

function listOf(verb: string, records: readonly Listed[], topic: string): string {
  if (records.length === 0) return ''
  // Records of internal topics are long, and groupChanges tells what they mean.
  if (topic.startsWith('__')) return `${verb} ${records.length} record${records.length === 1 ? '' : 's'}`
  const epochs = [...new Set(records.map(({ epoch }) => epoch))]
  return epochs
    .map(
      epoch =>
        `${verb} ${records
          .filter(record => record.epoch === epoch)
          .map(({ text }) => text)
          .join(' ')} (epoch ${epoch})`,
    )
    .join(', ')
}

/** Brokers with the same to tell share a line: `b2,b3 t/0: …`. */
function merged(told: readonly Told[]): readonly string[] {
  const brokersOf = new Map<string, string[]>()
  for (const [who, what] of told) brokersOf.set(what, [...(brokersOf.get(what) ?? []), who])
  return Array.from(brokersOf, ([what, who]) => `${who.join(',')} ${what}`)
}

/** Requests that a broken connection left behind, which can still be processed. */
function lateChanges(before: ClusterObservation, after: ClusterObservation): readonly string[] {
  return Object.entries(after.links).flatMap(([name, link]) => {
    if (link.late.length <= (before.links[name]?.late.length ?? 0)) return []
    return [`${name} late: ${link.late.map(message => message.kind).join(' ')}`]
  })
}

/** Answers on their way that refuse something. */
function refusals(before: ClusterObservation, after: ClusterObservation): readonly string[] {
  return Object.entries(after.links).flatMap(([name, link]) => {
    const known = new Set(
      (before.links[name]?.messages ?? []).map(({ kind, correlationId }) => `${kind} ${correlationId}`),
    )
    return link.messages.flatMap(message =>
      'error' in message && message.error !== 'NONE' && !known.has(`${message.kind} ${message.correlationId}`)
        ? [`${name}: ${message.kind} ${message.error}`]
        : [],
    )
  })
}

function isSame(a: { readonly topic: string; readonly partition: number }, b: typeof a): boolean {
  return a.topic === b.topic && a.partition === b.partition
}
