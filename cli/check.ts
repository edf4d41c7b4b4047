// `lockstep check`: a campaign in lockstep, and everything that is said about it.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { scopes as knownScopes } from '../properties/scopes.ts'
import type { ScopeName } from '../properties/verdict.ts'
import { counted } from '../traces/render/failure.ts'
import { operationKinds } from '../traces/schema/subject.ts'
import { scopeNames } from '../traces/scope-names.ts'
import { writeTrace } from '../traces/write.ts'
import { runPortions } from './campaign.ts'
import { type Merged, merge, type ScopeFound } from './campaign-report.ts'
import { exitCodes, UsageError } from './exit.ts'
import { findingLines } from './failure.ts'
import { foundTrace } from './found-trace.ts'
import { listenForInterrupt } from './interrupt.ts'
import { pictureBeside, pictured } from './picture.ts'
import { type Extent, planned, shares, totalRuns } from './plan.ts'
import type { ShownFinding } from './report/failures.ts'
import type { Reporting } from './report/report.ts'
import { printJson, say, startProgress, styled } from './screen.ts'
import { checkSubjectChoice, choiceOf, loadSubject, type SubjectChoice, wireScope } from './subject.ts'
import { Tally } from './tally.ts'
import { startWorkers, type Workers } from './workers.ts'

export type CheckOptions = SubjectChoice & {
  readonly scope?: ScopeName
  readonly runs?: number
  readonly time?: number
  readonly seed?: number
  readonly workers?: number
  /** Seconds. */
  readonly timeout: number
  readonly disk?: 'real'
  /** A folder. */
  readonly report?: string
  readonly json: boolean
}

/** A violation as `--json` tells it. */
type ReportedViolation = {
  readonly scope: ScopeName
  readonly claim: string
  readonly sentence: string
  readonly settings: readonly string[]
  readonly operations: number
  readonly seed: number
  readonly run: number
  /** How many runs broke this claim. */
  readonly failingRuns: number
  readonly trace: string
}

/** Findings that are shrunk and shown; more would say the same again. */
const findingsShown = 5
const accountTimeoutMs = 60_000

/** Runs a campaign; gives the exit code. */
export async function check(options: CheckOptions): Promise<number> {
  if (options.disk === 'real') {
    if (options.wire) throw new UsageError('--disk real has no messages. Leave --wire out.')
    if (options.report !== undefined) throw new UsageError('--disk real has no report. Leave --report out.')
    const { checkRealDisk } = await import('./real-disk.ts')
    return checkRealDisk(options)
  }
  const extent = extentOf(options)
  const { scopes, doesEverything } = await chosen(options)
  const reporting = options.report === undefined ? null : await reportingTo(options.report)
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32)
  const lanes = options.workers ?? availableParallelism()
  const startedAt = performance.now()
  const secondsSince = (): number => (performance.now() - startedAt) / 1000
  const interrupt = listenForInterrupt()
  const workers = startWorkers(lanes, interrupt.signal)
  say(`checking ${scopes.join(', ')} with seed ${seed} on ${counted(lanes, 'worker')}`)
  const progress = startProgress()
  const tally = new Tally(doesEverything ? scopes : [])
  try {
    const outcomes = await runPortions(planned(scopes, extent), workers, lanes, {
      seed,
      choice: choiceOf(options),
      timeoutMs: options.timeout * 1000,
      isTimeUp: () => extent.kind === 'time' && secondsSince() * 1000 >= extent.ms,
      interrupt: interrupt.signal,
      onOutcome: outcome => {
        tally.add(outcome)
        progress.update(progressText(tally, secondsSince(), scopes, extent))
      },
      ...(reporting === null ? {} : { onFacts: reporting.onFacts }),
    })
    progress.end()
    const merged = merge(outcomes, seed, doesEverything)
    const seconds = secondsSince()
    const violations: ReportedViolation[] = []
    const shown = new Map<ScopeFound, ShownFinding>()
    for (const found of merged.violations.slice(0, findingsShown)) {
      const finding = await showFinding(found, scopes.length === 1, choiceOf(options), workers)
      shown.set(found, finding)
      violations.push(reportedViolation(found, finding))
    }
    const isInterrupted = interrupt.signal.aborted
    sayResult(merged, seconds, isInterrupted)
    await workers.end()
    const verdict = verdictOf(merged)
    if (options.json) {
      const { runs, operations, reached, missing, unknown } = merged
      const rate = { seconds: Math.round(seconds * 1000) / 1000, operationsPerSecond: Math.round(operations / seconds) }
      printJson({
        verdict,
        seed,
        runs,
        operations,
        ...rate,
        workers: lanes,
        interrupted: isInterrupted,
        reached,
        missing,
        violations,
        unknown,
        scopes: merged.scopes,
      })
    }
    // The last, since it may fail, when the folder is gone or the disk full: everything else was said by then.
    if (reporting !== null) {
      const choice = choiceOf(options)
      const ended = { merged, verdict, scopes, extent, seed, choice, doesEverything, isInterrupted, seconds }
      const page = reporting.write({ ...ended, workers: lanes, shown })
      say(`report     ${page}`)
    }
    return exitCodeOf(verdict)
  } finally {
    progress.end()
    interrupt.stop()
    await workers.end()
  }
}

function extentOf({ runs, time }: CheckOptions): Extent {
  if (runs !== undefined && time !== undefined) {
    throw new UsageError('--runs and --time say the same thing in two ways. Give one of them.')
  }
  if (runs !== undefined) return { kind: 'runs', runs }
  return time === undefined ? { kind: 'default' } : { kind: 'time', ms: time * 1000 }
}

/** What to check, and whether the subject does all operations of it. */
async function chosen(
  options: CheckOptions,
): Promise<{ readonly scopes: readonly ScopeName[]; readonly doesEverything: boolean }> {
  const { scope, subject, wire } = options
  checkSubjectChoice(options)
  if (scope !== undefined) {
    // A subject that cannot be loaded is bad input here, and would be a dead worker later.
    const loaded = await loadSubject(options, scope)
    loaded.end?.()
    const { operations } = loaded
    return {
      scopes: [scope],
      doesEverything: operationKinds(scope).every(kind => operations?.includes(kind) !== false),
    }
  }
  if (subject !== 'impl') {
    throw new UsageError(`--subject ${subject} is a subject of one scope. Add --scope: ${scopeNames.join(', ')}.`)
  }
  if (wire) throw new UsageError(`--wire is for one scope. Add --scope ${wireScope}.`)
  return { scopes: scopeNames.filter(name => Object.hasOwn(knownScopes, name)), doesEverything: true }
}

async function reportingTo(folder: string): Promise<Reporting> {
  const { startReporting } = await import('./report/report.ts')
  return startReporting(folder)
}

/** Writes the trace of one finding and shows it. Several scopes have claims in common, so that their traces are told apart by it. */
async function showFinding(
  found: ScopeFound,
  isOneScope: boolean,
  choice: SubjectChoice,
  workers: Workers,
): Promise<ShownFinding> {
  const { scope, claim, sentence, seed, run, originalOperations, operations } = found
  const trace = foundTrace(found, choice)
  const path = join('traces', 'found', `${isOneScope ? '' : `${scope}-`}${claim}-${seed}-${run}.json`)
  writeTrace(path, trace)
  const told = await workers.run('accountTask', { trace, choice }, accountTimeoutMs)
  const shrunk = `shrunk from ${counted(originalOperations, 'operation')} to ${operations.length}`
  const origin = `scope ${scope}, seed ${seed}, run ${run}, ${shrunk}`
  const picture = await pictureBeside(path, pictured(path, { kind: 'trace', trace }, choice, origin), workers)
  const lines =
    told.kind === 'result'
      ? findingLines(told.result, { choice, path, origin, picture })
      : [sentence, origin, `written  ${path}`, picture]
  say('', ...lines)
  return { lines: lines.map(stripVTControlCharacters), trace: path }
}

function reportedViolation(found: ScopeFound, { trace }: ShownFinding): ReportedViolation {
  const { scope, claim, sentence, settings, operations, seed, run, runs } = found
  return { scope, claim, sentence, settings, operations: operations.length, seed, run, failingRuns: runs, trace }
}

/** Rate, time left, behaviours missing, failures so far. */
function progressText(tally: Tally, seconds: number, scopes: readonly ScopeName[], extent: Extent): string {
  const { runs, operations, failingRuns, unknownRuns, missing } = tally
  const total = scopes.reduce((sum, scope) => sum + totalRuns(scope, scopes, extent), 0)
  const left = extent.kind === 'time' ? extent.ms / 1000 - seconds : ((total - runs) * seconds) / Math.max(1, runs)
  return [
    `${runs}${Number.isFinite(total) ? ` of ${total}` : ''} runs`,
    `${Math.round(operations / seconds)} operations/s`,
    `${Math.max(0, Math.ceil(left))} s left`,
    `${failingRuns} failing`,
    ...(unknownRuns === 0 ? [] : [`${unknownRuns} unknown`]),
    ...(missing === 0 ? [] : [`${counted(missing, 'behaviour')} missing`]),
  ].join(', ')
}

function sayResult(merged: Merged, seconds: number, isInterrupted: boolean): void {
  const { runs, operations, violations, failingRuns, missing, unknown, declined, reached, scopes } = merged
  for (const { scope, run: firstRun, runs: count, sentence } of unknown.slice(0, findingsShown)) {
    say(`${styled('yellow', 'unknown')}    scope ${scope}, runs ${firstRun} to ${firstRun + count - 1}: ${sentence}`)
  }
  if (missing.length > 0) {
    say(
      `${styled('red', 'missing')}    these behaviours must be reached, and never were:`,
      ...missing.map(label => `  ${label}`),
    )
  }
  const few = Object.entries(scopes)
    .filter(([scope, { runs: count }]) => count < minimumOf(scope))
    .map(([scope]) => scope)
  if (few.length > 0) say(`too few runs to ask for every behaviour: ${few.join(', ')}`)
  if (declined > 0) say(`${counted(declined, 'run')} of them declined by the subject`)
  if (violations.length > findingsShown) say(`${violations.length - findingsShown} more kinds of failure are not shown`)
  if (isInterrupted) say('interrupted: this is what was found until then')
  const verdict = verdictOf(merged)
  const colour = verdict === 'agree' ? 'green' : verdict === 'violation' ? 'red' : 'yellow'
  say(
    `${styled(['bold', colour], verdict)}: ${counted(runs, 'run')}, ${counted(operations, 'operation')} in ${seconds.toFixed(1)} s ` +
      `(${Math.round(operations / seconds)}/s), ${counted(Object.keys(reached).length, 'behaviour')} reached, ${counted(failingRuns, 'failing run')}`,
  )
}

function minimumOf(scope: string): number {
  const name = scopeNames.find(known => known === scope)
  return name === undefined ? 0 : shares[name].labelRunsMin
}

/** A campaign that missed what it must reach has not shown that the sides agree; one that was all declined shows nothing. */
function verdictOf({
  violations,
  missing,
  unknown,
  declined,
  runs,
}: Merged): 'agree' | 'violation' | 'unknown' | 'missing' {
  if (violations.length > 0) return 'violation'
  if (unknown.length > 0 || (runs > 0 && declined === runs)) return 'unknown'
  return missing.length > 0 ? 'missing' : 'agree'
}

function exitCodeOf(verdict: ReturnType<typeof verdictOf>): number {
  return verdict === 'missing' ? exitCodes.violation : exitCodes[verdict]
}
