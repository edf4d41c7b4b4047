// What the picture of a recorded history shows, as plain data: made by history-page.ts, drawn by viewer/history/.
import type { AnomalyKind, Judgement } from '../properties/history/anomaly.ts'
import type { HistoryReport } from '../properties/history/check.ts'
import type { Completed, OperationKind } from '../properties/history/history.ts'

/** What an operation says of offsets in a partition. Of a send and a poll: records that it wrote or gave. */
export type MarkKind = Extract<OperationKind, 'send' | 'poll' | 'commit' | 'committed' | 'resetOffsets'>

/** One operation at neighbouring offsets. */
export type Mark = {
  /** Index into `operations`. */
  readonly operation: number
  readonly kind: MarkKind
  readonly first: number
  readonly last: number
}

export type ShownOperation = {
  readonly kind: OperationKind
  /** Of the file: how sentences and links name an operation. */
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
  /** The operations that prove it; indices into `operations`, ascending. */
  readonly operations: readonly number[]
  /** How many more prove it that are not drawn. */
  readonly left: number
}

export type HistoryPicture = {
  readonly format: 'kafka-lockstep-history-picture'
  readonly name: string
  /** How to ask again. */
  readonly command: string
  readonly note: string | null
  readonly verdict: HistoryReport['kind']
  readonly headline: string
  readonly sentence: string
  /** The settings, by Kafka's names. */
  readonly under: readonly string[]
  readonly seen: HistoryReport['seen']
  readonly counts: HistoryReport['counts']
  /** What was left out, as sentences. */
  readonly leftOut: readonly string[]
  readonly clients: readonly string[]
  /** By the time of their ends, which is where their marks stand. */
  readonly operations: readonly ShownOperation[]
  readonly partitions: readonly ShownPartition[]
  /** The weightiest first. */
  readonly anomalies: readonly ShownAnomaly[]
}
