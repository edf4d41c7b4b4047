// `lockstep check --report DIR`: what a campaign tried, suffered, reached and found, as a page for people (report.html), as
// JSON, as JUnit XML and as Markdown, with the traces of its failures beside. In a GitHub job the Markdown is its summary.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { FactsSum } from '../../properties/facts/sum.ts'
import type { ScopeName } from '../../properties/verdict.ts'
import { counted } from '../../traces/render/failure.ts'
import { type CampaignReportFile, campaignReportVersion } from '../../traces/schema/campaign-report.ts'
import { PageError, pageWith } from '../../traces/viewer/page.ts'
import type { Merged, ScopeFound } from '../campaign-report.ts'
import { reasonOf, UsageError } from '../exit.ts'
import { subjectOptions } from '../failure.ts'
import { type Extent, shares } from '../plan.ts'
import { say } from '../screen.ts'
import type { SubjectChoice } from '../subject.ts'
import { failureOf, type ShownFinding } from './failures.ts'
import { checkFolder, writeFiles } from './folder.ts'
import { junitOf } from './junit.ts'
import { markdownOf } from './markdown.ts'
import type { RunRange } from './novelty.ts'
import { scopePart } from './scope-part.ts'
import { slowestOf, type TimedFacts, type TimedRun } from './watch.ts'

/** A campaign that is over, as the command knows it. */
export type Ended = {
  readonly merged: Merged
  readonly verdict: CampaignReportFile['verdict']
  readonly scopes: readonly ScopeName[]
  readonly extent: Extent
  readonly seed: number
  readonly choice: SubjectChoice
  readonly doesEverything: boolean
  readonly isInterrupted: boolean
  readonly seconds: number
  readonly workers: number
  /** The findings that the terminal was shown, and their lines. */
  readonly shown: ReadonlyMap<ScopeFound, ShownFinding>
}

/** A report that is being gathered. */
export type Reporting = {
  readonly onFacts: (scope: ScopeName, facts: TimedFacts) => void
  /** Writes everything; gives the path of the page. */
  readonly write: (ended: Ended) => string
}

/** Begins a report. Throws `UsageError` when it could not be written in the end. */
export function startReporting(folder: string): Reporting {
  // A folder that is made is one that will be filled.
  pageOrUsageError('{}')
  checkFolder(folder)
  const sums = new Map<ScopeName, FactsSum>()
  const slowest = new Map<ScopeName, readonly TimedRun[]>()
  return {
    onFacts: (scope, { facts, slowest: slow }) => {
      const sum = sums.get(scope) ?? new FactsSum(scope)
      sums.set(scope, sum)
      sum.add(facts)
      slowest.set(scope, slowestOf([...(slowest.get(scope) ?? []), ...slow]))
    },
    write: ended => {
      const told = ended.merged.violations.map(found => failureOf(found, ended.choice, ended.shown.get(found)))
      const failures = told.map(({ failure }) => failure)
      const report = reportOf(ended, failures, sums, slowest)
      const markdown = markdownOf(report)
      writeFiles(folder, [
        ...told.flatMap(({ files }) => files),
        ['report.json', `${JSON.stringify(report, null, 1)}\n`],
        ['junit.xml', junitOf(report)],
        ['report.md', markdown],
        ['report.html', pageOrUsageError(JSON.stringify(report))],
      ])
      appendToJobSummary(markdown)
      return join(folder, 'report.html')
    },
  }
}

/** A summary that cannot be written is no reason to lose the exit code of a campaign. */
function appendToJobSummary(markdown: string): void {
  const path = process.env.GITHUB_STEP_SUMMARY ?? ''
  if (path === '') return
  try {
    appendFileSync(path, markdown)
  } catch (error) {
    say(`the job summary ${path} cannot be written: ${reasonOf(error)}`)
  }
}

function pageOrUsageError(dataText: string): string {
  try {
    return pageWith('report', dataText, 'Campaign report')
  } catch (error) {
    if (error instanceof PageError) throw new UsageError(`--report: ${error.message}`)
    throw error
  }
}

function reportOf(
  ended: Ended,
  failures: CampaignReportFile['failures'],
  sums: ReadonlyMap<ScopeName, FactsSum>,
  slowest: ReadonlyMap<ScopeName, readonly TimedRun[]>,
): CampaignReportFile {
  const { merged, verdict, scopes, seed, choice, isInterrupted, seconds, workers } = ended
  const { runs, operations, failingRuns, declined } = merged
  return {
    format: 'kafka-lockstep-campaign-report',
    version: campaignReportVersion,
    verdict,
    complaints: complaintsOf(ended),
    subject: choice.subject,
    wire: choice.wire,
    command: commandOf(ended),
    seed,
    isInterrupted,
    runs,
    operations,
    failingRuns,
    declined,
    failures,
    unknown: merged.unknown.map(({ scope, run, runs: count, sentence }) => ({
      scope,
      firstRun: run,
      runs: count,
      sentence,
    })),
    scopes: scopes.map(scope => scopePart(sums.get(scope) ?? new FactsSum(scope), resultOf(ended, scope))),
    timings: {
      seconds: rounded(seconds),
      workers,
      runsPerSecond: rounded(runs / seconds),
      operationsPerSecond: rounded(operations / seconds),
      slowest: scopes.flatMap(scope => (slowest.get(scope) ?? []).map(run => ({ scope, ...run, ms: rounded(run.ms) }))),
    },
  }
}

function resultOf({ merged, doesEverything }: Ended, scope: ScopeName): Parameters<typeof scopePart>[1] {
  const { runs, operations, declined } = merged.scopes[scope] ?? { runs: 0, operations: 0, declined: 0 }
  const runsToAsk = shares[scope].labelRunsMin
  const own = merged.violations.filter(found => found.scope === scope)
  return {
    runs,
    endRun: endRunOf(merged, scope),
    lost: rangesOf(merged.lost, scope),
    unknown: rangesOf(merged.unknown, scope),
    operations,
    declined,
    runsToAsk,
    isAsked: doesEverything && merged.declined === 0 && runs >= runsToAsk,
    missing: merged.missing.filter(label => label.startsWith(`${scope}: `)).map(label => label.slice(scope.length + 2)),
    failing: new Map(own.map(found => [found.claim, found.runs])),
  }
}

/** The portions of a scope follow on each other, so that the runs that were done and those that were lost are all there are. */
function endRunOf({ scopes, lost }: Merged, scope: ScopeName): number {
  return rangesOf(lost, scope).reduce((sum, { runs }) => sum + runs, scopes[scope]?.runs ?? 0)
}

function rangesOf(unknown: Merged['unknown'], scope: ScopeName): readonly RunRange[] {
  return unknown.filter(part => part.scope === scope).map(({ run, runs }) => ({ firstRun: run, runs }))
}

function complaintsOf({ merged, isInterrupted, verdict }: Ended): readonly string[] {
  const { violations, failingRuns, missing, unknown, runs } = merged
  const unknownRuns = unknown.reduce((sum, part) => sum + part.runs, 0)
  return [
    ...(violations.length === 0
      ? []
      : [`${counted(violations.length, 'claim')} broken, in ${counted(failingRuns, 'run')}`]),
    ...(missing.length === 0
      ? []
      : [
          `${counted(missing.length, 'behaviour')} must be reached and never ${missing.length === 1 ? 'was' : 'were'}: ${missing.join('; ')}`,
        ]),
    ...(unknownRuns === 0 ? [] : [`nothing is known of ${counted(unknownRuns, 'run')}`]),
    ...(verdict === 'unknown' && unknownRuns === 0 ? ['the subject declined every run'] : []),
    ...(isInterrupted ? [`interrupted: this is what was found in ${counted(runs, 'run')}, until then`] : []),
  ]
}

/** The command that does this campaign again. A time does not say how far it will get, but a number of runs of one scope does. */
function commandOf({ merged, scopes, extent, seed, choice }: Ended): string {
  const [scope] = scopes
  const one = scopes.length === 1 && scope !== undefined
  const length =
    extent.kind === 'default'
      ? ''
      : extent.kind === 'runs'
        ? ` --runs ${extent.runs}`
        : one
          ? ` --runs ${endRunOf(merged, scope)}`
          : ` --time ${extent.ms / 1000}`
  return `npx lockstep check${one ? ` --scope ${scope}` : ''}${length} --seed ${seed}${subjectOptions(choice)}`
}

function rounded(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 1000) / 1000 : 0
}
