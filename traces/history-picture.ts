// What the picture of a recorded history shows, as plain data: made by history-page.ts, drawn by viewer/history/.
import type { AnomalyKind, Judgement } from '../properties/history/anomaly.ts'
import type { HistoryReport } from '../properties/history/check.ts'
import type { Completed } from '../properties/history/history.ts'

/** Records of one operation at neighbouring offsets. */
export type Mark = {
  /** Index into `operations`. */
  readonly operation: number
  readonly kind: 'send' | 'poll'
  readonly first: number
  readonly last: number
}

export type ShownOperation = {
  readonly line: number
  /** Index into `clients`. */
  readonly client: number
  readonly start: number
  readonly end: number
  readonly completed: Completed
  readonly text: string
}

export type ShownPartition = {
  readonly name: string
  readonly marks: readonly Mark[]
  /** Sends of which nobody knows where they went; indices into `operations`. */
  readonly homeless: readonly number[]
}

export type ShownAnomaly = {
  readonly kind: AnomalyKind
  readonly title: string
  readonly claim: string
  readonly sentence: string
  readonly judgement: Judgement['kind']
  /** Why it is allowed, or what would decide. */
  readonly since: string | null
  readonly partition: string | null
  readonly offsets: readonly number[]
  /** Indices into `operations`. */
  readonly operations: readonly number[]
}

export type HistoryPicture = {
  readonly name: string
  readonly note: string | null
  readonly verdict: HistoryReport['kind']
  readonly headline: string
  readonly sentence: string
  readonly under: string
  readonly seen: HistoryReport['seen']
  readonly counts: HistoryReport['counts']
  readonly clients: readonly string[]
  readonly operations: readonly ShownOperation[]
  readonly partitions: readonly ShownPartition[]
  /** What happened to clients, with an index into `operations`. */
  readonly events: readonly { readonly operation: number; readonly kind: 'rebalance' | 'crash' }[]
  readonly anomalies: readonly ShownAnomaly[]
}
