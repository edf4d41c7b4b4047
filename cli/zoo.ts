// `lockstep zoo`: plants every known bug in turn and lets campaigns look for it. A check that cannot fail is no check.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { plantedBugs } from '../properties/zoo/bugs.ts'
import type { PlantedBug } from '../properties/zoo/planted-bug.ts'
import { counted } from '../traces/render/failure.ts'
import { writeTrace } from '../traces/write.ts'
import { exitCodes } from './exit.ts'
import { findingLines } from './failure.ts'
import { listenForInterrupt } from './interrupt.ts'
import { pictureBeside, pictured } from './picture.ts'
import { leftPart, type Part, startProgress } from './progress.ts'
import { printJson, say, styled } from './screen.ts'
import { bugNamed } from './subject.ts'
import { startWorkers, type Workers } from './workers.ts'
import { type HuntOutcome, type ZooRow, zooJson, zooRow, zooTable } from './zoo-report.ts'

export type ZooOptions = {
  /** One bug instead of all. */
  readonly bug?: string
  readonly seeds: number
  /** Runs at most for one bug and one seed. */
  readonly runs: number
  /** Seconds at most for everything. */
  readonly time: number
  readonly workers?: number
  readonly json: boolean
}

type Hunt = { readonly bug: PlantedBug; readonly seed: number }

/** A hunt that takes longer hangs: the slowest are through in a third of it. */
const huntTimeoutMs = 180_000
const accountTimeoutMs = 60_000

/** Hunts the bugs; gives the exit code. */
export async function zoo(options: ZooOptions): Promise<number> {
  const bugs = options.bug === undefined ? plantedBugs : [await bugNamed(options.bug)]
  const lanes = options.workers ?? availableParallelism()
  const interrupt = listenForInterrupt()
  const workers = startWorkers(lanes, interrupt.signal)
  say(
    `looking for ${counted(bugs.length, 'bug')} with ${counted(options.seeds, 'seed')} on ${counted(lanes, 'worker')}`,
  )
  try {
    const outcomes = await huntAll(bugs, options, lanes, workers, interrupt.signal)
    const rows = bugs.map(bug => zooRow(bug, outcomes.get(bug.name) ?? []))
    const paths = rows.map(writeShortest)
    if (options.bug !== undefined)
      for (const [index, row] of rows.entries()) await show(row, paths[index] ?? null, workers)
    say('', ...zooTable(rows), '', ...closing(rows, interrupt.signal.aborted))
    await workers.end()
    if (options.json) printJson({ bugs: rows.map((row, index) => zooJson(row, paths[index] ?? null)) })
    return exitCodeOf(rows)
  } finally {
    interrupt.stop()
    await workers.end()
  }
}

/** All hunts, a seed at a time, so that every bug had its turn when time runs out. Outcomes by bug, in order of seeds. */
async function huntAll(
  bugs: readonly PlantedBug[],
  options: ZooOptions,
  lanes: number,
  workers: Workers,
  interrupt: AbortSignal,
): Promise<ReadonlyMap<string, readonly HuntOutcome[]>> {
  const endsAt = performance.now() + options.time * 1000
  const msLeft = (): number => endsAt - performance.now()
  const seeds = Array.from({ length: options.seeds }, (_, index) => index + 1)
  const hunts: readonly Hunt[] = seeds.flatMap(seed => bugs.map(bug => ({ bug, seed })))
  const outcomes = new Map<Hunt, HuntOutcome>()
  let last: string | null = null
  const progress = startProgress(() => ({
    done: outcomes.size / hunts.length,
    parts: [
      { text: `${outcomes.size} of ${hunts.length} hunts`, short: `${outcomes.size}/${hunts.length}` },
      missedPart([...outcomes.values()].filter(isMissed).length),
      { ...leftPart(msLeft() / 1000), text: `${leftPart(msLeft() / 1000).text} at most` },
      ...(last === null ? [] : [{ text: `the last for ${last}`, short: last }]),
    ],
  }))
  const next = hunts.values()
  const lane = async (): Promise<void> => {
    for (const hunt of next) {
      if (interrupt.aborted || msLeft() <= 0) return
      const { bug, seed } = hunt
      const timeoutMs = Math.ceil(Math.min(huntTimeoutMs, msLeft()))
      const done = await workers.run('huntTask', { bug: bug.name, seed, runsMost: options.runs }, timeoutMs)
      if (done.kind === 'interrupted') return
      if (done.kind === 'result') outcomes.set(hunt, { kind: 'hunted', result: done.result })
      else if (msLeft() > 0) outcomes.set(hunt, { kind: 'unknown', sentence: done.sentence })
      last = bug.name
    }
  }
  try {
    await Promise.all(Array.from({ length: lanes }, lane))
  } finally {
    progress.end()
  }
  const absent: HuntOutcome = interrupt.aborted ? { kind: 'unknown', sentence: 'interrupted' } : { kind: 'late' }
  return new Map(
    bugs.map(bug => [bug.name, hunts.filter(hunt => hunt.bug === bug).map(hunt => outcomes.get(hunt) ?? absent)]),
  )
}

function isMissed(outcome: HuntOutcome): boolean {
  return outcome.kind === 'hunted' && outcome.result.caught === null
}

function missedPart(missed: number): Part {
  return { text: `${missed} not caught`, short: `${missed} missed`, ...(missed > 0 ? { style: 'red' } : {}) }
}

/** Writes the shortest trace of a bug, and says where. */
function writeShortest({ bug, shortest }: ZooRow): string | null {
  if (shortest === null) return null
  const path = join('traces', 'found', `zoo-${bug.name}.json`)
  writeTrace(path, shortest)
  return path
}

/** One bug: where it comes from, and the failure as `check` shows it. */
async function show(
  { bug, shortest, originalOperations }: ZooRow,
  path: string | null,
  workers: Workers,
): Promise<void> {
  say('', styled('bold', bug.name), bug.mechanism, `source   ${bug.source ?? 'none that is known'}`)
  for (const { file } of bug.patches) say(`patches  ${file}`)
  if (shortest === null || path === null) return
  const choice = { subject: `zoo:${bug.name}`, wire: bug.wire === true }
  const told = await workers.run('accountTask', { trace: shortest, choice }, accountTimeoutMs)
  const shrunk = `shrunk from ${counted(originalOperations ?? 0, 'operation')} to ${shortest.operations.length}`
  const origin = `scope ${bug.scope}, seed ${shortest.origin?.seed}, run ${shortest.origin?.run}, ${shrunk}`
  const picture = await pictureBeside(path, pictured(path, { kind: 'trace', trace: shortest }, choice, origin), workers)
  if (told.kind === 'result') say('', ...findingLines(told.result, { choice, path, origin, picture }))
  else say('', origin, `written  ${path}`, picture)
}

function closing(rows: readonly ZooRow[], isInterrupted: boolean): readonly string[] {
  const lost = isInterrupted
    ? []
    : rows.flatMap(({ bug, unknown }) => [...new Set(unknown)].map(sentence => `${bug.name}: ${sentence}`))
  const missed = rows.filter(({ caught }) => !caught).length
  const caught = `${rows.length - missed} of ${counted(rows.length, 'bug')} caught with every seed`
  return [
    ...lost.map(sentence => `${styled('yellow', 'unknown')}  ${sentence}`),
    ...(isInterrupted ? ['interrupted: this is what was found until then'] : []),
    styled(['bold', missed === 0 ? 'green' : 'red'], caught),
  ]
}

/** A bug that some seed did not find was missed. Where hunts hung, died or were interrupted, nothing is known. */
function exitCodeOf(rows: readonly ZooRow[]): number {
  if (rows.every(({ caught }) => caught)) return exitCodes.agree
  return rows.some(({ missedSeeds }) => missedSeeds > 0) ? exitCodes.violation : exitCodes.unknown
}
