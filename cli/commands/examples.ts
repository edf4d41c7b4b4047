// Examples in the help of a command. A test pastes each of them, so they work.
import type { Command } from 'commander'

/** A line for the shell, and what it shows. */
export type Example = readonly [line: string, shows: string]

/** The heading under which the help of a command has its examples. */
export const examplesHeading = 'Examples:'

/** Shows the examples at the end of the command's help: what each does, and the line below it, ready to be pasted. */
export function withExamples(command: Command, ...examples: readonly Example[]): Command {
  const lines = examples.map(([line, shows]) => `  # ${shows}\n  ${line}`)
  return command.addHelpText('after', `\n${examplesHeading}\n${lines.join('\n')}`)
}
