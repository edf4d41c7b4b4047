// Scenes: short rows of operations for behaviours that need several things in the right order, which single draws would
// reach once in a thousand runs. A scene is proposed only where its beginning is there; what it leads to is for the model.
import type { ClusterObservation, ClusterOperation } from '../../model/vocabulary/cluster.ts'
import type { PartitionState } from '../../model/vocabulary/messages.ts'
import type { Random } from '../random.ts'
import type { SetupOf } from '../scope.ts'
import type { FaultBudget } from './cluster-faults.ts'
import type { Plan } from './cluster-setup.ts'
import { namesWhere, replicasOf, userPartitions } from './cluster-views.ts'
import type { Move } from './walk.ts'

type Scene = readonly ClusterOperation[] | null

/** All scenes of a run. */
export function scenes(
  random: Random,
  setup: SetupOf<'cluster'>,
  plan: Plan,
  budget: FaultBudget,
): readonly Move<'cluster'>[] {
  return [
    {
      name: 'a request from before a crash',
      weight: 2,
      propose: seen => requestFromBeforeACrash(random, budget, seen),
    },
    { name: 'an election passes a proposal', weight: 6, propose: seen => electionPassesProposal(random, budget, seen) },
    {
      name: 'a replica is fenced while it is being added',
      weight: 4,
      propose: seen => fencedWhileAdded(random, setup, budget, seen),
    },
    ...fastFailover(random, plan, budget),
    { name: 'a new leader is asked for its end', weight: 4, propose: seen => lateEndOffset(random, seen) },
    {
      name: 'a tombstone comes of age',
      weight: plan.topic.cleanupPolicy === 'delete' ? 0 : 2,
      propose: seen => tombstoneComesOfAge(random, plan, seen),
    },
    {
      name: 'rot in what a follower lacks',
      weight: plan.mode === 'contract' ? 0 : 2.5,
      propose: seen => rotBeforeFetch(random, budget, seen),
    },
    { name: 'a client keeps old metadata', weight: 2, propose: seen => staleMetadata(random, budget, seen) },
  ]
}

/** A broker crashes with a request under way, comes back and registers; then the old request is processed (KIP-903). */
function requestFromBeforeACrash(random: Random, budget: FaultBudget, seen: ClusterObservation): Scene {
  if (!budget.allowsCrash(seen)) return null
  const name = random.pickOrNull(namesWhere(seen.brokers, ({ status }) => status === 'running'))
  if (name === null) return null
  const broker = Number(name.slice(1))
  const link = { from: name, to: 'ctl' }
  return [
    ...(seen.links[`${name}>ctl`]?.messages.length ? [] : [{ kind: 'advance', ms: 500, node: name } as const]),
    { kind: 'crash', broker, damage: random.pick([{ kind: 'kept' }, { kind: 'lost' }]), indexes: 'kept', late: true },
    { kind: 'restart', broker },
    { kind: 'deliver', ...link },
    { kind: 'deliverLate', ...link },
  ]
}

/**
 * While a leader's proposal of an in-sync set is under way, the controller changes that set for another reason, or fences
 * the replica that is to be added.
 */
function electionPassesProposal(random: Random, budget: FaultBudget, seen: ClusterObservation): Scene {
  if (!budget.allows(seen)) return null
  for (const state of seen.controller.image.partitions) {
    const leader = replicasOf(seen, state).find(({ broker }) => broker === state.leader)
    if (leader === undefined || leader.replica.role.kind !== 'leader') continue
    const pending = leader.replica.role.pendingInSyncReplicas
    if (pending === null) continue
    const added = pending.find(id => !state.inSyncReplicas.includes(id))
    const staying = state.inSyncReplicas.find(id => id !== state.leader)
    const other = random.chance(0.5) ? (added ?? staying) : (staying ?? added)
    if (other === undefined) continue
    const link = { from: `b${state.leader}`, to: 'ctl' }
    return [
      { kind: 'expireSession', broker: other },
      { kind: 'deliver', ...link },
    ]
  }
  return null
}

/**
 * A follower is fenced and comes back. While its leader's proposal to add it is under way it is fenced again, or it crashes,
 * loses what it had and registers anew (KIP-903).
 */
function fencedWhileAdded(
  random: Random,
  { broker }: SetupOf<'cluster'>,
  budget: FaultBudget,
  seen: ClusterObservation,
): Scene {
  const state = random.pickOrNull(userPartitions(seen).filter(({ leader }) => leader !== -1))
  const follower = state?.inSyncReplicas.find(id => id !== state.leader)
  if (state === null || follower === undefined || !budget.allows(seen)) return null
  const [f, l] = [`b${follower}`, `b${state.leader}`]
  const lost: ClusterOperation = {
    kind: 'crash',
    broker: follower,
    damage: { kind: 'lost' },
    indexes: 'kept',
    late: false,
  }
  // More deliveries than there are messages do no harm.
  const deliver = (from: string, to: string) =>
    Array.from({ length: 2 }, () => ({ kind: 'deliver', from, to }) as const)
  return [
    { kind: 'expireSession', broker: follower },
    ...deliver('ctl', l),
    ...deliver('ctl', f),
    { kind: 'advance', ms: broker.heartbeatIntervalMs, node: f },
    ...deliver(f, 'ctl'),
    ...deliver('ctl', l),
    { kind: 'advance', ms: broker.replicaFetchWaitMaxMs, node: l },
    ...deliver(l, f),
    ...deliver(f, l),
    ...(random.chance(0.5) || !budget.allowsCrash(seen)
      ? [{ kind: 'expireSession', broker: follower } as const]
      : [
          lost,
          { kind: 'restart', broker: follower } as const,
          ...[1, 2, 3, 4].flatMap(() => [...deliver(f, 'ctl'), ...deliver('ctl', f)]),
        ]),
    ...deliver(l, 'ctl'),
  ]
}

/**
 * Leaders are deposed with a tail, often one soon after the other: then logs differ in the records of several epochs, and
 * no replica has seen them all.
 */
function fastFailover(random: Random, plan: Plan, budget: FaultBudget): readonly Move<'cluster'>[] {
  let roundsLeft = 0
  return [
    {
      name: 'a leader is deposed with a tail',
      weight: 3,
      propose: seen => {
        const scene = budget.hasLeft ? deposedWithATail(random, plan, seen) : null
        if (scene !== null) roundsLeft = random.pick([0, 1, 1, 2])
        return scene
      },
    },
    {
      // However fast it goes on, it is one fault.
      name: 'and so is the next one',
      weight: 60,
      propose: seen => (roundsLeft-- > 0 ? deposedWithATail(random, plan, seen) : null),
    },
  ]
}

/** A leader that has just taken a record which nobody else has, or one follower only, is deposed. */
function deposedWithATail(random: Random, plan: Plan, seen: ClusterObservation): Scene {
  const state = random.pickOrNull(userPartitions(seen).filter(({ leader }) => leader !== -1))
  if (state === null) return null
  const { topic, partition, leader } = state
  const producer = random.pickOrNull(
    namesWhere(seen.producers, ({ session, metadata }) => {
      const known = metadata.find(row => row.topic === topic && row.partition === partition)
      return session !== null && !session.failed && known?.leader === leader
    }),
  )
  const sending = producer === null ? sendOfAStranger(random, plan, seen, state) : sendTo(producer, state)
  const fetching = random.chance(0.7) ? random.pickOrNull(state.inSyncReplicas.filter(id => id !== leader)) : null
  const deliver = (from: string, to: string): ClusterOperation => ({ kind: 'deliver', from, to })
  return [
    ...sending,
    ...(fetching === null ? [] : [deliver(`b${fetching}`, `b${leader}`), deliver(`b${leader}`, `b${fetching}`)]),
    { kind: 'expireSession', broker: leader },
    // More deliveries than there are messages do no harm.
    ...state.replicas.flatMap(id => [deliver('ctl', `b${id}`), deliver('ctl', `b${id}`)]),
  ]
}

function sendTo(producer: string, { topic, partition, leader }: PartitionState): readonly ClusterOperation[] {
  const records = [{ key: 'a', value: 'tail' }]
  return [
    { kind: 'send', producer, topic, partition, records, draw: 0 },
    { kind: 'deliver', from: producer, to: `b${leader}` },
  ]
}

/** A producer that does not know the leader yet is opened, and asks for it. */
function sendOfAStranger(
  random: Random,
  plan: Plan,
  { producers }: ClusterObservation,
  state: PartitionState,
): readonly ClusterOperation[] {
  const producer = random.pickOrNull(Object.keys(producers))
  if (producer === null) return []
  const [send, deliver] = sendTo(producer, state)
  if (send === undefined || deliver === undefined) return []
  return [
    { kind: 'openProducer', producer, ...plan.producers },
    send,
    { kind: 'deliver', from: producer, to: 'b1' },
    { kind: 'deliver', from: 'b1', to: producer },
    deliver,
  ]
}

/** A consumer asks a leader whose high watermark still lies below where its epoch starts (KIP-207). */
function lateEndOffset(random: Random, seen: ClusterObservation): Scene {
  const consumer = random.pickOrNull(Object.keys(seen.consumers))
  if (consumer === null) return null
  for (const state of userPartitions(seen)) {
    const leader = replicasOf(seen, state).find(({ broker }) => broker === state.leader)
    if (leader === undefined || leader.replica.role.kind !== 'leader') continue
    if (leader.replica.role.leaderEpochStartOffset <= leader.replica.highWatermark) continue
    const { topic, partition } = state
    const open: ClusterOperation = {
      kind: 'openConsumer',
      consumer,
      groupId: null,
      groupInstanceId: null,
      topics: [],
      partitions: [{ topic, partition }],
      assignors: ['range'],
      reset: 'latest',
    }
    const ask = (to: string): ClusterOperation => ({ kind: 'deliver', from: consumer, to })
    return [open, ask('b1'), { kind: 'deliver', from: 'b1', to: consumer }, ask(`b${state.leader}`)]
  }
  return null
}

/** A tombstone is cleaned once, which starts its clock, and again when its time has come. */
function tombstoneComesOfAge(random: Random, plan: Plan, seen: ClusterObservation): Scene {
  const producer = random.pickOrNull(namesWhere(seen.producers, ({ session }) => session !== null && !session.failed))
  const state = random.pickOrNull(userPartitions(seen).filter(({ leader }) => leader !== -1))
  if (producer === null || state === null) return null
  const { topic, partition, leader: broker } = state
  const send = (key: string, value: string | null): ClusterOperation => ({
    kind: 'send',
    producer,
    topic,
    partition,
    records: [{ key, value }],
    draw: 0,
  })
  const place = { broker, topic, partition }
  return [
    send('a', null),
    { kind: 'settle' },
    { kind: 'roll', ...place },
    { kind: 'clean', ...place },
    send('b', null),
    { kind: 'elapse', ms: plan.topic.deleteRetentionMs + 500 },
    { kind: 'roll', ...place },
    { kind: 'clean', ...place },
  ]
}

/** A follower is cut off while two batches are written (its last fetch brings it the first); the second rots. */
function rotBeforeFetch(random: Random, budget: FaultBudget, seen: ClusterObservation): Scene {
  const producer = random.pickOrNull(namesWhere(seen.producers, ({ session }) => session !== null && !session.failed))
  const state = random.pickOrNull(userPartitions(seen).filter(({ leader }) => leader !== -1))
  if (producer === null || state === null || random.chance(0.3) || !budget.allows(seen)) return null
  const { topic, partition, leader: broker } = state
  const replica = replicasOf(seen, state).find(found => found.broker === broker)?.replica
  const follower = state.inSyncReplicas.find(id => id !== broker)
  if (replica === undefined || follower === undefined) return null
  const link = { from: `b${follower}`, to: `b${broker}` }
  const records = [{ key: 'a', value: 'a' }]
  const send: ClusterOperation = { kind: 'send', producer, topic, partition, records, draw: 0 }
  const settle: ClusterOperation = { kind: 'settle' }
  return [
    { kind: 'cut', ...link },
    ...[send, settle, send, settle],
    { kind: 'rot', broker, topic, partition, offset: replica.logEndOffset + 1 },
    { kind: 'heal', ...link },
    { kind: 'elapse', ms: 500 },
  ]
}

/** The broker that a client will ask next hears nothing more from the controller, and a leader changes. */
function staleMetadata(random: Random, budget: FaultBudget, seen: ClusterObservation): Scene {
  const state = random.pickOrNull(userPartitions(seen).filter(({ leader }) => leader !== -1))
  const producer = random.pickOrNull(namesWhere(seen.producers, ({ session }) => session !== null))
  if (state === null || producer === null || !budget.allows(seen)) return null
  const deaf = random.pickOrNull(state.replicas.filter(id => id !== state.leader))
  if (deaf === null) return null
  const { topic, partition } = state
  return [
    { kind: 'cut', from: 'ctl', to: `b${deaf}` },
    { kind: 'expireSession', broker: state.leader },
    { kind: 'send', producer, topic, partition, records: [{ key: 'a', value: 'a' }], draw: 0 },
    { kind: 'elapse', ms: 1000 },
    { kind: 'disconnect', a: producer, b: `b${state.leader}`, late: false },
    { kind: 'elapse', ms: 500 },
  ]
}
