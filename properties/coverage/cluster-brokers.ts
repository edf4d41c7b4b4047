// What happened on brokers in one step: crashes and what recovery left, logs that were cut or cleaned, groups.
import type { BrokerObservation, ReplicaObservation } from '../../model/vocabulary/cluster.ts'
import type { GroupObservation } from '../../model/vocabulary/groups.ts'
import type { MessageValue } from '../../model/vocabulary/messages.ts'
import type { Hit, Transition } from '../scope.ts'

type Up = Exclude<BrokerObservation, { readonly status: 'down' }>

/** What a labeller must remember of brokers that are down, and of rolls, which an observation does not show. */
export class BrokerMemory {
  /** Each broker's replicas when it went down, and how. */
  readonly down = new Map<string, { readonly replicas: readonly ReplicaObservation[]; readonly damage: string }>()
  /** Log ends at which a replica was told to roll. */
  readonly rolls = new Map<string, readonly number[]>()
}

/** Labels what changed on brokers. */
export function labelBrokers(step: Transition<'cluster'>, memory: BrokerMemory, hit: Hit): void {
  const { before, operation, after } = step
  if (before.brokers === after.brokers) return
  const received =
    operation.kind === 'deliver' ? before.links[`${operation.from}>${operation.to}`]?.messages[0] : undefined
  for (const name in after.brokers) {
    const now = after.brokers[name]
    const old = before.brokers[name]
    if (now === undefined || old === undefined || now === old) continue
    if (now.status === 'down') {
      if (old.status === 'down') continue
      const isCrash = operation.kind === 'crash'
      if (!isCrash) hit('disk full halt')
      memory.down.set(name, { replicas: old.replicas, damage: isCrash ? operation.damage.kind : 'kept' })
    } else if (old.status === 'down') labelRecovery(name, now, memory, hit)
    else labelUp(step, name, old, now, received, memory, hit)
  }
}

function labelRecovery(name: string, now: Up, memory: BrokerMemory, hit: Hit): void {
  const last = memory.down.get(name)
  memory.down.delete(name)
  for (const replica of now.replicas) {
    const old = last?.replicas.find(
      ({ topic, partition }) => topic === replica.topic && partition === replica.partition,
    )
    if (old === undefined || replica.logEndOffset >= old.logEndOffset) continue
    if (last?.damage === 'lost') hit('unsynced tail lost')
    if (last?.damage === 'torn') hit('torn tail recovered')
  }
}

function labelUp(
  { operation }: Transition<'cluster'>,
  name: string,
  old: Up,
  now: Up,
  received: MessageValue | undefined,
  memory: BrokerMemory,
  hit: Hit,
): void {
  for (const [index, replica] of now.replicas.entries()) {
    const previous = old.replicas[index]
    if (previous === undefined || previous === replica || previous.topic !== replica.topic) continue
    const place = `${name} ${replica.topic} ${replica.partition}`
    if (operation.kind === 'roll') memory.rolls.set(place, (memory.rolls.get(place) ?? []).concat(replica.logEndOffset))
    if (operation.kind === 'clean') labelClean(previous, replica, memory.rolls.get(place) ?? [], hit)
    if (operation.kind === 'retain' && replica.logStartOffset > previous.logStartOffset)
      hit('retention deleted a segment')
    if (replica.role.kind === 'leader' && previous.role.kind === 'leader') {
      if (replica.role.waiting.length < previous.role.waiting.length) hit('batch acknowledged by all')
    }
    if (
      received?.kind === 'FetchResponse' &&
      received.topic === replica.topic &&
      received.partition === replica.partition
    ) {
      labelFetched(previous, replica, received, hit)
    }
  }
  if (received?.kind === 'Produce') labelProduced(old, now, received, hit)
  if (now.groups !== old.groups) labelGroups(old.groups, now.groups, operation.kind === 'advance', hit)
}

function labelFetched(
  old: ReplicaObservation,
  now: ReplicaObservation,
  response: Extract<MessageValue, { readonly kind: 'FetchResponse' }>,
  hit: Hit,
): void {
  if (response.divergingEpoch !== null && now.logEndOffset < old.logEndOffset) hit('truncation on divergence')
  const hasCorrupt = response.records.some(batch => 'corrupt' in batch && batch.corrupt)
  if (hasCorrupt && now.logEndOffset === old.logEndOffset && now.role.kind === 'follower') {
    hit('corrupt batch refused by a follower')
  }
}

/** A batch that is answered although the log did not grow, and whose sequence the leader remembers. */
function labelProduced(old: Up, now: Up, request: Extract<MessageValue, { readonly kind: 'Produce' }>, hit: Hit): void {
  const of = (broker: Up) =>
    broker.replicas.find(({ topic, partition }) => topic === request.topic && partition === request.partition)
  const before = of(old)
  const [batch] = request.records
  if (before === undefined || batch === undefined || batch.producerId < 0 || before.role.kind !== 'leader') return
  if (of(now)?.logEndOffset !== before.logEndOffset) return
  const entry = before.producers.find(({ producerId }) => producerId === batch.producerId)
  const isKnown = entry?.batches.some(({ baseSequence }) => baseSequence === batch.baseSequence) === true
  if (isKnown && entry?.producerEpoch === batch.producerEpoch) hit('duplicate producer batch answered')
}

function labelClean(old: ReplicaObservation, now: ReplicaObservation, rolls: readonly number[], hit: Hit): void {
  const kept = new Set(now.batches.flatMap(({ records }) => records.map(({ offset }) => offset)))
  const all = old.batches.flatMap(({ records }) => records)
  const removed = all.filter(({ offset }) => !kept.has(offset))
  if (removed.length === 0) return
  hit('compaction removed a record')
  const isAcross = removed.some(({ key, offset }) =>
    all.some(
      later => later.key === key && later.offset > offset && rolls.some(roll => offset < roll && roll <= later.offset),
    ),
  )
  if (isAcross) hit('compaction across segments')
  if (
    removed.some(
      ({ key, value }) => value === null && !all.some(record => record.key === key && kept.has(record.offset)),
    )
  ) {
    hit('tombstone removed')
  }
}

function labelGroups(
  before: readonly GroupObservation[],
  after: readonly GroupObservation[],
  isTime: boolean,
  hit: Hit,
): void {
  for (const old of before) {
    const now = after.find(({ groupId }) => groupId === old.groupId)
    if (now === old) continue
    if (now === undefined || now.offsets.length < old.offsets.length) {
      if (isTime) hit('offsets expired')
      continue
    }
    if (now.offsets !== old.offsets) hit('offsets committed')
    if (now.generationId > old.generationId && now.members.length > 0) hit('rebalance completed')
    if (isTime && now.members.length < old.members.length) hit('member expired')
    if (now.state === 'Stable' && old.state !== 'Stable' && now.protocolName === 'cooperative-sticky') {
      const owned = now.members.reduce((sum, { assignment }) => sum + assignment.length, 0)
      if (now.members.length > 1 && owned > 0 && now.members.some(({ assignment }) => assignment.length === 0)) {
        hit('partition revoked before it was given away')
      }
    }
  }
}
