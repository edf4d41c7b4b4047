// `lockstep check`: a campaign in lockstep, and everything that is said about it.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { scopes as knownScopes } from '../properties/scopes.ts'
import type { ScopeName } from '../properties/verdict.ts'
import { counted } from '../traces/render/failure.ts'
import { scopeNames } from '../traces/scope-names.ts'
import { writeTrace } from '../traces/write.ts'
import { runPortions } from './campaign.ts'
import { type Merged, merge, type ScopeFound } from './campaign-report.ts'
import { checkSofar } from './check-progress.ts'
import { exitCodes, UsageError } from './exit.ts'
import { findingLines } from './failure.ts'
import { findingFile, findingTrace, originText } from './finding.ts'
import { listenForInterrupt } from './interrupt.ts'
import { pictureBeside, pictured } from './picture.ts'
import { type Extent, planned, shares } from './plan.ts'
import { startProgress } from './progress.ts'
import type { ShownFinding } from './report/failures.ts'
import type { Reporting } from './report/report.ts'
import { printJson, say, styled, verdictStyle } from './screen.ts'
import { findingsShown, shortfallLines } from './shortfall.ts'
import { checkSubjectChoice, choiceOf, doesEverything, loadSubject, type SubjectChoice, wireScope } from './subject.ts'
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
  const tally = new Tally(doesEverything ? scopes : [])
  const progress = startProgress(() => checkSofar(tally, secondsSince(), scopes, extent))
  try {
    const outcomes = await runPortions(planned(scopes, extent), workers, lanes, {
      seed,
      choice: choiceOf(options),
      timeoutMs: options.timeout * 1000,
      isTimeUp: () => extent.kind === 'time' && secondsSince() * 1000 >= extent.ms,
      interrupt: interrupt.signal,
      onOutcome: outcome => tally.add(outcome),
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
    return { scopes: [scope], doesEverything: doesEverything(scope, loaded) }
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

/** Writes the trace of one finding and shows it. */
async function showFinding(
  found: ScopeFound,
  isOneScope: boolean,
  choice: SubjectChoice,
  workers: Workers,
): Promise<ShownFinding> {
  const trace = findingTrace(found, choice.subject)
  const path = join('traces', 'found', findingFile(found, isOneScope))
  writeTrace(path, trace)
  const told = await workers.run('accountTask', { trace, choice }, accountTimeoutMs)
  const origin = originText(found)
  const picture = await pictureBeside(path, pictured(path, { kind: 'trace', trace }, choice, origin), workers)
  const lines =
    told.kind === 'result'
      ? findingLines(told.result, { choice, path, origin, picture })
      : [found.sentence, origin, `written  ${path}`, picture]
  say('', ...lines)
  return { lines: lines.map(stripVTControlCharacters), trace: path }
}

function reportedViolation(found: ScopeFound, { trace }: ShownFinding): ReportedViolation {
  const { scope, claim, sentence, settings, operations, seed, run, runs } = found
  return { scope, claim, sentence, settings, operations: operations.length, seed, run, failingRuns: runs, trace }
}

function sayResult(merged: Merged, seconds: number, isInterrupted: boolean): void {
  const { runs, operations, violations, failingRuns, declined, reached, scopes } = merged
  say(...shortfallLines(merged))
  const few = Object.entries(scopes)
    .filter(([scope, { runs: count }]) => count < minimumOf(scope))
    .map(([scope]) => scope)
  if (few.length > 0) say(`too few runs to ask for every behaviour: ${few.join(', ')}`)
  if (declined > 0) say(`${counted(declined, 'run')} of them declined by the subject`)
  const more = violations.length - findingsShown
  if (more > 0) say(`${counted(more, 'more kind')} of failure ${more === 1 ? 'is' : 'are'} not shown`)
  if (isInterrupted) say('interrupted: this is what was found until then')
  const verdict = verdictOf(merged)
  say(
    `${styled(verdictStyle(verdict), verdict)}: ${counted(runs, 'run')}, ${counted(operations, 'operation')} in ${seconds.toFixed(1)} s ` +
      `(${Math.round(operations / seconds)}/s), ${counted(Object.keys(reached).length, 'behaviour')} reached, ${counted(failingRuns, 'failing run')}`,
  )
}

function minimumOf(scope: string): number {
  const name = scopeNames.find(known => known === scope)
  return name === undefined ? 0 : shares[name].labelRunsMin
}

/**
 * A campaign that missed what it must reach has not shown that the sides agree; one that was all declined, or that was
 * interrupted before its first run, shows nothing.
 */
function verdictOf({
  violations,
  missing,
  unknown,
  declined,
  runs,
}: Merged): 'agree' | 'violation' | 'unknown' | 'missing' {
  if (violations.length > 0) return 'violation'
  if (unknown.length > 0 || declined === runs) return 'unknown'
  return missing.length > 0 ? 'missing' : 'agree'
}

function exitCodeOf(verdict: ReturnType<typeof verdictOf>): number {
  return verdict === 'missing' ? exitCodes.violation : exitCodes[verdict]
}
