// What a log answers where an error alone does not say it.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { Offset } from '../../model/vocabulary/units.ts'

/** The answer to an append as leader; the offsets are those of the original batch for a duplicate, -1 after an error. */
export type AppendResult = {
  readonly error: ErrorName
  readonly baseOffset: Offset
  readonly lastOffset: Offset
  readonly duplicate: boolean
}

/** The answer to a read: whole batches. */
export type ReadResult = { readonly error: ErrorName; readonly bytes: Uint8Array }

/** The answer to an append that changed nothing. */
export function refused(error: ErrorName): AppendResult {
  return { error, baseOffset: -1, lastOffset: -1, duplicate: false }
}
