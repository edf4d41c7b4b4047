// `lockstep check --report DIR`: what a campaign tried, suffered, reached and found, as a page for people (report.html), as
// JSON, as JUnit XML and as Markdown, with the traces of its failures beside. In a GitHub job the Markdown is its summary.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FactsSum } from '../../properties/facts/sum.ts'
import type { ScopeName } from '../../properties/verdict.ts'
import { counted } from '../../traces/render/failure.ts'
import { operationLine } from '../../traces/render/operation.ts'
import {
  type CampaignReportFile,
  campaignReportVersion,
  type ReportedFailure,
} from '../../traces/schema/campaign-report.ts'
import { pageWith } from '../../traces/viewer/page.ts'
import { writeTrace, writeWhole } from '../../traces/write.ts'
import type { Merged, ScopeFound } from '../campaign-report.ts'
import { UsageError } from '../exit.ts'
import { subjectOptions } from '../failure.ts'
import { foundTrace } from '../found-trace.ts'
import { picturePath } from '../picture.ts'
import { type Extent, shares } from '../plan.ts'
import { say } from '../screen.ts'
import type { SubjectChoice } from '../subject.ts'
import { checkFolder } from './folder.ts'
import { junitOf } from './junit.ts'
import { markdownOf } from './markdown.ts'
import { scopePart, titleOf } from './scope-part.ts'
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
  readonly shown: ReadonlyMap<ScopeFound, { readonly lines: readonly string[]; readonly trace: string }>
}

/** A report that is being gathered. */
export type Reporting = {
  readonly onFacts: (scope: ScopeName, facts: TimedFacts) => void
  /** Writes everything; gives the path of the page. */
  readonly write: (ended: Ended) => string
}

/** Begins a report. Throws `UsageError` when it could not be written in the end. */
export function startReporting(folder: string): Reporting {
  checkFolder(folder)
  pageOrUsageError('{}')
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
      const report = reportOf(ended, folder, sums, slowest)
      const json = `${JSON.stringify(report, null, 1)}\n`
      const markdown = markdownOf(report)
      writeWhole(join(folder, 'report.json'), json)
      writeWhole(join(folder, 'junit.xml'), junitOf(report))
      writeWhole(join(folder, 'report.md'), markdown)
      const page = join(folder, 'report.html')
      writeWhole(page, pageOrUsageError(JSON.stringify(report)))
      appendToJobSummary(markdown)
      return page
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
    say(`the job summary ${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function pageOrUsageError(dataText: string): string {
  try {
    return pageWith('report', dataText, 'Campaign report')
  } catch (error) {
    if (error instanceof Error && error.name === 'PageError') throw new UsageError(`--report: ${error.message}`)
    throw error
  }
}

function reportOf(
  ended: Ended,
  folder: string,
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
    failures: merged.violations.map(found => failureOf(found, ended, folder)),
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
    operations,
    declined,
    runsToAsk,
    isAsked: doesEverything && merged.declined === 0 && runs >= runsToAsk,
    missing: merged.missing.filter(label => label.startsWith(`${scope}: `)).map(label => label.slice(scope.length + 2)),
    failing: new Map(own.map(found => [found.claim, found.runs])),
  }
}

/** The finding with everything that tells of it beside the report, so that a folder can be carried elsewhere. */
function failureOf(found: ScopeFound, { choice, shown }: Ended, folder: string): ReportedFailure {
  const { scope, claim, sentence, settings, seed, run, runs, originalOperations, operations } = found
  const name = `traces/${scope}-${claim}-${seed}-${run}`
  const told = shown.get(found)
  writeTrace(join(folder, `${name}.json`), foundTrace(found, choice))
  const drawn = told === undefined ? null : picturePath(told.trace)
  const hasPicture = drawn !== null && existsSync(drawn)
  if (hasPicture) writeWhole(join(folder, `${name}.html`), readFileSync(drawn, 'utf8'))
  const plain = operations.map(
    (operation, index) => `${String(index + 1).padStart(3)}  ${operationLine(scope, operation)}`,
  )
  return {
    scope,
    claim,
    title: titleOf(claim),
    sentence,
    settings,
    seed,
    run,
    failingRuns: runs,
    originalOperations,
    operations: operations.length,
    lines: told?.lines ?? plain,
    trace: `${name}.json`,
    picture: hasPicture ? `${name}.html` : null,
  }
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
      : [`${counted(missing.length, 'behaviour')} must be reached and never ${missing.length === 1 ? 'was' : 'were'}`]),
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
          ? ` --runs ${merged.runs}`
          : ` --time ${extent.ms / 1000}`
  return `npx lockstep check${one ? ` --scope ${scope}` : ''}${length} --seed ${seed}${subjectOptions(choice)}`
}

function rounded(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 1000) / 1000 : 0
}
