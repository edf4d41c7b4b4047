// One run of `check --disk real`: a sequence on a log whose process is killed again and again. What recovery finds must be
// what the model keeps of every operation that was acknowledged; the one that death interrupted happened, or did not, or
// stopped at one of the points between its own steps.
import type { LogObservation, LogOperation, LogOutcome } from '../model/vocabulary/log.ts'
import type { Batch } from '../model/vocabulary/records.ts'
import { areEqual, differences } from '../properties/compare.ts'
import { drawRun } from '../properties/generation/walk.ts'
import { Random, seedOf } from '../properties/random.ts'
import type { ModelSide } from '../properties/scope.ts'
import { logScope } from '../properties/scopes/log.ts'
import type { Difference } from '../properties/verdict.ts'
import { type Child, startChild } from './child.ts'
import type { Death } from './fatal-disk.ts'

/** Operations that write. A real disk cannot be told when to sync, to rot or to be full, and death is ours to choose. */
export type DiskOperation = Extract<
  LogOperation,
  {
    readonly kind:
      | 'append'
      | 'replicate'
      | 'truncate'
      | 'truncateFully'
      | 'updateHighWatermark'
      | 'deleteRecords'
      | 'assignEpoch'
      | 'roll'
      | 'retain'
      | 'clean'
      | 'flush'
      | 'checkpoint'
      | 'close'
  }
>

const diskKinds: ReadonlySet<LogOperation['kind']> = new Set<DiskOperation['kind']>([
  'append',
  'replicate',
  'truncate',
  'truncateFully',
  'updateHighWatermark',
  'deleteRecords',
  'assignEpoch',
  'roll',
  'retain',
  'clean',
  'flush',
  'checkpoint',
  'close',
])

/** What one run came to. */
export type DiskRun = {
  readonly operations: number
  readonly kills: number
  /** Deaths in the middle of an operation or of a recovery. */
  readonly killsInside: number
  readonly recoveries: number
  readonly finding:
    | { readonly kind: 'agree' }
    | {
        readonly kind: 'violation'
        readonly sentence: string
        readonly done: readonly DiskOperation[]
        readonly differences: readonly Difference[]
      }
    | { readonly kind: 'unknown'; readonly sentence: string }
}

const crash: LogOperation = { kind: 'crash', damage: { kind: 'kept' }, indexes: 'kept' }
const differencesMost = 10

/** Run `index` of a seed, in an empty folder. */
export async function runOnDisk(seed: number, index: number, folder: string, interrupt: AbortSignal): Promise<DiskRun> {
  const random = new Random(seedOf(seed, index))
  const { setup, operations: drawn } = drawRun(logScope, random)
  const operations = drawn.filter(isDiskOperation)
  const count = { operations: 0, kills: 0, killsInside: 0, recoveries: 0 }
  const end = (finding: DiskRun['finding']): DiskRun => ({ ...count, finding })
  let possible: Possible = { sides: [logScope.startModel(setup)], between: null }
  let next = 0
  for (;;) {
    if (interrupt.aborted) return end({ kind: 'unknown', sentence: 'interrupted' })
    const child = startChild(interrupt)
    try {
      const born = await child.ask({ setup, folder, death: drawDeath(random) })
      if (born.kind === 'silent') return end({ kind: 'unknown', sentence: born.sentence })
      if (born.kind === 'died') {
        // Killed while it recovered: nothing was acknowledged, so what may be stays what may be.
        count.kills++
        count.killsInside++
        continue
      }
      count.recoveries++
      const found = born.answer as LogObservation
      const model = possible.sides.find(side => areEqual(side.observe(), found))
      // The model has no state for half of an operation, so a run that met one ends there.
      if (model === undefined && isBetween(possible, found)) return end({ kind: 'agree' })
      if (model === undefined) return end(unexpected(possible.sides, found, operations.slice(0, next)))
      const life = await live(child, model, operations, next)
      count.operations += life.next - next
      next = life.next
      if (life.kind === 'finding') return end(life.finding)
      count.kills++
      if (life.inFlight !== null) count.killsInside++
      possible = afterDeath(model, life.inFlight)
      if (life.isOver) return end({ kind: 'agree' })
    } finally {
      child.kill()
    }
  }
}

type Life =
  | { readonly kind: 'finding'; readonly next: number; readonly finding: DiskRun['finding'] }
  | { readonly kind: 'death'; readonly next: number; readonly inFlight: DiskOperation | null; readonly isOver: boolean }

/** Carries operations out until death, or to the end of them. */
async function live(
  child: Child,
  model: ModelSide<'log'>,
  operations: readonly DiskOperation[],
  from: number,
): Promise<Life> {
  for (let next = from; next < operations.length; next++) {
    const operation = operations[next]
    if (operation === undefined) break
    const said = await child.ask(operation)
    if (said.kind === 'silent') {
      return { kind: 'finding', next, finding: { kind: 'unknown', sentence: said.sentence } }
    }
    if (said.kind === 'died') return { kind: 'death', next: next + 1, inFlight: operation, isOver: false }
    const expected = model.apply(operation)
    const apart = differences(expected, said.answer as LogOutcome, 'outcome', differencesMost)
    if (apart.length > 0) {
      const sentence = `${operation.kind} answered ${JSON.stringify(said.answer)}, and ${JSON.stringify(expected)} in the model`
      const done = operations.slice(0, next + 1)
      return { kind: 'finding', next, finding: { kind: 'violation', sentence, done, differences: apart } }
    }
  }
  return { kind: 'death', next: operations.length, inFlight: null, isOver: true }
}

/** What recovery may find: one of these logs, or something between the two ends of an operation that was cut short. */
type Possible = {
  readonly sides: readonly ModelSide<'log'>[]
  readonly between: { readonly before: LogObservation; readonly after: LogObservation } | null
}

/** What recovery may find when `inFlight` was interrupted in `model`. */
function afterDeath(model: ModelSide<'log'>, inFlight: DiskOperation | null): Possible {
  const before = model.fork()
  const steps = stepsOf(model, inFlight)
  const sides = [before, ...steps]
  for (const side of sides) side.apply(crash)
  const [after] = steps
  const goesBySegments = inFlight !== null && kindsBySegments.has(inFlight.kind) && after !== undefined
  return { sides, between: goesBySegments ? { before: before.observe(), after: after.observe() } : null }
}

/** These remove or replace files one after the other. */
const kindsBySegments: ReadonlySet<DiskOperation['kind']> = new Set([
  'clean',
  'retain',
  'truncate',
  'truncateFully',
  'deleteRecords',
])

/** Nothing is lost that both ends keep, nothing is there that neither end has, and the log ends where one of them does. */
function isBetween({ between }: Possible, found: LogObservation): boolean {
  if (between === null) return false
  const before = new Set(between.before.batches.map(identity))
  const after = new Set(between.after.batches.map(identity))
  const kept = new Set(found.batches.map(identity))
  const ends = [between.before, between.after].map(({ logEndOffset }) => logEndOffset)
  return (
    [...before].every(batch => !after.has(batch) || kept.has(batch)) &&
    [...kept].every(batch => before.has(batch) || after.has(batch)) &&
    found.logEndOffset >= Math.min(...ends) &&
    found.logEndOffset <= Math.max(...ends)
  )
}

/** Equal texts for equal batches, in whatever order their fields came. */
function identity(batch: Batch): string {
  const { baseOffset, lastOffset, leaderEpoch, producerId, producerEpoch, baseSequence, deleteHorizon, corrupt } = batch
  const records = batch.records.map(({ offset, timestamp, key, value }) => [offset, timestamp, key, value])
  const stamp = [producerId, producerEpoch, baseSequence]
  return JSON.stringify([baseOffset, lastOffset, leaderEpoch, stamp, deleteHorizon, corrupt, records])
}

/** The log after each of the steps that an operation takes one after the other. */
function stepsOf(model: ModelSide<'log'>, operation: DiskOperation | null): readonly ModelSide<'log'>[] {
  if (operation === null) return []
  const after = (...operations: readonly LogOperation[]): ModelSide<'log'> => {
    const side = model.fork()
    for (const one of operations) side.apply(one)
    return side
  }
  switch (operation.kind) {
    case 'append':
      // It may have rolled the segment and not written yet.
      return [after(operation), after({ kind: 'roll' })]
    case 'replicate':
      return operation.batches
        .flatMap((_batch, index) => {
          const first: DiskOperation = { kind: 'replicate', batches: operation.batches.slice(0, index + 1) }
          return [after(first), after(first, { kind: 'roll' })]
        })
        .concat(after({ kind: 'roll' }))
    default:
      return [after(operation)]
  }
}

function unexpected(
  possible: readonly ModelSide<'log'>[],
  found: LogObservation,
  done: readonly DiskOperation[],
): DiskRun['finding'] {
  const [apart = []] = possible
    .map(side => differences(side.observe(), found, '', differencesMost))
    .sort((a, b) => a.length - b.length)
  const sentence = `recovery found a log that is none of the ${possible.length} that the model allows; ${apart[0]?.path ?? ''} differs`
  return { kind: 'violation', sentence, done, differences: apart }
}

/** Early deaths are the most interesting ones, and some lives should be long. */
function drawDeath(random: Random): Death {
  const share = random.fraction()
  return { call: Math.floor(60 * share * share), moment: random.pick(['before', 'half', 'after']) }
}

function isDiskOperation(operation: LogOperation): operation is DiskOperation {
  return diskKinds.has(operation.kind)
}
