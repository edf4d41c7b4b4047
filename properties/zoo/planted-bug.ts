// A bug that the harness must be able to find: a small patch of the implementation's source, applied when it is loaded.
import type { ScopeName } from '../verdict.ts'

export type PlantedBug = {
  /** Kebab case, unique. */
  readonly name: string
  /** What it does, and where it comes from: a KIP, a ticket, or "ours" for a plain slip. */
  readonly source: string
  /** The claim that it is there to prove breakable. */
  readonly claim: string
  /** The claims by which it may be reported: which one is seen first depends on the walk. */
  readonly caughtBy: readonly string[]
  readonly scope: ScopeName
  readonly patch: Patch
}

/** In `file` (relative to the project's root) the text `find` occurs exactly once; `replace` stands there instead. */
export type Patch = { readonly file: string; readonly find: string; readonly replace: string }
