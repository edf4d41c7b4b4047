// The folder of a report: looked at before a campaign starts, and written to all or nothing, file by file.
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
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

/** Writes a file so that nobody ever sees half of it. */
export function writeWhole(path: string, text: string): void {
  whole(path, temporary => writeFileSync(temporary, text))
}

/** Copies a file in the same way; its folder is made when it is absent. */
export function copyWhole(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  whole(to, temporary => copyFileSync(from, temporary))
}

function whole(path: string, make: (temporary: string) => void): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    make(temporary)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
