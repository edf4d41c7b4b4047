// What can be said about the runs of a campaign, beyond what they found: what they drew, did, suffered and reached, and in
// which runs. Plain data that cross threads; what several threads counted adds up to the same in whatever way it was cut.

/** How the operations of one kind went. */
export type OperationCounts = {
  readonly all: number
  /** Those that did not apply. */
  readonly nothing: number
  /** Those that were answered with an error of Kafka's, by its name. */
  readonly errors: Readonly<Record<string, number>>
  /** Those after which everything was as before. */
  readonly unchanged: number
}

export type FaultCounts = { readonly injected: number; readonly felt: number }

/** How often a behaviour was reached, and in which runs, ascending. */
export type LabelCounts = { readonly times: number; readonly runs: readonly number[] }

/** The facts of some runs of one scope. */
export type Facts = {
  /** Ascending. */
  readonly labelledRuns: readonly number[]
  readonly operations: Readonly<Record<string, OperationCounts>>
  readonly faults: Readonly<Record<string, FaultCounts>>
  /** Runs that drew a value of a setting. */
  readonly drawn: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly labels: Readonly<Record<string, LabelCounts>>
  /** The runs, ascending, in which the premise of a claim was there. */
  readonly tried: Readonly<Record<string, readonly number[]>>
  /** The first run that reached each (kind of operation, abstract state) pair, of these runs. */
  readonly firstReached: Readonly<Record<string, number>>
}
