// A conformance report on a terminal: what was covered, what was tried and how it went, the findings, the verdict.
import { counted } from '../../traces/render/failure.ts'
import { styled } from '../screen.ts'
import type { Conformance, ConformanceRow, ConformanceTable } from './report.ts'

/** The report, in lines. */
export function terminalLines(report: Conformance): readonly string[] {
  const { subject, covered, tables, findings, unknown } = report
  const names = Object.keys(covered)
  const width = Math.max('subject'.length, ...names.map(name => name.length))
  const line = (name: string, text: string): string => `${name.padEnd(width)}  ${text}`
  return [
    '',
    line('subject', styled('bold', subject)),
    ...Object.entries(covered).map(([name, text]) => line(name, text)),
    ...tables.flatMap(table => ['', ...tableLines(table)]),
    ...findings.flatMap(({ lines: [first = '', ...more] }) => ['', styled(['bold', 'red'], first), ...more]),
    '',
    ...unknown.map(({ sentence, runs }) => `${styled('yellow', 'unknown')}  ${sentence}${runsText(runs)}`),
    verdictLine(report),
  ]
}

/** `agree: 120 runs, 4711 operations in 3.2 s (1472/s), seed 7`. */
export function verdictText({ runs, operations, seconds, seed, findings }: Conformance): string {
  const rate = seconds > 0 ? ` (${Math.round(operations / seconds)}/s)` : ''
  const found = findings.length === 0 ? '' : `, ${counted(findings.length, 'finding')}`
  return `${counted(runs, 'run')}, ${counted(operations, 'operation')} in ${seconds.toFixed(1)} s${rate}, seed ${seed}${found}`
}

/** How many runs a sentence is about; nothing when there was none yet. */
export function runsText(runs: number): string {
  return runs === 0 ? '' : ` (${counted(runs, 'run')})`
}

function verdictLine(report: Conformance): string {
  const colour = { agree: 'green', violation: 'red', unknown: 'yellow' } as const
  return `${styled(['bold', colour[report.verdict]], report.verdict)}: ${verdictText(report)}`
}

function tableLines({ title, rows, brief }: ConformanceTable): readonly string[] {
  const tried = rows.filter(row => row.tried > 0)
  const shown = brief === true ? tried.filter(row => row.diverged > 0) : tried
  const cells = shown.map(cellsOf)
  const head = [title, '', 'tried', 'agreed', 'diverged', '']
  const widths = head.map((_, column) => Math.max(...[head, ...cells].map(row => row[column]?.length ?? 0)))
  const aligned = (row: readonly string[]): string =>
    row
      .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd()
  const sums = `${tried.length} of ${rows.length}`
  return [
    styled('bold', brief === true ? `${title}: ${sums}` : aligned(head)),
    ...cells.map(aligned),
    ...reasons(rows.filter(row => row.tried === 0)).map(([why, names]) => `  ${why}: ${names.join(', ')}`),
  ]
}

function isNumber(column: number): boolean {
  return column >= 2 && column <= 4
}

function cellsOf({ name, about, tried, agreed, diverged, notTried }: ConformanceRow): readonly string[] {
  return [`  ${name}`, about, String(tried), String(agreed), String(diverged), notTried ?? '']
}

/** Rows that were not tried, by why not. */
function reasons(rows: readonly ConformanceRow[]): readonly (readonly [string, readonly string[]])[] {
  const names = new Map<string, string[]>()
  for (const { name, notTried } of rows) {
    const why = notTried ?? 'not tried'
    names.set(why, [...(names.get(why) ?? []), name])
  }
  return [...names]
}
