// The folder of a report. It is looked at before a campaign starts: nobody waits an hour to read that it cannot be written to.
// It is the report's alone, so that nothing of somebody else's is written over, and nothing of an older report is left in it.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { writeWhole } from '../../traces/write.ts'
import { reasonOf, UsageError } from '../exit.ts'

/** Where the traces and pictures of failures are, in the folder. */
export const tracesFolder = 'traces'

/** A file of a report: its path in the folder, and what is in it. */
export type ReportFile = readonly [name: string, text: string]

const reportNames = ['report.html', 'report.json', 'report.md', 'junit.xml'] as const
/** What else a folder with an older report holds. */
const ownNames: ReadonlySet<string> = new Set([...reportNames, tracesFolder])

/** Makes the folder when it is absent. Throws `UsageError` when it cannot be written to, or is in use for something else. */
export function checkFolder(folder: string): void {
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new UsageError(`--report ${folder} is a file. Name a folder: the report is several files.`)
  }
  try {
    makeFolder(resolve(folder))
    writeWhole(join(folder, '.lockstep-report'), '')
    rmSync(join(folder, '.lockstep-report'))
  } catch (error) {
    throw new UsageError(`--report ${folder} cannot be written to (${reasonOf(error)}). Name a folder that can.`)
  }
  const names = readdirSync(folder).sort()
  const foreign = hasReport(folder) || hasTracesOnly(folder, names) ? names.find(name => !ownNames.has(name)) : names[0]
  if (foreign !== undefined) {
    throw new UsageError(
      `--report ${folder} holds ${foreign}, which is no part of a report. Name a new folder, or one with an older report.`,
    )
  }
}

/** Writes all files, and takes away the traces that an older report left. Throws `UsageError` when that cannot be done any more. */
export function writeFiles(folder: string, files: readonly ReportFile[]): void {
  const names = new Set(files.map(([name]) => name))
  try {
    // What an older report said goes first: a report that fails half-way has nothing of another campaign beside it.
    for (const name of reportNames) rmSync(join(folder, name), { force: true })
    for (const [name, text] of files) writeWhole(join(folder, name), text)
    for (const left of tracesIn(folder)) if (!names.has(left)) rmSync(join(folder, left))
  } catch (error) {
    throw new UsageError(
      `--report ${folder} cannot be written to any more (${reasonOf(error)}). What was found is said above; the report is not whole.`,
    )
  }
}

/** Not `recursive`: Node does not come back from that where a folder is there and nothing can be made in it, such as /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  mkdirSync(folder)
}

function hasReport(folder: string): boolean {
  try {
    const read: { readonly format?: unknown } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))
    return read.format === 'kafka-lockstep-campaign-report'
  } catch {
    return false
  }
}

/** A report that was killed after its first traces, or an empty folder. */
function hasTracesOnly(folder: string, names: readonly string[]): boolean {
  if (names.length === 0) return true
  return names.length === 1 && names[0] === tracesFolder && readdirSync(join(folder, tracesFolder)).every(isTraceName)
}

/** Traces of reports, and pictures of them: whatever else somebody has put there stays. */
function tracesIn(folder: string): readonly string[] {
  const inside = join(folder, tracesFolder)
  if (!existsSync(inside)) return []
  return readdirSync(inside)
    .filter(isTraceName)
    .map(name => `${tracesFolder}/${name}`)
}

function isTraceName(name: string): boolean {
  return /^[a-z]+-[A-Za-z0-9]+-\d+-\d+\.(json|html)$/.test(name)
}
