// Walking a cluster: topics and clients come first, then work and faults take turns. A run keeps to one of two fault modes:
// *within the contract* (any broken claim is a bug) or *without limits*. Many runs end by healing everything, so that
// progress can be asked for.
import type { ClusterObservation, ClusterOperation } from '../../model/vocabulary/cluster.ts'
import type { Random } from '../random.ts'
import type { SetupOf } from '../scope.ts'
import { administration, disks } from './cluster-administration.ts'
import { clients } from './cluster-clients.ts'
import { FaultBudget, faults } from './cluster-faults.ts'
import { groupScenes } from './cluster-group-scenes.ts'
import { scenes } from './cluster-scenes.ts'
import { drawClusterSetup, drawPlan } from './cluster-setup.ts'
import { namesWhere, runningBrokers } from './cluster-views.ts'
import { drawPickLink, type PickLink } from './delivery-order.ts'
import { drawLength } from './mix.ts'
import { type Strategy, usualStrategy } from './strategy.ts'
import type { Move, Walker } from './walk.ts'

/** Draws a cluster's set-up and a plan for it. */
export function startClusterWalker(
  random: Random,
  given?: SetupOf<'cluster'>,
  strategy: Strategy = usualStrategy,
): Walker<'cluster'> {
  const setup = given ?? drawClusterSetup(random)
  const plan = drawPlan(random, setup)
  const budget = new FaultBudget(random, plan)
  return {
    setup,
    length: drawLength(random, 240),
    moves: [
      ...network(random, drawPickLink(random, strategy.priorityShare)),
      ...clients(random, plan),
      ...faults(random, plan, budget),
      ...administration(random, plan),
      ...disks(random, plan),
      ...scenes(random, setup, plan, budget),
      ...groupScenes(random, setup, budget),
    ],
    saw: operation => budget.saw(operation),
    finale: (seen, turn) => (plan.heals ? finale(setup, seen, turn) : null),
  }
}

function network(random: Random, pickLink: PickLink): readonly Move<'cluster'>[] {
  const deliverable = ({ links, brokers }: ClusterObservation) =>
    Object.values(links).filter(
      ({ messages, cut, to }) => messages.length > 0 && !cut && brokers[to]?.status !== 'paused',
    )
  return [
    { name: 'settle', weight: 10, propose: seen => (deliverable(seen).length > 0 ? { kind: 'settle' } : null) },
    {
      name: 'deliver',
      weight: 14,
      propose: seen => {
        const link = pickLink(deliverable(seen))
        return link === null ? null : { kind: 'deliver', from: link.from, to: link.to }
      },
    },
    {
      name: 'deliver to one node',
      weight: 3,
      propose: seen => {
        const link = pickLink(deliverable(seen))
        if (link === null) return null
        const links = deliverable(seen).filter(({ to }) => to === link.to)
        return links.map(({ from, to }): ClusterOperation => ({ kind: 'deliver', from, to }))
      },
    },
    {
      name: 'deliverLate',
      weight: 6,
      propose: ({ links }) => {
        const link = random.pickOrNull(Object.values(links).filter(({ late }) => late.length > 0))
        return link === null ? null : { kind: 'deliverLate', from: link.from, to: link.to }
      },
    },
    { name: 'a little time', weight: 4, propose: () => ({ kind: 'elapse', ms: random.pick([100, 300, 500, 1000]) }) },
    { name: 'much time', weight: 2, propose: () => ({ kind: 'elapse', ms: random.pick([2000, 3000, 6000]) }) },
    {
      name: 'advance all clocks',
      weight: 2,
      propose: () => ({ kind: 'advance', ms: random.pick([1, 100, 300, 500, 1000, 2500]), node: null }),
    },
    {
      name: 'advance one clock',
      weight: 3,
      propose: seen => ({
        kind: 'advance',
        ms: random.pick([100, 300, 500, 1000, 2500]),
        node: random.chance(0.2)
          ? 'ctl'
          : random.pickOrNull([...Object.keys(seen.brokers), ...Object.keys(seen.producers)]),
      }),
    },
  ]
}

/** Everything is healed and given time; then consumers read to the end. What follows is checked by properties/progress.ts. */
function finale(setup: SetupOf<'cluster'>, seen: ClusterObservation, turn: number): readonly ClusterOperation[] | null {
  if (turn === 0) return healing(seen)
  if (turn === 1) return Array.from({ length: 4 }, () => ({ kind: 'elapse', ms: 10_000 }))
  if (turn > 12 || setup.consumers === 0) return null
  const open = namesWhere(seen.consumers, consumer => consumer.open)
  if (open.length === 0) return null
  return open.flatMap((consumer): readonly ClusterOperation[] => [{ kind: 'poll', consumer }, { kind: 'settle' }])
}

function healing(seen: ClusterObservation): readonly ClusterOperation[] {
  const operations: ClusterOperation[] = [{ kind: 'healAll' }]
  for (const broker of runningBrokers(seen, ['paused'])) operations.push({ kind: 'resume', broker })
  for (const broker of runningBrokers(seen, ['down'])) operations.push({ kind: 'restart', broker })
  for (const { topic, partition, replicas } of seen.controller.image.partitions) {
    for (const broker of replicas) operations.push({ kind: 'fillDisk', broker, topic, partition, bytes: null })
  }
  return operations
}
