// The page of a recorded history: what its picture shows is made here, and put into the page.
//
// A history may be of any length, and a picture is looked at by one person: of more operations than `operationsMost`, those
// are drawn that belong to the anomalies listed, and every so many of the others; the page says so.
import { type Anomaly, anomalyKinds } from '../properties/history/anomaly.ts'
import { checkHistory, type HistoryReport } from '../properties/history/check.ts'
import { type HistoryOperation, lineOf } from '../properties/history/history.ts'
import { indexLogs, type LogIndex, partitionText } from '../properties/history/log-index.ts'
import type { HistoryPicture, Mark, ShownAnomaly, ShownOperation, ShownPartition } from './history-picture.ts'
import type { RecordedHistory } from './read-history.ts'
import { claimTitle } from './render/claim-titles.ts'
import { operationText, undecidedText, underText } from './render/history.ts'
import { pageWith } from './viewer/page.ts'

const operationsMost = 2000
const anomaliesMost = 200
const partitionsMost = 24
const proofMost = 20

/** The page of a history: one HTML file. `name` is what the file is called. */
export function historyPage(history: RecordedHistory, name: string): string {
  const picture = historyPicture(history, checkHistory(history), name)
  return pageWith('history', JSON.stringify(picture), `${name}: ${picture.headline}`)
}

/** What the page shows. */
export function historyPicture(history: RecordedHistory, report: HistoryReport, name: string): HistoryPicture {
  const anomalies = shownFirst(report.anomalies).slice(0, anomaliesMost)
  const chosen = chosenOperations(history.operations.length, anomalies)
  const shown = new Map(chosen.map((index, place) => [index, place] as const))
  const clients = [...new Set(chosen.map(index => history.operations[index]?.client ?? ''))].sort()
  const index = indexLogs(history)
  const weightiest = anomalies.find(({ judgement }) => judgement.kind !== 'allowed')
  const operations = chosen.flatMap(at => shownOperation(history.operations[at], at, clients))
  return {
    name,
    note: history.note,
    verdict: report.kind,
    headline: weightiest === undefined ? headlines[report.kind] : claimTitle(anomalyKinds[weightiest.kind].claim),
    sentence: weightiest === undefined ? '' : `${weightiest.kind}: ${weightiest.sentence}`,
    under: underText(history),
    seen: report.seen,
    counts: report.counts,
    clients,
    operations,
    partitions: shownPartitions(index, shown, anomalies),
    events: chosen.flatMap((at, operation) => {
      const kind = history.operations[at]?.kind
      return kind === 'rebalance' || kind === 'crash' ? [{ operation, kind }] : []
    }),
    anomalies: anomalies.map(anomaly => shownAnomaly(anomaly, shown)),
  }
}

const headlines = {
  agree: 'nothing that the settings forbid',
  unknown: 'nothing was read: this history says nothing',
  violation: 'a violation',
} as const

const weights = { forbidden: 0, undecided: 1, allowed: 2 } as const

function shownFirst(anomalies: readonly Anomaly[]): readonly Anomaly[] {
  return anomalies.toSorted((a, b) => weights[a.judgement.kind] - weights[b.judgement.kind])
}

/** What proves the anomalies, and of the others every so many; ascending. */
function chosenOperations(count: number, anomalies: readonly Anomaly[]): readonly number[] {
  const all = Array.from({ length: count }, (_, index) => index)
  if (count <= operationsMost) return all
  const chosen = new Set(anomalies.flatMap(({ operations }) => operations.slice(0, proofMost)))
  const every = Math.ceil(count / Math.max(operationsMost - chosen.size, operationsMost / 4))
  return all.filter(index => chosen.has(index) || index % every === 0)
}

function shownOperation(
  operation: HistoryOperation | undefined,
  at: number,
  clients: readonly string[],
): readonly ShownOperation[] {
  if (operation === undefined) return []
  const { client, start, end, completed } = operation
  return [{ line: lineOf(at), client: clients.indexOf(client), start, end, completed, text: operationText(operation) }]
}

/** Partitions with anomalies come first when there are too many. */
function shownPartitions(
  { history, logs, logOf }: LogIndex,
  shown: ReadonlyMap<number, number>,
  anomalies: readonly Anomaly[],
): readonly ShownPartition[] {
  const troubled = new Set(anomalies.flatMap(({ place }) => (place === null ? [] : [partitionText(place)])))
  const names = logs.map(partitionText)
  const kept = [...names.filter(name => troubled.has(name)), ...names.filter(name => !troubled.has(name))]
  const partitions = new Map(
    names
      .filter(name => kept.indexOf(name) < partitionsMost)
      .map(name => [name, { marks: [] as Mark[], homeless: [] as number[] }] as const),
  )
  for (const [at, place] of shown) {
    const operation = history.operations[at]
    if (operation?.kind === 'send') {
      const partition = partitions.get(partitionText(operation))
      const log = logOf(operation.topic, operation.partition)
      // Where a producer was told nothing, whoever read the value knows.
      const offsets = operation.records.flatMap(({ value, offset }) => {
        const found = offset ?? log?.values.get(value)?.places[0]?.offset
        return found === undefined ? [] : [found]
      })
      if (offsets.length === 0) partition?.homeless.push(place)
      for (const run of runsOf(offsets)) partition?.marks.push({ operation: place, kind: 'send', ...run })
    } else if (operation?.kind === 'poll') {
      const byPartition = Map.groupBy(operation.records, partitionText)
      for (const [name, records] of byPartition) {
        for (const run of runsOf(records.map(({ offset }) => offset))) {
          partitions.get(name)?.marks.push({ operation: place, kind: 'poll', ...run })
        }
      }
    }
  }
  return [...partitions].map(([name, { marks, homeless }]) => ({ name, marks, homeless }))
}

/** Neighbouring offsets that follow each other, as one. */
function runsOf(offsets: readonly number[]): readonly { readonly first: number; readonly last: number }[] {
  const runs: { first: number; last: number }[] = []
  for (const offset of offsets) {
    const last = runs.at(-1)
    if (last !== undefined && offset === last.last + 1) last.last = offset
    else runs.push({ first: offset, last: offset })
  }
  return runs
}

function shownAnomaly(anomaly: Anomaly, shown: ReadonlyMap<number, number>): ShownAnomaly {
  const { kind, sentence, place, operations, judgement } = anomaly
  return {
    kind,
    title: anomalyKinds[kind].title,
    claim: claimTitle(anomalyKinds[kind].claim),
    sentence,
    judgement: judgement.kind,
    since:
      judgement.kind === 'allowed'
        ? judgement.because
        : judgement.kind === 'undecided'
          ? undecidedText(judgement.tell)
          : null,
    partition: place === null ? null : partitionText(place),
    offsets: place === null ? [] : place.offsets.slice(0, proofMost),
    operations: operations.flatMap(at => {
      const found = shown.get(at)
      return found === undefined ? [] : [found]
    }),
  }
}
