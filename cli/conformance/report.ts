// The conformance report: what was tried on somebody's implementation, what agreed, what did not, and what nobody knows.
// `validate` fills it in the same way for a process, for a broker and for Apache Kafka; text.ts and markdown.ts print it.

/** A whole report; this is what `report.json` holds. Plain JSON values only. */
export type Conformance = {
  /** What was validated, as its owner calls it. */
  readonly subject: string
  /** `violation` outweighs `unknown`, which outweighs `agree`. */
  readonly verdict: 'agree' | 'violation' | 'unknown'
  readonly seed: number
  /** How long everything took. */
  readonly seconds: number
  readonly runs: number
  readonly operations: number
  /** What the runs were about, as name and text: brokers, scopes, versions, how long. */
  readonly covered: Readonly<Record<string, string>>
  readonly tables: readonly ConformanceTable[]
  readonly findings: readonly ConformanceFinding[]
  readonly unknown: readonly UnknownPart[]
}

/** Rows of one sort: operations of a scope, claims, APIs. */
export type ConformanceTable = {
  readonly title: string
  readonly rows: readonly ConformanceRow[]
  /** A long one: on a terminal only its sums, what diverged, and what was not tried. */
  readonly brief?: true
}

export type ConformanceRow = {
  readonly name: string
  /** What it is, in a few words. */
  readonly about: string
  /** `agreed + diverged` is at most this: a run that ended early, at another claim or unknown, is in neither. */
  readonly tried: number
  readonly agreed: number
  readonly diverged: number
  /** Why it was not tried, or not always, or why not all agreed or diverged; null when there is nothing to say. */
  readonly notTried: string | null
  /** Files of the traces that show how it diverged. */
  readonly traces: readonly string[]
}

/** A promise that was broken, with the smallest sequence that breaks it. */
export type ConformanceFinding = {
  /** Id of the claim in docs/claims.md, such as `L1`. */
  readonly claim: string
  readonly sentence: string
  /** The settings under which the claim holds, as `name=value`; empty when it always holds. */
  readonly settings: readonly string[]
  readonly seed: number
  readonly run: number
  /** Length of the shrunk sequence. */
  readonly operations: number
  readonly failingRuns: number
  /** File of the shrunk sequence. */
  readonly trace: string
  /** What findings of one kind have in common; only of a broker. */
  readonly signature?: string
  /** Where it is explained, when it was known before (`--known`). */
  readonly known?: string
  /** The failure as people read it, line by line. */
  readonly lines: readonly string[]
}

/** Runs of which nothing is known, and why. */
export type UnknownPart = { readonly sentence: string; readonly runs: number }
