// Runs a command line, and turns how it ended into an exit code and, where that is needed, a sentence.
import { type Command, CommanderError } from 'commander'
import { exitCodes } from './exit.ts'
import { say, styled } from './screen.ts'

/** Parses the arguments and runs what they ask for; the exit code says how it ended. */
export async function run(program: Command): Promise<void> {
  try {
    await program.parseAsync()
  } catch (error) {
    process.exitCode = complain(error)
  }
}

/** Errors whose message says what was wrong with what the user gave, and what to do. */
const badInputs: ReadonlySet<string> = new Set(['UsageError', 'TraceError', 'HistoryError'])

/** Says what went wrong; gives the exit code. */
function complain(error: unknown): number {
  // Commander has said it already; asking for help is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.badInput
  if (error instanceof Error && badInputs.has(error.name)) {
    say(`${styled('red', 'error:')} ${error.message}`)
    return exitCodes.badInput
  }
  if (isRefused(error)) {
    say(
      `${styled('red', 'error:')} ${error.path} cannot be used: ${error.message.split(',', 1)[0]}. Give another path.`,
    )
    return exitCodes.badInput
  }
  say(
    `${styled('red', 'error:')} lockstep itself failed, which says nothing about the subject.`,
    String(error instanceof Error ? error.stack : error),
  )
  return exitCodes.unknown
}

/** What the operating system says of a path that somebody gave: a report, a trace, or the folder where the command runs. */
const refusals = ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOSPC', 'ENAMETOOLONG']

function isRefused(error: unknown): error is NodeJS.ErrnoException & { readonly path: string } {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) return false
  return typeof error.path === 'string' && typeof error.code === 'string' && refusals.includes(error.code)
}
