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
  say(
    `${styled('red', 'error:')} lockstep itself failed, which says nothing about the subject.`,
    String(error instanceof Error ? error.stack : error),
  )
  return exitCodes.unknown
}
