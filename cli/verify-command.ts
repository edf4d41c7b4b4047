// The arguments of `lockstep verify`.
import { Command, Option } from 'commander'

/** The command; what it does is loaded when it is asked for. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('hold a recorded history of producers and consumers against the claims (docs/histories.md)')
    .argument('<history>', 'a history: a header line, then one operation a line, in JSON')
    .option(
      '-o, --output <file>',
      'where to write its picture; beside a history with anomalies, as NAME.html, when absent',
    )
    .addOption(new Option('--json', 'print one JSON object as the last line of stdout').default(false))
    .action(async (history, options) => {
      const { verify } = await import('./verify.ts')
      process.exitCode = await verify(history, options)
    })
}
