// The file that a picture is written to, where the user names it or it is asked for alone.
import { resolve } from 'node:path'
import { PageError } from '../traces/viewer/page.ts'
import { reasonOf, UsageError } from './exit.ts'

/** Complains of a picture that would take the place of what it is of. */
export function checkOutput(path: string, output: string): void {
  if (resolve(output) !== resolve(path)) return
  throw new UsageError(`the picture would be written over ${path} itself. Give another file: -o FILE.`)
}

/** Writes it. Throws `UsageError` when that cannot be done, also when the pages were not built. */
export function writeOrComplain(output: string, write: () => void): void {
  try {
    write()
  } catch (error) {
    const why = reasonOf(error)
    throw new UsageError(
      error instanceof PageError ? why : `${output} cannot be written: ${why}. Give another file: -o FILE.`,
    )
  }
}
