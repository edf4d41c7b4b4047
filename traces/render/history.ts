// A recorded history and what was found in it, as text: for the command line and for the picture.
import { type Anomaly, anomalyKinds } from '../../properties/history/anomaly.ts'
import type { HistoryReport } from '../../properties/history/check.ts'
import { type History, type HistoryOperation, lineOf } from '../../properties/history/history.ts'
import { settingsText } from '../../properties/history/legal.ts'
import { partitionText } from '../../properties/history/log-index.ts'
import { valueText } from '../../properties/history/words.ts'
import { claimTitle } from './claim-titles.ts'

const recordsShown = 4
const proofShown = 8

/** The verdict, and what carries it: a sentence, the settings, and the lines that prove it. */
export function historyHeadline(history: History, report: HistoryReport): readonly string[] {
  const { seen } = report
  const looked = `${seen.operations} operations of ${seen.clients} clients, ${seen.acknowledged} records acknowledged, ${seen.read} read`
  if (report.kind === 'agree') return [`agree      ${looked}`, `           under ${underText(history)}`]
  const weighty = report.kind === 'violation' ? 'forbidden' : 'undecided'
  const anomaly = report.anomalies.find(({ judgement }) => judgement.kind === weighty)
  if (anomaly === undefined) return [`unknown    nothing was read, so that this history says nothing (${looked})`]
  const { claim } = anomalyKinds[anomaly.kind]
  const proof = anomaly.operations.slice(0, proofShown).map(index => proofLine(history, index))
  const left = anomaly.operations.length - proof.length
  const ends = { forbidden: 'violation  ', undecided: 'unknown    ' }[weighty]
  return [
    `${ends}${claimTitle(claim)}`,
    `           under ${underText(history)}`,
    `           ${anomaly.kind}: ${anomaly.sentence}`,
    ...(anomaly.judgement.kind === 'undecided' ? [`           ${undecidedText(anomaly.judgement.tell)}`] : []),
    '',
    ...proof,
    ...(left > 0 ? [`        and ${left} more`] : []),
  ]
}

/** The table of anomalies; nothing when there are none. */
export function anomalyTable(report: HistoryReport): readonly string[] {
  if (report.counts.length === 0) return ['no anomalies']
  const rows = report.counts.map(({ kind, forbidden, undecided, allowed }) => [
    kind,
    anomalyKinds[kind].claim,
    `${forbidden}`,
    `${undecided}`,
    `${allowed}`,
    reasons(report.anomalies.filter(anomaly => anomaly.kind === kind)),
  ])
  const header = ['anomaly', 'claim', 'forbidden', 'undecided', 'allowed', 'since']
  const widths = header.map((cell, column) => Math.max(cell.length, ...rows.map(row => row[column]?.length ?? 0)))
  const isNumber = (column: number) => column >= 2 && column <= 4
  return [header, ...rows].map(row =>
    `  ${row.map((cell, column) => (isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ')}`.trimEnd(),
  )
}

/** Why anomalies are allowed, or what would decide them; each reason once. */
function reasons(anomalies: readonly Anomaly[]): string {
  const found = anomalies.map(({ judgement }) => {
    if (judgement.kind === 'allowed') return judgement.because
    return judgement.kind === 'undecided' ? `"${judgement.tell}" is not told` : null
  })
  return [...new Set(found)].filter(reason => reason !== null).join('; ')
}

/** What somebody can do about an anomaly that the header leaves open. */
export function undecidedText(tell: string): string {
  return `whether that is legal depends on "${tell}", which the header does not tell: set it (docs/histories.md)`
}

/** `acks=all, enable.idempotence=true, …`. */
export function underText({ settings }: History): string {
  return settingsText(settings).join(', ')
}

function proofLine({ operations }: History, index: number): string {
  const operation = operations[index]
  return `  line ${String(lineOf(index)).padStart(6)}  ${operation === undefined ? 'missing' : operationText(operation)}`
}

/** One operation in a line: who, what, where, how it ended and when. */
export function operationText(operation: HistoryOperation): string {
  const { client, completed, start, end, error } = operation
  const how = completed === 'ok' ? '' : completed === 'fail' ? ', failed' : ', outcome unknown'
  const why = error === undefined ? '' : ` (${valueText(error)})`
  return `${JSON.stringify(client).slice(1, -1)} ${whatText(operation)}${how}${why}, ${thousandths(start)} to ${thousandths(end)} ms`
}

/** Nobody reads a millionth of a millisecond. */
function thousandths(time: number): number {
  return Number(time.toFixed(3))
}

function whatText(operation: HistoryOperation): string {
  switch (operation.kind) {
    case 'send': {
      const records = listed(operation.records, ({ value, offset }) =>
        offset === null ? valueText(value) : `${valueText(value)} at offset ${offset}`,
      )
      return `sends to ${placeText(operation)}: ${records}`
    }
    case 'poll':
      return `is given ${listed(operation.records, record => `${placeText(record)} offset ${record.offset}: ${valueText(record.value)}`)}`
    case 'commit':
      return `commits for ${operation.group} in generation ${operation.generation}: ${offsetsText(operation.offsets)}`
    case 'committed':
      return `reads what ${operation.group} has committed: ${offsetsText(operation.offsets)}`
    case 'resetOffsets':
      return `sets the offsets of ${operation.group}: ${offsetsText(operation.offsets)}`
    case 'assign':
      return `assigns itself ${listed(operation.partitions, placeText)}`
    case 'subscribe':
      return `joins ${operation.group} for ${listed(operation.topics, topic => topic)}`
    case 'rebalance':
      return `has in generation ${operation.generation} of ${operation.group} ${listed(operation.partitions, placeText)}`
    case 'seek':
      return `goes on elsewhere in ${placeText(operation)}`
    case 'crash':
      return 'dies or is closed'
  }
}

function placeText(place: { readonly topic: string; readonly partition: number }): string {
  return JSON.stringify(partitionText(place)).slice(1, -1)
}

function offsetsText(
  offsets: readonly { readonly topic: string; readonly partition: number; readonly offset: number }[],
) {
  return listed(offsets, place => `${placeText(place)} offset ${place.offset}`)
}

function listed<T>(items: readonly T[], text: (item: T) => string): string {
  if (items.length === 0) return 'nothing'
  const shown = items.slice(0, recordsShown).map(text)
  return items.length === shown.length
    ? shown.join(', ')
    : `${shown.join(', ')} and ${items.length - shown.length} more`
}
