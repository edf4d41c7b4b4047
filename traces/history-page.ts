// The page of a recorded history: what its picture shows is made here, and put into the page.
//
// A history may be of any length, and a picture is looked at by one person: `history-thinning.ts` says which operations are
// drawn when there are too many, and the page says what was left out.
import { type Anomaly, anomalyKinds, type Judgement } from '../properties/history/anomaly.ts'
import type { HistoryReport } from '../properties/history/check.ts'
import { type HistoryOperation, lineOf } from '../properties/history/history.ts'
import { settingsText } from '../properties/history/legal.ts'
import { indexLogs, partitionText } from '../properties/history/log-index.ts'
import { marksByPartition } from './history-marks.ts'
import type { HistoryPicture, ShownAnomaly, ShownOperation, ShownPartition } from './history-picture.ts'
import { chosenOperations, proofMost } from './history-thinning.ts'
import type { RecordedHistory } from './read-history.ts'
import { claimTitle } from './render/claim-titles.ts'
import { operationText, undecidedText } from './render/history.ts'
import { pageWith } from './viewer/page.ts'

const anomaliesMost = 200
const partitionsMost = 24

/** What a picture says of the file that it is of. */
export type About = {
  readonly name: string
  /** The command that verifies it. */
  readonly command: string
}

/** The page of a history: one HTML file. Throws `PageError` when the pages were not built. */
export function historyPage(history: RecordedHistory, report: HistoryReport, about: About): string {
  const picture = historyPicture(history, report, about)
  return pageWith('history', JSON.stringify(picture), `${about.name}: ${picture.headline}`)
}

/** What the page shows. */
export function historyPicture(history: RecordedHistory, report: HistoryReport, about: About): HistoryPicture {
  const anomalies = shownFirst(report.anomalies).slice(0, anomaliesMost)
  const chosen = chosenOperations(history.operations, anomalies).toSorted(
    (a, b) => endOf(history, a) - endOf(history, b) || a - b,
  )
  const shown = new Map(chosen.map((at, place) => [at, place] as const))
  const clients = [...new Set(chosen.flatMap(at => history.operations[at]?.client ?? []))].sort(byName)
  const partitions = shownPartitions(history, shown, anomalies)
  const weightiest = anomalies.find(({ judgement }) => judgement.kind !== 'allowed')
  return {
    format: 'kafka-lockstep-history-picture',
    ...about,
    note: history.note,
    verdict: report.kind,
    headline: weightiest === undefined ? headlines[report.kind] : claimTitle(anomalyKinds[weightiest.kind].claim),
    sentence: weightiest === undefined ? '' : `${weightiest.kind}: ${weightiest.sentence}`,
    under: settingsText(history.settings),
    seen: report.seen,
    counts: report.counts,
    leftOut: leftOut(report, {
      operations: chosen.length,
      anomalies: anomalies.length,
      partitions: partitions.length,
    }),
    clients,
    operations: chosen.flatMap(at => shownOperation(history.operations[at], at, clients)),
    partitions,
    anomalies: anomalies.map(anomaly => shownAnomaly(anomaly, shown)),
  }
}

/** `p2` before `p10`, the same on every machine. */
const byName = new Intl.Collator('en', { numeric: true }).compare

const headlines = {
  agree: 'nothing that the settings forbid',
  unknown: 'nothing was read, so that this history says nothing',
  violation: 'a violation',
} as const

const weights = { forbidden: 0, undecided: 1, allowed: 2 } as const

function shownFirst(anomalies: readonly Anomaly[]): readonly Anomaly[] {
  return anomalies.toSorted((a, b) => weights[a.judgement.kind] - weights[b.judgement.kind])
}

function endOf({ operations }: RecordedHistory, at: number): number {
  return operations[at]?.end ?? 0
}

function shownOperation(
  operation: HistoryOperation | undefined,
  at: number,
  clients: readonly string[],
): readonly ShownOperation[] {
  if (operation === undefined) return []
  const { kind, client, start, end, completed } = operation
  const text = operationText(operation)
  return [{ kind, line: lineOf(at), client: clients.indexOf(client), start, end, completed, text }]
}

/** In order of their names; those with anomalies stay when there are too many. */
function shownPartitions(
  history: RecordedHistory,
  shown: ReadonlyMap<number, number>,
  anomalies: readonly Anomaly[],
): readonly ShownPartition[] {
  const index = indexLogs(history)
  const troubled = new Set(anomalies.flatMap(({ place }) => (place === null ? [] : [partitionText(place)])))
  const names = index.logs.map(partitionText)
  const byWeight = [...names.filter(name => troubled.has(name)), ...names.filter(name => !troubled.has(name))]
  const kept = new Set(byWeight.slice(0, partitionsMost))
  const marks = marksByPartition(index, shown)
  return names
    .filter(name => kept.has(name))
    .map(name => ({ name, ...(marks.get(name) ?? { marks: [], homeless: [] }) }))
}

function shownAnomaly(anomaly: Anomaly, shown: ReadonlyMap<number, number>): ShownAnomaly {
  const { kind, sentence, place, operations, judgement } = anomaly
  const { claim, title } = anomalyKinds[kind]
  const proof = operations.slice(0, proofMost).flatMap(at => shown.get(at) ?? [])
  return {
    kind,
    title,
    claim: claimTitle(claim),
    sentence,
    judgement: judgement.kind,
    since: sinceText(judgement),
    partition: place === null ? null : partitionText(place),
    offsets: place === null ? [] : place.offsets.slice(0, proofMost),
    operations: proof.toSorted((a, b) => a - b),
    left: operations.length - proof.length,
  }
}

function sinceText(judgement: Judgement): string | null {
  switch (judgement.kind) {
    case 'forbidden':
      return null
    case 'allowed':
      return judgement.because
    case 'undecided':
      return undecidedText(judgement.tell)
  }
}

type Drawn = { readonly operations: number; readonly anomalies: number; readonly partitions: number }

function leftOut({ counts, seen }: HistoryReport, drawn: Drawn): readonly string[] {
  const all = counts.reduce((sum, { forbidden, undecided, allowed }) => sum + forbidden + undecided + allowed, 0)
  return [
    drawn.operations < seen.operations
      ? `${drawn.operations} of ${seen.operations} operations are drawn: those that prove an anomaly of the list, deaths, rebalances and resets of offsets, what failed, and every so many of the others.`
      : '',
    drawn.anomalies < all ? `${drawn.anomalies} of ${all} anomalies are listed, the weightiest first.` : '',
    drawn.partitions < seen.partitions
      ? `${drawn.partitions} of ${seen.partitions} partitions are drawn, those with anomalies first.`
      : '',
  ].filter(sentence => sentence !== '')
}
