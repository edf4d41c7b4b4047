// A conformance report as Markdown: everything, in tables, for a page of its own.
import { counted } from '../../traces/render/failure.ts'
import type { Conformance, ConformanceFinding, ConformanceRow, ConformanceTable } from './report.ts'
import { runsText, verdictText } from './text.ts'

/** The report as a page. */
export function markdownOf(report: Conformance): string {
  const { subject, verdict, covered, tables, findings, unknown } = report
  const lines = [
    `# Conformance of ${escaped(subject)}`,
    '',
    `**${verdict}**: ${verdictText(report)}.`,
    '',
    '| what | |',
    '| --- | --- |',
    ...Object.entries(covered).map(([name, text]) => `| ${escaped(name)} | ${escaped(text)} |`),
    ...section('Findings', findings.flatMap(findingLines)),
    ...section(
      'Unknown',
      unknown.map(({ sentence, runs }) => `- ${escaped(sentence)}${runsText(runs)}`),
    ),
    ...tables.flatMap(tableLines),
  ]
  return `${lines.join('\n')}\n`
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines]
}

function findingLines({ claim, sentence, operations, failingRuns, lines }: ConformanceFinding): readonly string[] {
  const size = `${counted(operations, 'operation')}, ${counted(failingRuns, 'failing run')}`
  // The fence is longer than any in the text.
  const fence = '`'.repeat(Math.max(3, ...lines.flatMap(ticksOf).map(length => length + 1)))
  return [`### ${claim}`, '', `${escaped(sentence)} (${size})`, '', `${fence}text`, ...lines, fence, '']
}

function ticksOf(line: string): readonly number[] {
  return Array.from(line.matchAll(/`+/g), ([ticks]) => ticks.length)
}

function tableLines({ title, rows }: ConformanceTable): readonly string[] {
  return section(escaped(title), [
    '| name | about | tried | agreed | diverged | |',
    '| --- | --- | ---: | ---: | ---: | --- |',
    ...rows.map(rowText),
  ])
}

function rowText({ name, about, tried, agreed, diverged, notTried, traces }: ConformanceRow): string {
  const note = [...(notTried === null ? [] : [notTried]), ...traces].map(escaped).join(', ')
  return `| ${escaped(name)} | ${escaped(about)} | ${tried} | ${agreed} | ${diverged} | ${note} |`
}

/** Text from outside stays text. */
function escaped(text: string): string {
  return text.replace(/[\\|<>*_`[\]]/g, '\\$&').replaceAll('\n', ' ')
}
