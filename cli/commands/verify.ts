// The arguments of `lockstep verify`.
import { Command } from 'commander'
import { withExamples } from './examples.ts'
import { jsonOption } from './options.ts'
import { samplePath } from './samples.ts'

/** The command; what it does is loaded when it is asked for. */
export function verifyCommand(): Command {
  const command = new Command('verify')
    .description('hold a recorded history of producers and consumers against the claims (docs/histories.md)')
    .argument('<history>', 'a history: a header line, then one operation a line, in JSON')
    .option(
      '-o, --output <file>',
      'where to write its picture; beside a history with anomalies, as NAME.html, when absent',
    )
    .addOption(jsonOption())
    .action(async (history, options) => {
      const { verify } = await import('../verify.ts')
      process.exitCode = await verify(history, options)
    })
  return withExamples(
    command,
    [
      `npx lockstep verify ${samplePath('docs/histories/group.ndjson')}`,
      'two producers and a group, with nothing wrong',
    ],
    [
      `npx lockstep verify ${samplePath('docs/histories/anomalies.ndjson')} -o anomalies.html`,
      'many things wrong, and a picture of them',
    ],
  )
}
