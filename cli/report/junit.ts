// A campaign report as JUnit XML: a test suite for each scope, a test case for each claim, one for the behaviours that must
// be reached and one for the runs of which nothing is known. A claim whose premise was never there is skipped, not passed.
import type { CampaignReportFile, ScopePart } from '../../traces/schema/campaign-report.ts'
import { xmlText } from './escape.ts'

type Case = {
  readonly name: string
  readonly result:
    | { readonly kind: 'passed' }
    | { readonly kind: 'skipped'; readonly message: string }
    | { readonly kind: 'failure' | 'error'; readonly message: string; readonly text: string }
}

/** The report as the text of one XML file. */
export function junitOf(report: CampaignReportFile): string {
  const suites = report.scopes.map(part => ({ part, cases: casesOf(report, part) }))
  const all = suites.flatMap(({ cases }) => cases)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="lockstep check" ${countsOf(all)} time="${report.timings.seconds}">`,
    ...suites.flatMap(({ part, cases }) => [
      `  <testsuite name="${xmlText(part.scope)}" ${countsOf(cases)} skipped="${numberOf(cases, 'skipped')}">`,
      '    <properties>',
      ...propertiesOf(report, part).map(
        ([name, value]) => `      <property name="${xmlText(name)}" value="${xmlText(value)}"/>`,
      ),
      '    </properties>',
      ...cases.map(one => caseText(part.scope, one)),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n')
}

function casesOf(report: CampaignReportFile, part: ScopePart): readonly Case[] {
  return [
    ...part.claims.map(claim => claimCase(report, part, claim)),
    reachesEverything(part),
    everyRunEnds(report, part),
  ]
}

function claimCase(report: CampaignReportFile, { scope }: ScopePart, claim: ScopePart['claims'][number]): Case {
  const name = `${claim.claim} ${claim.title}`
  const found = report.failures.find(failure => failure.scope === scope && failure.claim === claim.claim)
  if (found !== undefined) {
    const under = found.settings.length === 0 ? '' : ` (under ${found.settings.join(', ')})`
    return { name, result: { kind: 'failure', message: `${found.sentence}${under}`, text: found.lines.join('\n') } }
  }
  if (claim.runs > 0) return { name, result: { kind: 'passed' } }
  return { name, result: { kind: 'skipped', message: `never put to the test: there was no run with ${claim.premise}` } }
}

function reachesEverything({ missing, isAsked, runs, declined, runsToAsk }: ScopePart): Case {
  const name = 'reaches everything'
  if (missing.length > 0) {
    const message = `${missing.length} behaviours must be reached, and never were`
    return { name, result: { kind: 'failure', message, text: missing.join('\n') } }
  }
  if (isAsked) return { name, result: { kind: 'passed' } }
  const why = runs < runsToAsk ? `too few runs to ask: ${runs} of ${runsToAsk}` : notAsked(declined)
  return { name, result: { kind: 'skipped', message: why } }
}

function notAsked(declined: number): string {
  return declined > 0 ? `the subject declined ${declined} runs` : 'the subject does not do every operation'
}

function everyRunEnds({ unknown, isInterrupted }: CampaignReportFile, { scope, runs }: ScopePart): Case {
  const name = 'every run ends'
  const own = unknown.filter(part => part.scope === scope)
  const [first] = own
  if (first === undefined) {
    const message = `interrupted after ${runs} runs`
    return { name, result: isInterrupted ? { kind: 'skipped', message } : { kind: 'passed' } }
  }
  const text = own.map(({ firstRun, runs, sentence }) => `runs ${firstRun} to ${firstRun + runs - 1}: ${sentence}`)
  return { name, result: { kind: 'error', message: first.sentence, text: text.join('\n') } }
}

function propertiesOf(report: CampaignReportFile, part: ScopePart): readonly (readonly [string, string])[] {
  return [
    ['subject', report.subject],
    ['seed', String(report.seed)],
    ['runs', String(part.runs)],
    ['operations', String(part.operations)],
    ['interrupted', String(report.isInterrupted)],
    ['command', report.command],
    ['saturation', part.novelty.sentence],
  ]
}

function countsOf(cases: readonly Case[]): string {
  return `tests="${cases.length}" failures="${numberOf(cases, 'failure')}" errors="${numberOf(cases, 'error')}"`
}

function numberOf(cases: readonly Case[], kind: Case['result']['kind']): number {
  return cases.filter(({ result }) => result.kind === kind).length
}

function caseText(scope: string, { name, result }: Case): string {
  const opening = `    <testcase classname="lockstep.${xmlText(scope)}" name="${xmlText(name)}"`
  switch (result.kind) {
    case 'passed':
      return `${opening}/>`
    case 'skipped':
      return `${opening}><skipped message="${xmlText(result.message)}"/></testcase>`
    case 'failure':
    case 'error':
      return `${opening}><${result.kind} message="${xmlText(result.message)}">${contentText(result.text)}</${result.kind}></testcase>`
  }
}

/** Content keeps its lines as lines. */
function contentText(text: string): string {
  return text.split('\n').map(xmlText).join('\n')
}
