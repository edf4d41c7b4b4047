// A bug that the harness must be able to find: a small patch of the implementation's source, applied when it is loaded.
import type { ScopeName } from '../verdict.ts'

export type PlantedBug = {
  /** Kebab case, unique. */
  readonly name: string
  /** What it does, and where it comes from: a KIP, a ticket, or "ours" for a plain slip. */
  readonly source: string
  /** The claim whose promise it breaks. Often the sides part before anybody is hurt, and another claim names the finding. */
  readonly claim: string
  readonly scope: ScopeName
  readonly patch: Patch
}

/** In `file` (relative to the project's root) the text `find` occurs exactly once; `replace` stands there instead. */
export type Patch = { readonly file: string; readonly find: string; readonly replace: string }
