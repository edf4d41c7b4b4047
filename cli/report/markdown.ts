// A campaign report as Markdown, short enough for a job's summary: what is wrong first, then one row a scope.

import { counted } from '../../traces/render/failure.ts'
import type { CampaignReportFile, ReportedFailure, ScopePart } from '../../traces/schema/campaign-report.ts'
import { fenced, markdownText } from './escape.ts'

/** A job's summary may have a megabyte in all. */
const linesMost = 60

/** The report as a page. */
export function markdownOf(report: CampaignReportFile): string {
  const { verdict, complaints, subject, command, runs, operations, scopes, failures, timings, isInterrupted } = report
  const rate = `${Math.round(timings.operationsPerSecond)} operations/s`
  const lines = [
    isInterrupted && verdict === 'agree'
      ? '# ❔ lockstep check: agree, until it was interrupted'
      : `# ${marks[verdict]} lockstep check: ${verdict}`,
    '',
    ...complaints.map(complaint => `- **${markdownText(complaint)}**`),
    ...(complaints.length > 0 ? [''] : []),
    `${counted(runs, 'run')}, ${counted(operations, 'operation')} on ${markdownText(subject)} in ${timings.seconds.toFixed(1)} s (${rate}).`,
    '',
    ...fenced([command]),
    '',
    ...failures.flatMap(failureLines),
    '| scope | runs | operations | behaviours reached | claims put to the test | abstract states | faults felt |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...scopes.map(rowOf),
    '',
    '## Is it saturated?',
    '',
    ...scopes.map(({ scope, novelty }) => `- **${scope}**: ${markdownText(novelty.sentence)}`),
    ...section('Claims that nothing put to the test', scopes.flatMap(untried)),
    ...section('Behaviours that must be reached, and never were', scopes.flatMap(missing)),
  ]
  return `${lines.join('\n')}\n`
}

const marks = { agree: '✅', violation: '❌', missing: '❌', unknown: '❔' } as const

function failureLines(failure: ReportedFailure): readonly string[] {
  const { scope, claim, title, sentence, settings, lines, trace } = failure
  const left = lines.length - linesMost
  return [
    `## ❌ ${markdownText(`${scope}: ${claim} ${title}`)}`,
    '',
    `${markdownText(sentence)}${settings.length === 0 ? '' : ` (under ${markdownText(settings.join(', '))})`}, in ${counted(failure.failingRuns, 'run')}. Trace: ${markdownText(trace)}`,
    '',
    ...fenced([...lines.slice(0, linesMost), ...(left > 0 ? [`and ${counted(left, 'more line')}`] : [])]),
    '',
  ]
}

function rowOf({ scope, runs, operations, labels, claims, novelty, faults }: ScopePart): string {
  const reached = labels.filter(label => label.runs > 0).length
  const tried = claims.filter(claim => claim.runs > 0).length
  const felt = faults.reduce((sum, fault) => sum + fault.felt, 0)
  const injected = faults.reduce((sum, fault) => sum + fault.injected, 0)
  return `| ${scope} | ${runs} | ${operations} | ${reached} of ${labels.length} | ${tried} of ${claims.length} | ${novelty.pairs} | ${felt} of ${injected} |`
}

function untried({ scope, claims }: ScopePart): readonly string[] {
  return claims
    .filter(({ runs, failingRuns }) => runs === 0 && failingRuns === 0)
    .map(
      ({ claim, title, premise }) =>
        `- ${scope}: ${claim} ${markdownText(title)} (no run with ${markdownText(premise)})`,
    )
}

function missing({ scope, missing: labels }: ScopePart): readonly string[] {
  return labels.map(label => `- ${scope}: ${markdownText(label)}`)
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines]
}
