// A bug that the harness must be able to find: small patches of the implementation's source, applied when it is loaded.
import type { ScopeName } from '../verdict.ts'

export type PlantedBug = {
  /** Kebab case, unique; the file is named after it, and so is its witness in traces/stories/zoo/. */
  readonly name: string
  /** Implementations of Kafka had the historical ones, and each has a witness; a slip is of our own making. */
  readonly kind: 'historical' | 'slip'
  /** What it does, in one sentence. */
  readonly mechanism: string
  /** The KIP, the ticket and the pull request that mended it; null for what has no single one. */
  readonly source: string | null
  /** The claim whose promise it breaks. */
  readonly claim: string
  /**
   * The claims under which it may be found, itself among them: often the sides part before anybody is hurt, and the field
   * that differs serves another claim. A finding under any other claim is not counted as this bug.
   */
  readonly caughtBy: readonly string[]
  readonly scope: ScopeName
  readonly patches: readonly Patch[]
  /** A bug of the codec, which nobody meets unless messages go as bytes: it is always looked for with `--wire`. */
  readonly wire?: true
  /** Length of the shortest counter-example that breadth-first exploration of the abstract model knows; null where it has no such bug. */
  readonly shortestCounterExample: number | null
}

/**
 * In `file` (relative to the project's root) the text `find` occurs exactly once; `replace` stands there instead. Neither has
 * types: the package ships the same texts with their types blanked out, and plants the same bugs in them.
 */
export type Patch = { readonly file: string; readonly find: string; readonly replace: string }
