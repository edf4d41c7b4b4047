// `lockstep validate --exec CMD`: portions of runs for every scope that the process declares, on workers with a process
// each. Which runs there are depends on the seed; with a limit of time, how many of them were carried out does not.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Found } from '../properties/shard.ts'
import type { Hello } from '../properties/subjects/exec/answers.ts'
import type { ScopeName } from '../properties/verdict.ts'
import { counted } from '../traces/render/failure.ts'
import { scopeNames } from '../traces/scope-names.ts'
import { writeTrace } from '../traces/write.ts'
import {
  execReport,
  nobodyReport,
  type ScopeResult,
  type ToldFinding,
  violationsOf,
} from './conformance/exec-report.ts'
import type { Conformance } from './conformance/report.ts'
import { UsageError } from './exit.ts'
import { findingLines } from './failure.ts'
import { findingFile, findingTrace, originText } from './finding.ts'
import { listenForInterrupt } from './interrupt.ts'
import { pictureBeside, pictured } from './picture.ts'
import { type Extent, type Portion, planned, totalRuns } from './plan.ts'
import { leftPart, type Sofar, startProgress } from './progress.ts'
import { say } from './screen.ts'
import { execPrefix, missingCommand, type SubjectChoice } from './subject.ts'
import type { ValidateOptions } from './validate.ts'
import type { ValidatedPortion } from './validate-portion.ts'
import { startWorkers, type Workers } from './workers.ts'

/** A portion that came back, or a sentence that says why it did not. */
type Outcome = { readonly portion: Portion } & (
  | { readonly kind: 'result'; readonly result: ValidatedPortion }
  | { readonly kind: 'lost'; readonly sentence: string }
)

/** How long a validation plays that says nothing else. */
const playMsUsual = 60_000
/** Beyond the playing: making failures small, and telling of them. */
const shrinkMsMost = 15_000
const tellMsMost = 25_000
/** For a worker that hangs, which no subject should bring about. */
const marginMs = 20_000
/** Without a limit of time a portion may take long: it is bounded by its answers alone. */
const dayMs = 86_400_000
const failingRunsMost = 20
const findingsTold = 10
/** Each scope gets so many turns at least, however slow the process is. */
const turns = 4
/** A turn starts a process, which should not be most of it; and what is under way is lost when somebody interrupts. */
const sliceMsLeast = 1000
const sliceMsMost = 5000

/** Validates a command. Throws `UsageError` when it cannot be run, or does not declare the scope. */
export async function validateExec(command: string, options: ValidateOptions): Promise<Conformance> {
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32)
  const lanes = options.workers ?? availableParallelism()
  const startedAt = performance.now()
  const interrupt = listenForInterrupt()
  const workers = startWorkers(lanes, interrupt.signal)
  const answerMs = options.timeout * 1000
  const seconds = (): number => Math.round(performance.now() - startedAt) / 1000
  try {
    const greeted = await workers.run('greetTask', { command, answerMs }, answerMs + marginMs)
    if (greeted.kind !== 'result') {
      const sentence = greeted.kind === 'lost' ? greeted.sentence : 'interrupted'
      return nobodyReport(command, seed, seconds(), sentence)
    }
    if (greeted.result.kind === 'gone') {
      const { isMissing, sentence } = greeted.result
      if (isMissing) throw new UsageError(missingCommand(command, sentence))
      return nobodyReport(command, seed, seconds(), sentence)
    }
    const { hello, badEnd } = greeted.result
    const scopes = scopesOf(hello, options.scope)
    say(`validating ${hello.name}: ${scopes.join(', ')} with seed ${seed} on ${counted(lanes, 'worker')}`)
    const outcomes = await playAll(command, scopes, { ...options, seed, lanes, workers, interrupt: interrupt.signal })
    const choice = { subject: `${execPrefix}${command}`, wire: false, answerMs }
    const results: ScopeResult[] = []
    for (const scope of scopes) {
      results.push(
        resultOf(
          scope,
          outcomes.filter(({ portion }) => portion.scope === scope),
        ),
      )
    }
    const findings: ToldFinding[] = []
    const toldUntil = performance.now() + tellMsMost
    for (const found of violationsOf(results, seed).slice(0, findingsTold)) {
      findings.push(await told(found, choice, options.output, workers, toldUntil - performance.now()))
    }
    const isInterrupted = interrupt.signal.aborted
    return execReport({ hello, command, seed, results, badEnd, isInterrupted, findings, seconds: seconds() })
  } finally {
    interrupt.stop()
    await workers.end()
  }
}

function scopesOf({ name, scopes }: Hello, wanted: ScopeName | undefined): readonly ScopeName[] {
  const declared = scopeNames.filter(scope => scopes[scope] !== undefined)
  if (wanted === undefined) return declared
  if (declared.includes(wanted)) return [wanted]
  throw new UsageError(`${name} does not declare the scope ${wanted}. It declares: ${declared.join(', ')}.`)
}

type Playing = Omit<ValidateOptions, 'seed' | 'workers'> & {
  readonly seed: number
  readonly lanes: number
  readonly workers: Workers
  readonly interrupt: AbortSignal
}

/** Plays portions until the plan or the time is through; what came back, in the order of the plan. */
async function playAll(
  command: string,
  scopes: readonly ScopeName[],
  { runs, time, timeout, seed, lanes, workers, interrupt }: Playing,
): Promise<readonly Outcome[]> {
  const extent: Extent =
    runs !== undefined
      ? { kind: 'runs', runs }
      : time !== undefined
        ? { kind: 'time', ms: time * 1000 }
        : { kind: 'default' }
  const playMs = runs !== undefined ? null : time === undefined ? playMsUsual : time * 1000
  const endsAt = performance.now() + (playMs ?? Number.POSITIVE_INFINITY)
  const outcomes: (Outcome | undefined)[] = []
  const portions = planned(scopes, extent)
  const totalOf = (): number => scopes.reduce((sum, scope) => sum + totalRuns(scope, scopes, extent), 0)
  const progress = startProgress(() =>
    sofar(outcomes, playMs === null ? { runs: totalOf() } : { ms: playMs, msLeft: endsAt - performance.now() }),
  )
  const lane = async (): Promise<void> => {
    for (const portion of portions) {
      const untilMs = Math.ceil(endsAt - performance.now())
      if (interrupt.aborted || untilMs <= 0) return
      if (isScopeOver(outcomes, portion.scope)) continue
      const place = outcomes.push(undefined) - 1
      const sliceMs = Math.min(sliceMsMost, Math.max(sliceMsLeast, (playMs ?? 0) / (scopes.length * turns)))
      const limits = playMs === null ? null : { sliceMs, untilMs }
      const task = { ...portion, command, answerMs: timeout * 1000, seed, time: limits, shrinkMs: shrinkMsMost }
      const waitMs = limits === null ? dayMs : untilMs + shrinkMsMost + marginMs
      const done = await workers.run('validateTask', task, waitMs)
      if (done.kind === 'interrupted') return
      outcomes[place] =
        done.kind === 'lost'
          ? { kind: 'lost', portion, sentence: done.sentence }
          : { kind: 'result', portion, result: done.result }
    }
  }
  try {
    await Promise.all(Array.from({ length: lanes }, lane))
  } finally {
    progress.end()
  }
  // What other workers did meanwhile in a scope that was over does not count: it depends on how many there are.
  return scopes.flatMap(scope => countedOutcomes(outcomes, scope).known)
}

/** A scope ends with the portion in which its failures became too many, or with a process that is given up. */
function countedOutcomes(
  outcomes: readonly (Outcome | undefined)[],
  scope: ScopeName,
): { readonly known: readonly Outcome[]; readonly isOver: boolean } {
  const known: Outcome[] = []
  let failing = 0
  for (const outcome of outcomes) {
    if (outcome === undefined || outcome.portion.scope !== scope) continue
    known.push(outcome)
    if (outcome.kind === 'lost' || outcome.result.isGivenUp) return { known, isOver: true }
    failing += failingRunsOf(outcome.result)
    if (failing >= failingRunsMost) return { known, isOver: true }
  }
  return { known, isOver: false }
}

function isScopeOver(outcomes: readonly (Outcome | undefined)[], scope: ScopeName): boolean {
  return countedOutcomes(outcomes, scope).isOver
}

function failingRunsOf({ shards }: ValidatedPortion): number {
  return shards.reduce((sum, { violations }) => sum + violations.reduce((all, { runs }) => all + runs, 0), 0)
}

function resultOf(scope: ScopeName, outcomes: readonly Outcome[]): ScopeResult {
  const portions = outcomes.flatMap(outcome => (outcome.kind === 'result' ? [outcome.result] : []))
  const lost = outcomes.flatMap(outcome =>
    outcome.kind === 'lost' ? [{ sentence: outcome.sentence, runs: outcome.portion.runs }] : [],
  )
  return { scope, portions, lost }
}

/** Writes the trace of a finding, and how it went when it was run again. */
async function told(
  found: Found & { readonly scope: ScopeName },
  choice: SubjectChoice,
  output: string | undefined,
  workers: Workers,
  msLeft: number,
): Promise<ToldFinding> {
  const { scope, claim, sentence, settings, seed, run, operations, runs } = found
  const trace = findingTrace(found, choice.subject.slice(0, 300))
  const path = join(output ?? join('traces', 'found'), findingFile(found, false))
  writeTrace(path, trace)
  const origin = originText(found)
  const again = msLeft <= 0 ? null : await workers.run('accountTask', { trace, choice }, Math.ceil(msLeft))
  const picture =
    again?.kind === 'result'
      ? await pictureBeside(path, pictured(path, { kind: 'trace', trace }, choice, origin), workers)
      : `picture  not written: the finding was not run again`
  const lines =
    again?.kind === 'result'
      ? findingLines(again.result, { choice, path, origin, picture })
      : [sentence, origin, `written  ${path}`, picture]
  const isOther = again?.kind === 'result' && again.result.verdict.kind !== 'violation'
  const note = isOther ? ['It did not come back when it was run again: the subject does not always do the same.'] : []
  return {
    scope,
    lastKind: operations.at(-1)?.kind ?? '',
    finding: {
      claim,
      sentence,
      settings,
      seed,
      run,
      operations: operations.length,
      failingRuns: runs,
      trace: path,
      lines: [...note, ...lines.map(stripVTControlCharacters)],
    },
  }
}

/** How far it is of so many runs, or of so much time. */
function sofar(
  outcomes: readonly (Outcome | undefined)[],
  extent: { readonly runs: number } | { readonly ms: number; readonly msLeft: number },
): Sofar {
  const portions = outcomes.flatMap(outcome => (outcome?.kind === 'result' ? [outcome.result] : []))
  const shards = portions.flatMap(portion => portion.shards)
  const runs = shards.reduce((sum, shard) => sum + shard.runs, 0)
  const operations = shards.reduce((sum, shard) => sum + shard.operations, 0)
  const failing = portions.reduce((sum, portion) => sum + failingRunsOf(portion), 0)
  return {
    done: 'runs' in extent ? runs / extent.runs : 1 - extent.msLeft / extent.ms,
    parts: [
      ...('runs' in extent ? [] : [leftPart(extent.msLeft / 1000)]),
      { text: `${failing} failing`, ...(failing > 0 ? { style: 'red' as const } : {}) },
      { text: counted(runs, 'run') },
      { text: counted(operations, 'operation') },
    ],
  }
}
