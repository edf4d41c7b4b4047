// Faults, and what ends them. A run has a small budget of faults and spends it where something is going on: most bugs need
// one to three faults at the right moment, and a steady drizzle only keeps the cluster from getting anywhere.
import type { ClusterObservation, ClusterOperation, Endpoint } from '../../model/vocabulary/cluster.ts'
import type { CrashDamage } from '../../model/vocabulary/log.ts'
import type { BrokerId } from '../../model/vocabulary/units.ts'
import type { Random } from '../random.ts'
import type { Plan } from './cluster-setup.ts'
import { isInteresting, isWhole, runningBrokers, userPartitions } from './cluster-views.ts'
import type { Move } from './walk.ts'

/** Says whether a fault may happen now. */
export class FaultBudget {
  readonly #random: Random
  readonly #plan: Plan
  #left: number
  /** Crashes since the cluster was last whole. */
  #crashes = 0

  constructor(random: Random, plan: Plan) {
    this.#random = random
    this.#plan = plan
    this.#left = plan.faults
  }

  /** For what makes its own interesting moment. */
  get hasLeft(): boolean {
    return this.#left > 0
  }

  allows(seen: ClusterObservation): boolean {
    if (!this.hasLeft) return false
    return isInteresting(seen) || this.#random.chance(0.15)
  }

  /** Within the contract at most `min.insync.replicas` - 1 brokers crash before everything is in sync again. */
  allowsCrash(seen: ClusterObservation): boolean {
    if (!this.allows(seen)) return false
    if (isWhole(seen)) this.#crashes = 0
    return this.#plan.mode === 'unlimited' || this.#crashes < this.#plan.topic.minInSyncReplicas - 1
  }

  saw({ kind }: ClusterOperation): void {
    if (!faultKinds.has(kind)) return
    this.#left--
    if (kind === 'crash') this.#crashes++
  }
}

const faultKinds: ReadonlySet<string> = new Set([
  'crash',
  'cut',
  'disconnect',
  'pause',
  'expireSession',
  'failoverController',
  'fillDisk',
  'rot',
])

/** Faults of processes and links, and their ends. */
export function faults(random: Random, plan: Plan, budget: FaultBudget): readonly Move<'cluster'>[] {
  return [
    {
      name: 'crash',
      weight: 5,
      propose: seen => {
        if (!budget.allowsCrash(seen)) return null
        const broker = aBroker(random, seen)
        return broker === null
          ? null
          : {
              kind: 'crash',
              broker,
              damage: drawDamage(random),
              indexes: random.pick(['kept', 'lost', 'torn']),
              late: random.chance(0.4),
            }
      },
    },
    {
      name: 'crash and restart',
      weight: 2,
      propose: seen => {
        if (!budget.allowsCrash(seen)) return null
        const broker = aBroker(random, seen)
        if (broker === null) return null
        return [
          {
            kind: 'crash',
            broker,
            damage: drawDamage(random),
            indexes: random.pick(['kept', 'lost', 'torn']),
            late: random.chance(0.4),
          },
          { kind: 'restart', broker },
        ]
      },
    },
    {
      name: 'restart of a broker that is down',
      weight: 5,
      propose: seen => {
        const broker = random.pickOrNull(runningBrokers(seen, ['down']))
        return broker === null ? null : { kind: 'restart', broker }
      },
    },
    {
      name: 'clean restart',
      weight: 1.5,
      propose: seen => {
        const broker = aBroker(random, seen)
        return broker === null ? null : { kind: 'restart', broker }
      },
    },
    {
      name: 'pause',
      weight: 2,
      propose: seen => {
        const broker = budget.allows(seen) ? aBroker(random, seen) : null
        return broker === null ? null : { kind: 'pause', broker }
      },
    },
    {
      name: 'resume',
      weight: 3,
      propose: seen => {
        const broker = random.pickOrNull(runningBrokers(seen, ['paused']))
        return broker === null ? null : { kind: 'resume', broker }
      },
    },
    ...linkFaults(random, budget),
    {
      name: 'expireSession',
      weight: 2,
      propose: seen => {
        const broker = budget.allows(seen) ? aBroker(random, seen) : null
        return broker === null ? null : { kind: 'expireSession', broker }
      },
    },
    {
      name: 'failoverController',
      weight: 1,
      propose: seen => (budget.allows(seen) ? { kind: 'failoverController' } : null),
    },
    ...(plan.mode === 'contract' ? [] : diskFaults(random, budget)),
  ]
}

function linkFaults(random: Random, budget: FaultBudget): readonly Move<'cluster'>[] {
  return [
    {
      name: 'cut',
      weight: 3,
      propose: seen => {
        if (!budget.allows(seen)) return null
        const [from, to] = drawPair(random, seen)
        return { kind: 'cut', from, to }
      },
    },
    {
      name: 'cut both ways',
      weight: 1.5,
      propose: seen => {
        if (!budget.allows(seen)) return null
        const [from, to] = drawPair(random, seen)
        return [
          { kind: 'cut', from, to },
          { kind: 'cut', from: to, to: from },
        ]
      },
    },
    {
      name: 'isolate a leader from the controller',
      weight: 1.5,
      propose: seen => {
        const broker = budget.allows(seen) ? aBroker(random, seen) : null
        if (broker === null) return null
        return random.chance(0.5)
          ? { kind: 'cut', from: `b${broker}`, to: 'ctl' }
          : { kind: 'cut', from: 'ctl', to: `b${broker}` }
      },
    },
    {
      name: 'heal',
      weight: 2,
      propose: ({ links }) => {
        const link = random.pickOrNull(Object.values(links).filter(({ cut }) => cut))
        return link === null ? null : { kind: 'heal', from: link.from, to: link.to }
      },
    },
    {
      name: 'healAll',
      weight: 1,
      propose: ({ links }) => (Object.values(links).some(({ cut }) => cut) ? { kind: 'healAll' } : null),
    },
    {
      name: 'disconnect',
      weight: 3,
      propose: seen => {
        if (!budget.allows(seen)) return null
        const busy = random.pickOrNull(Object.values(seen.links).filter(({ messages }) => messages.length > 0))
        const [a, b] = busy === null ? drawPair(random, seen) : ([busy.from, busy.to] as const)
        return { kind: 'disconnect', a, b, late: random.chance(0.6) }
      },
    },
  ]
}

function diskFaults(random: Random, budget: FaultBudget): readonly Move<'cluster'>[] {
  return [
    {
      name: 'rot',
      weight: 0.6,
      propose: seen => {
        const place = random.chance(0.2) && budget.allows(seen) ? random.pickOrNull(userPartitions(seen)) : null
        if (place === null) return null
        const { topic, partition, replicas } = place
        return { kind: 'rot', broker: random.pickOrNull(replicas) ?? 1, topic, partition, offset: random.below(6) }
      },
    },
    {
      name: 'fillDisk',
      weight: 0.8,
      propose: seen => {
        const place = budget.allows(seen) ? random.pickOrNull(userPartitions(seen)) : null
        if (place === null) return null
        const { topic, partition, replicas } = place
        const broker = random.pickOrNull(replicas) ?? 1
        return { kind: 'fillDisk', broker, topic, partition, bytes: random.pick([0, 30, 75, 150]) }
      },
    },
  ]
}

/** Someone who leads something, more often than not. */
function aBroker(random: Random, seen: ClusterObservation): BrokerId | null {
  const running = runningBrokers(seen, ['running'])
  const leaders = userPartitions(seen).flatMap(({ leader }) => (running.includes(leader) ? [leader] : []))
  return random.pickOrNull(random.chance(0.6) && leaders.length > 0 ? leaders : running)
}

function drawDamage(random: Random): CrashDamage {
  const share = random.fraction()
  if (share < 0.35) return { kind: 'kept' }
  if (share < 0.75) return { kind: 'lost' }
  return { kind: 'torn', bytes: random.pick([0, 1, 30, 61, 70, 75, 80, 100, 150]) }
}

/** Two brokers, a broker and the controller, or a client and a broker. */
function drawPair(random: Random, seen: ClusterObservation): readonly [Endpoint, Endpoint] {
  const brokers = Object.keys(seen.brokers)
  const clients = [...Object.keys(seen.producers), ...Object.keys(seen.consumers)]
  const one = random.pickOrNull(brokers) ?? 'b1'
  const others = random.chance(0.6) ? brokers.filter(name => name !== one) : random.chance(0.5) ? ['ctl'] : clients
  const other = random.pickOrNull(others) ?? 'ctl'
  return random.chance(0.5) ? [one, other] : [other, one]
}
