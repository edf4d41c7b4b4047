// What the report says of one scope: the sums, in an order that people can read, with the names that they know.
import { claimsOf } from '../../properties/claim-of.ts'
import { Curve, widthFor } from '../../properties/facts/curve.ts'
import type { OperationCounts } from '../../properties/facts/facts.ts'
import { ledTo } from '../../properties/facts/faults.ts'
import type { FactsSum } from '../../properties/facts/sum.ts'
import { scopes } from '../../properties/scopes.ts'
import { claimTitle } from '../../traces/render/claim-titles.ts'
import type { ScopePart } from '../../traces/schema/campaign-report.ts'
import { noveltyOf, type RunRange } from './novelty.ts'
import { compareSettings, settingName, settingValue } from './setting-names.ts'

/** What the campaign itself says of a scope. */
export type ScopeResult = Pick<
  ScopePart,
  'runs' | 'endRun' | 'operations' | 'declined' | 'runsToAsk' | 'isAsked' | 'missing'
> & {
  /** Failing runs by claim. */
  readonly failing: ReadonlyMap<string, number>
  /** Runs that were not done, because their worker hung or died. */
  readonly lost: readonly RunRange[]
  /** Those, and runs that came to no verdict. */
  readonly unknown: readonly RunRange[]
}

/** Puts the part of one scope together. */
export function scopePart(sum: FactsSum, { failing, lost, unknown, ...result }: ScopeResult): ScopePart {
  const { endRun } = result
  const done = doneRuns(endRun, lost)
  return {
    scope: sum.scope,
    ...result,
    runsInPoint: widthFor(endRun),
    runsOver: done.points(endRun),
    labelledRuns: { all: sum.labelledRuns.total, over: sum.labelledRuns.points(endRun) },
    drawn: drawnOf(sum),
    operationKinds: [...sum.operations]
      .sort(([a, { all }], [b, { all: other }]) => other - all || (a < b ? -1 : 1))
      .map(([kind, counts]) => operationOf(kind, counts)),
    faults: [...sum.faults]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([fault, { injected, felt }]) => ({ fault, injected, felt, ledTo: ledToOf(sum, fault) })),
    labels: Object.entries(scopes[sum.scope].labels).map(([label, need]) => {
      const { times, runs: reached } = sum.labels.get(label) ?? { times: 0, runs: new Curve() }
      return { label, need, times, runs: reached.total, firstRun: reached.first, over: reached.points(endRun) }
    }),
    claims: claimsPart(sum, done, endRun, failing),
    novelty: noveltyOf(sum.firstReached, endRun, unknown),
  }
}

function drawnOf(sum: FactsSum): ScopePart['drawn'] {
  return [...sum.drawn]
    .sort(([a], [b]) => compareSettings(a, b))
    .map(([path, values]) => ({
      setting: settingName(path),
      values: [...values]
        .sort(([a], [b]) => compareValues(a, b))
        .map(([value, runs]) => ({ value: settingValue(path, value), runs })),
    }))
}

function compareValues(a: string, b: string): number {
  const difference = Number(a) - Number(b)
  return Number.isNaN(difference) ? (a < b ? -1 : 1) : difference
}

function operationOf(
  kind: string,
  { all, nothing, errors, unchanged }: OperationCounts,
): ScopePart['operationKinds'][number] {
  const byError = Object.entries(errors)
    .map(([error, count]) => ({ error, count }))
    .sort((a, b) => b.count - a.count || (a.error < b.error ? -1 : 1))
  return {
    kind,
    all,
    nothing,
    refused: byError.reduce((total, { count }) => total + count, 0),
    unchanged,
    errors: byError,
  }
}

function ledToOf(sum: FactsSum, fault: string): ScopePart['faults'][number]['ledTo'] {
  const known = scopes[sum.scope].labels
  return (ledTo[fault] ?? [])
    .filter(label => Object.hasOwn(known, label))
    .map(label => ({ label, times: sum.labels.get(label)?.times ?? 0 }))
}

/** The claims of the scope, and what else was broken in it. */
function claimsPart(
  sum: FactsSum,
  done: Curve,
  endRun: number,
  failing: ReadonlyMap<string, number>,
): ScopePart['claims'] {
  const { premises } = scopes[sum.scope]
  const claims = [...new Set([...claimsOf(sum.scope).keys(), ...failing.keys()])]
  return claims.map(claim => {
    const premise = premises[claim]
    // That the sides agree is claimed of whatever they do.
    const tried = premise === undefined ? done : (sum.tried.get(claim) ?? new Curve())
    return {
      claim,
      title: titleOf(claim),
      premise: premise ?? 'any operation',
      runs: tried.total,
      firstRun: tried.first,
      over: tried.points(endRun),
      failingRuns: failing.get(claim) ?? 0,
    }
  })
}

/** The runs of the campaign but for those that were lost. */
function doneRuns(endRun: number, lost: readonly RunRange[]): Curve {
  const curve = new Curve()
  const isLost = (run: number): boolean => lost.some(({ firstRun, runs }) => firstRun <= run && run < firstRun + runs)
  for (let run = 0; run < endRun; run++) if (!isLost(run)) curve.add(run)
  return curve
}

/** What a claim says in a few words, without its id. */
export function titleOf(claim: string): string {
  const title = claimTitle(claim)
  return title === claim ? 'both sides show the same' : title.slice(claim.length + 1)
}
