// The folder of a report, looked at before a campaign starts: nobody waits an hour to read that it cannot be written to.
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '../../traces/write.ts'
import { UsageError } from '../exit.ts'

/** Makes the folder when it is absent. Throws `UsageError` when it cannot be written to. */
export function checkFolder(folder: string): void {
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new UsageError(`--report ${folder} is a file. Name a folder: the report is several files.`)
  }
  try {
    mkdirSync(folder, { recursive: true })
    writeWhole(join(folder, '.lockstep-report'), '')
    rmSync(join(folder, '.lockstep-report'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UsageError(`--report ${folder} cannot be written to (${why}). Name a folder that can.`)
  }
}
