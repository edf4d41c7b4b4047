// The conformance report of a process: for each scope its operations, its claims, and the behaviours that were reached.
import { campaignReport } from '../../properties/campaign.ts'
import { claimsOf } from '../../properties/claim-of.ts'
import { sumOfReached } from '../../properties/coverage.ts'
import { scopes } from '../../properties/scopes.ts'
import type { Found } from '../../properties/shard.ts'
import type { Declared, Hello } from '../../properties/subjects/exec/answers.ts'
import type { Reached, ScopeName } from '../../properties/verdict.ts'
import { claimTitle } from '../../traces/render/claim-titles.ts'
import { counted } from '../../traces/render/failure.ts'
import { observationNames, operationKinds, subjectProtocolVersion } from '../../traces/schema/subject.ts'
import { neverTried, sumOfTried, type Tried, type ValidatedPortion } from '../validate-portion.ts'
import { aboutOperation } from './about-operations.ts'
import type { Conformance, ConformanceFinding, ConformanceRow, ConformanceTable, UnknownPart } from './report.ts'

/** What came back from one scope. */
export type ScopeResult = {
  readonly scope: ScopeName
  readonly portions: readonly ValidatedPortion[]
  /** Portions that did not come back, and why. */
  readonly lost: readonly UnknownPart[]
}

/** A finding with its scope, and the kind of operation that showed it. */
export type ToldFinding = {
  readonly scope: ScopeName
  readonly lastKind: string
  readonly finding: ConformanceFinding
}

export type ExecReportParts = {
  readonly hello: Hello
  readonly command: string
  readonly seed: number
  readonly seconds: number
  readonly results: readonly ScopeResult[]
  readonly findings: readonly ToldFinding[]
  /** What was wrong with how the process ended when it had only been greeted. */
  readonly badEnd: string | null
  readonly isInterrupted: boolean
}

/** The smallest failure of each claim in each scope. */
export function violationsOf(
  results: readonly ScopeResult[],
  seed: number,
): readonly (Found & { readonly scope: ScopeName })[] {
  return results.flatMap(({ scope, portions }) =>
    campaignReport(
      scope,
      seed,
      portions.flatMap(({ shards }) => shards),
    ).violations.map(found => ({ ...found, scope })),
  )
}

/** The report of a process that said nothing of use. */
export function nobodyReport(command: string, seed: number, seconds: number, sentence: string): Conformance {
  const nothing = { runs: 0, operations: 0, covered: { command }, tables: [], findings: [] }
  return { subject: command, verdict: 'unknown', seed, seconds, ...nothing, unknown: [{ sentence, runs: 0 }] }
}

/** Puts the report together. */
export function execReport(parts: ExecReportParts): Conformance {
  const { hello, seed, seconds, results, findings } = parts
  const sums = results.map(result => sumOf(result, hello.scopes[result.scope], seed))
  const unknown = grouped(sums.flatMap(sum => sum.unknown))
  return {
    subject: hello.name,
    verdict: findings.length > 0 ? 'violation' : unknown.length > 0 ? 'unknown' : 'agree',
    seed,
    seconds,
    runs: sums.reduce((all, { runs }) => all + runs, 0),
    operations: sums.reduce((all, { compared }) => all + compared, 0),
    covered: coveredBy(parts, sums),
    tables: sums.flatMap(sum => tablesOf(sum, findings)),
    findings: findings.map(({ finding }) => finding),
    unknown,
  }
}

/** What came of one scope, added up. */
type Sum = {
  readonly scope: ScopeName
  readonly declared: Declared
  readonly operations: Readonly<Record<string, Tried>>
  /** Runs, those whose set-up was declined not counted. */
  readonly runs: number
  /** Operations that were compared. */
  readonly compared: number
  readonly reached: Reached
  readonly agreedReached: Reached
  /** Failing runs by claim. */
  readonly failing: ReadonlyMap<string, number>
  readonly unknownRuns: number
  readonly unknown: readonly UnknownPart[]
  /** Declined set-ups by reason. */
  readonly declinedSetups: ReadonlyMap<string, number>
  readonly badEnd: string | null
}

function sumOf({ scope, portions, lost }: ScopeResult, declared: Declared | undefined, seed: number): Sum {
  const shards = portions.flatMap(portion => portion.shards)
  const { runs, declined, reached, violations, unknown } = campaignReport(scope, seed, shards)
  const operations: Record<string, Tried> = {}
  const declinedSetups = new Map<string, number>()
  for (const portion of portions) {
    for (const [kind, tried] of Object.entries(portion.operations)) {
      operations[kind] = sumOfTried(operations[kind] ?? neverTried, tried)
    }
    for (const [reason, count] of Object.entries(portion.declinedSetups)) {
      declinedSetups.set(reason, count + (declinedSetups.get(reason) ?? 0))
    }
  }
  const compared = Object.values(operations).reduce((all, { tried }) => all + tried, 0)
  const failures = portions.flatMap(({ failure }) => (failure === null ? [] : [{ sentence: failure, runs: 0 }]))
  const parts = [...lost, ...failures, ...unknown.map(({ sentence }) => ({ sentence, runs: 1 }))].map(part => ({
    ...part,
    sentence: `${scope}: ${part.sentence}`,
  }))
  // A green report of nothing would be a lie.
  const why = [...declinedSetups.keys()][0]
  const nothing = `${scope}: nothing was compared${why === undefined ? '' : `: every run was declined, such as for: ${why}`}`
  return {
    scope,
    declared: declared ?? { operations: [], fields: [] },
    operations,
    runs: runs - declined,
    compared,
    reached,
    agreedReached: sumOfReached(portions.map(({ agreed }) => agreed)),
    failing: new Map(violations.map(found => [found.claim, found.runs])),
    unknownRuns: unknown.length,
    unknown: compared === 0 && parts.length === 0 ? [{ sentence: nothing, runs: declined }] : parts,
    declinedSetups,
    badEnd: portions.find(({ badEnd }) => badEnd !== null)?.badEnd ?? null,
  }
}

function coveredBy({ command, badEnd, isInterrupted }: ExecReportParts, sums: readonly Sum[]): Conformance['covered'] {
  const ends = sums.map(sum => sum.badEnd).concat(badEnd)
  const end = ends.find(one => one !== null)
  return {
    command,
    protocol: `version ${subjectProtocolVersion}`,
    ...Object.fromEntries(sums.map(sum => [`scope ${sum.scope}`, scopeText(sum)])),
    ...(end === undefined || end === null ? {} : { 'its end': end }),
    ...(isInterrupted ? { interrupted: 'this is what was found until then' } : {}),
  }
}

function scopeText({ scope, declared, runs, compared, reached, declinedSetups }: Sum): string {
  const hidden = observationNames(scope).filter(field => !declared.fields.includes(field))
  const declined = [...declinedSetups].map(([reason, count]) => `${count} runs declined (${reason})`)
  return [
    `${runs} runs, ${compared} operations`,
    `${declared.operations.length} of ${operationKinds(scope).length} kinds of operations`,
    hidden.length === 0 ? 'shows everything' : `shows ${declared.fields.join(', ') || 'nothing but outcomes'}`,
    `${Object.keys(reached).length} of ${Object.keys(scopes[scope].labels).length} behaviours reached`,
    ...declined,
  ].join('; ')
}

function tablesOf(sum: Sum, findings: readonly ToldFinding[]): readonly ConformanceTable[] {
  const { scope } = sum
  const own = findings.filter(found => found.scope === scope)
  return [
    { title: `${scope}: operations`, rows: operationKinds(scope).map(kind => operationRow(sum, kind, own)) },
    { title: `${scope}: claims`, rows: claimRows(sum, own) },
    { title: `${scope}: behaviours`, rows: behaviourRows(sum), brief: true },
  ]
}

function operationRow({ scope, declared, operations }: Sum, kind: string, own: readonly ToldFinding[]): ConformanceRow {
  const { tried, agreed, diverged, declined } = operations[kind] ?? neverTried
  const left = tried - agreed - diverged
  const notTried = !declared.operations.includes(kind)
    ? 'not declared'
    : declined > 0
      ? `declined ${declined} times`
      : tried === 0
        ? 'never drawn'
        : left > 0
          ? `${counted(left, 'time')} the run ended unknown there`
          : null
  const traces = own.filter(({ lastKind }) => lastKind === kind).map(({ finding }) => finding.trace)
  return { name: kind, about: aboutOperation(scope, kind), tried, agreed, diverged, notTried, traces }
}

/** Every claim of the scope was looked at after every operation, as far as what it is about could be seen. */
function claimRows(sum: Sum, own: readonly ToldFinding[]): readonly ConformanceRow[] {
  const { scope, runs, compared, failing, unknownRuns } = sum
  const served = claimsOf(scope)
  const others = [...failing.keys()].filter(claim => !served.has(claim))
  return [...served.keys(), ...others].map(claim => {
    const diverged = failing.get(claim) ?? 0
    const nothing = compared === 0 ? 'nothing was compared' : null
    const unseen = diverged > 0 ? null : (nothing ?? unseenText(sum, served.get(claim) ?? []))
    const tried = unseen === null ? runs : 0
    const agreed = tried === 0 ? 0 : Math.max(0, runs - allFailing(failing) - unknownRuns)
    const notTried = unseen ?? earlyText(allFailing(failing) - diverged, unknownRuns)
    const traces = own.filter(({ finding }) => finding.claim === claim).map(({ finding }) => finding.trace)
    return { name: claim, about: aboutClaim(claim), tried, agreed, diverged, notTried, traces }
  })
}

/** A run ends with the first claim that breaks, so that it says nothing of the others. */
function earlyText(others: number, unknown: number): string | null {
  const parts = [
    ...(others > 0 ? [`${counted(others, 'run')} ended at another claim`] : []),
    ...(unknown > 0 ? [`${counted(unknown, 'run')} ended unknown`] : []),
  ]
  return parts.length === 0 ? null : parts.join(', ')
}

function allFailing(failing: ReadonlyMap<string, number>): number {
  return [...failing.values()].reduce((sum, runs) => sum + runs, 0)
}

/** Why a claim had nothing to be seen by: none of the operations and fields that serve it is there. */
function unseenText({ scope, declared }: Sum, served: readonly string[]): string | null {
  const fields = observationNames(scope)
  const isSeen = (one: string): boolean => {
    if (one.startsWith('outcome of ')) return declared.operations.includes(one.slice('outcome of '.length))
    return !fields.includes(one) || declared.fields.includes(one)
  }
  if (served.length === 0 || served.some(isSeen)) return null
  return `needs ${served.join(' or ')}, which it does not declare`
}

function aboutClaim(claim: string): string {
  const title = claimTitle(claim)
  return title === claim ? 'both sides show the same' : title.slice(claim.length + 1)
}

function behaviourRows({ scope, reached, agreedReached }: Sum): readonly ConformanceRow[] {
  return Object.entries(scopes[scope].labels).map(([name, need]) => {
    const tried = reached[name] ?? 0
    const agreed = agreedReached[name] ?? 0
    const notTried =
      tried === 0
        ? need === 'required'
          ? 'never reached'
          : 'never reached (rare)'
        : tried > agreed
          ? `${counted(tried - agreed, 'time')} in runs that did not agree`
          : null
    return { name, about: need, tried, agreed, diverged: 0, notTried, traces: [] }
  })
}

/** What differs only in what was quoted stands once, the most frequent first; what is left over, as one. */
function grouped(parts: readonly UnknownPart[]): readonly UnknownPart[] {
  const alike = new Map<string, UnknownPart>()
  for (const { sentence, runs } of parts) {
    const key = sentence.replace(/«[^»]*»?/g, '')
    const known = alike.get(key)
    alike.set(key, { sentence: known?.sentence ?? sentence, runs: runs + (known?.runs ?? 0) })
  }
  const all = [...alike.values()].sort((a, b) => b.runs - a.runs)
  const others = all.slice(sentencesMost)
  if (others.length === 0) return all
  const left = { sentence: `${others.length} more sentences of the kind`, runs: sumOfRuns(others) }
  return [...all.slice(0, sentencesMost), left]
}

const sentencesMost = 8

function sumOfRuns(parts: readonly UnknownPart[]): number {
  return parts.reduce((sum, { runs }) => sum + runs, 0)
}
