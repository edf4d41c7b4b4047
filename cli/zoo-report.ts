// What the hunts for planted bugs came to: one row for each bug, as a table and as JSON.
import type { PlantedBug } from '../properties/zoo/planted-bug.ts'
import type { AnyTrace } from '../traces/trace.ts'
import type { HuntResult } from './tasks.ts'

/** The hunt for one bug with one seed. */
export type HuntOutcome =
  | { readonly kind: 'hunted'; readonly result: HuntResult }
  /** Time ran out before it was through. */
  | { readonly kind: 'late' }
  /** Nothing is known of it; the sentence says why. */
  | { readonly kind: 'unknown'; readonly sentence: string }

/** A bug with everything that its hunts found. */
export type ZooRow = {
  readonly bug: PlantedBug
  readonly seeds: number
  readonly caughtSeeds: number
  /** With how many seeds it was looked for in vain, or longer than there was time. */
  readonly missedSeeds: number
  /** Why nothing is known of the others. */
  readonly unknown: readonly string[]
  /** Caught with every seed. */
  readonly caught: boolean
  /** The claims under which it was caught, ascending. */
  readonly claims: readonly string[]
  readonly runs: Spread | null
  readonly seconds: Spread | null
  /** The shortest trace of all seeds; the median of their lengths. */
  readonly shortest: AnyTrace | null
  readonly operationsMedian: number | null
  readonly originalOperations: number | null
}

type Spread = { readonly median: number; readonly worst: number }

/** Puts the hunts for one bug together. */
export function zooRow(bug: PlantedBug, outcomes: readonly HuntOutcome[]): ZooRow {
  const hunts = outcomes.flatMap(outcome => (outcome.kind === 'hunted' ? [outcome.result] : []))
  const catches = hunts.flatMap(({ caught, seconds }) => (caught === null ? [] : [{ ...caught, seconds }]))
  const unknown = outcomes.flatMap(outcome => (outcome.kind === 'unknown' ? [outcome.sentence] : []))
  const [shortest] = catches.toSorted((a, b) => a.trace.operations.length - b.trace.operations.length)
  return {
    bug,
    seeds: outcomes.length,
    caughtSeeds: catches.length,
    missedSeeds: outcomes.length - catches.length - unknown.length,
    unknown,
    caught: catches.length === outcomes.length,
    claims: [...new Set(catches.map(({ claim }) => claim))].sort(),
    runs: spread(catches.map(({ runs }) => runs)),
    seconds: spread(catches.map(({ seconds }) => seconds)),
    shortest: shortest?.trace ?? null,
    operationsMedian: spread(catches.map(({ trace }) => trace.operations.length))?.median ?? null,
    originalOperations: shortest?.originalOperations ?? null,
  }
}

/** Null of nothing. */
function spread(numbers: readonly number[]): Spread | null {
  const sorted = numbers.toSorted((a, b) => a - b)
  const [median, worst] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted.at(-1)]
  return median === undefined || worst === undefined ? null : { median, worst }
}

/** The table, a header and a line for each bug. */
export function zooTable(rows: readonly ZooRow[]): readonly string[] {
  const header = ['bug', 'caught', 'claims', 'runs', 'worst', 'seconds', 'worst', 'operations', 'explorer']
  const cells = [header, ...rows.map(cellsOf)]
  const widths = header.map((_, column) => Math.max(...cells.map(row => row[column]?.length ?? 0)))
  return cells.map(row =>
    row
      .map((cell, column) => aligned(cell, widths[column] ?? 0, column))
      .join('  ')
      .trimEnd(),
  )
}

/** Text to the left, numbers to the right. */
function aligned(cell: string, width: number, column: number): string {
  return column < textColumns ? cell.padEnd(width) : cell.padStart(width)
}

const textColumns = 3

function cellsOf(row: ZooRow): readonly string[] {
  const { bug, seeds, caughtSeeds, claims, runs, seconds, shortest } = row
  return [
    bug.name,
    `${caughtSeeds} of ${seeds}`,
    claims.join(' '),
    text(runs?.median),
    text(runs?.worst),
    seconds === null ? '-' : seconds.median.toFixed(1),
    seconds === null ? '-' : seconds.worst.toFixed(1),
    text(shortest?.operations.length),
    text(bug.shortestCounterExample ?? undefined),
  ]
}

function text(number: number | undefined): string {
  return number === undefined ? '-' : String(number)
}

/** A row as `--json` tells it; `trace` is where the shortest trace was written. */
export function zooJson(row: ZooRow, trace: string | null): object {
  const { bug, caught, caughtSeeds, missedSeeds, claims, runs, seconds, shortest, operationsMedian } = row
  const expect = shortest?.expect
  return {
    name: bug.name,
    claim: expect !== undefined && 'claim' in expect ? expect.claim : null,
    caught,
    medianRuns: runs?.median ?? null,
    worstRuns: runs?.worst ?? null,
    medianSeconds: rounded(seconds?.median),
    worstSeconds: rounded(seconds?.worst),
    operations: shortest?.operations.length ?? null,
    operationsMedian,
    shortestCounterExample: bug.shortestCounterExample,
    trace,
    scope: bug.scope,
    source: bug.source,
    breaks: bug.claim,
    claims,
    caughtSeeds,
    missedSeeds,
  }
}

function rounded(seconds: number | undefined): number | null {
  return seconds === undefined ? null : Math.round(seconds * 1000) / 1000
}
