// Walks over scope `service`: what clients of a live broker do. The walk follows one possible world, the usual one; the
// broker may choose others, which the lockstep follows.
import { allowed } from '../../model/service/allowed.ts'
import { initialWorld, type World } from '../../model/service/world.ts'
import type { ServiceOperation, ServiceSetup } from '../../model/vocabulary/service.ts'
import type { Random } from '../random.ts'
import type { LiveRun } from '../validation/live.ts'
import { drawLength, drawMix } from './mix.ts'
import { groupFinale, groupMoves } from './service-groups.ts'
import { recordFinale, recordMoves } from './service-records.ts'

/** Versions from `from` to `to`, both included, but for those that are given up. */
export type SpokenVersions = { readonly from: number; readonly to: number; readonly without?: readonly number[] }

/** What a walk must know of the cluster. */
export type ServiceGround = {
  readonly brokers: number
  /** The versions of each API that can be spoken, by Kafka's name of the API. */
  readonly spoken: Readonly<Record<string, SpokenVersions>>
  /** How a topic is made that is merely asked for, where topics cannot be created otherwise; else null. */
  readonly onDemand: { readonly partitions: number; readonly replicationFactor: number } | null
  /** Operations that the broker offers. */
  readonly isOffered: (kind: ServiceOperation['kind']) => boolean
}

/** One kind of thing to do: the operations that it takes here, in a row; null when it would be pointless. */
export type ServiceMove = {
  readonly name: string
  readonly weight: number
  readonly propose: (world: World) => readonly ServiceOperation[] | null
}

const lengthMost = 60
const drawsForEach = 10

/** Draws a whole run. Most are about records or about groups alone, which shrinks better; some mix them. */
export function drawServiceRun(ground: ServiceGround, random: Random): LiveRun {
  const setup: ServiceSetup = { scope: 'service', brokers: ground.brokers, versions: drawVersions(ground, random) }
  const operations: ServiceOperation[] = []
  let world = initialWorld(setup)
  const take = (operation: ServiceOperation): void => {
    if (!ground.isOffered(operation.kind)) return
    const [usual] = allowed(world, operation)
    operations.push(operation)
    world = usual?.world ?? world
  }
  const theme = random.pick(['records', 'records', 'groups', 'groups', 'both'])
  const moves = [
    ...(theme === 'groups' ? [] : recordMoves(random, ground.onDemand)),
    ...(theme === 'records' ? [] : groupMoves(random)),
  ]
  const drawMove = drawMix(moves, random)
  const length = drawLength(random, lengthMost)
  for (let draws = 0; operations.length < length && draws < length * drawsForEach; draws++) {
    for (const operation of drawMove().propose(world) ?? []) take(operation)
  }
  for (const operation of [...recordFinale(world), ...groupFinale(world)]) take(operation)
  return { setup, operations }
}

/** The newest version most of the time, since that is what clients speak; else any, the oldest more often. */
function drawVersions({ spoken }: ServiceGround, random: Random): Readonly<Record<string, number>> {
  const isNewest = random.chance(0.4)
  return Object.fromEntries(
    Object.entries(spoken).map(([api, { from, to, without = [] }]) => {
      const version = isNewest || random.chance(0.3) ? to : random.chance(0.2) ? from : random.between(from, to)
      if (!without.includes(version)) return [api, version]
      const others = Array.from({ length: to - from + 1 }, (_, index) => from + index).filter(
        one => !without.includes(one),
      )
      return [api, random.pickOrNull(others) ?? version]
    }),
  )
}
