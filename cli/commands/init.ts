// The arguments of `lockstep init`.
import { Command } from 'commander'
import { withExamples } from './examples.ts'
import { jsonOption, scopeOption } from './options.ts'

/** The command; what it does is loaded when it is asked for. */
export function initCommand(): Command {
  const command = new Command('init')
    .description('write a starter into a TypeScript project: a subject, a test for vitest, and a workflow for CI')
    .argument('[folder]', 'the folder of its package.json', '.')
    .addOption(scopeOption('what is to be tested').default('log'))
    .option('--force', 'overwrite files that are there', false)
    .addOption(jsonOption())
    .action(async (folder, options) => {
      const { init } = await import('../init.ts')
      process.exitCode = init(folder, options)
    })
  return withExamples(
    command,
    ['npx lockstep init', 'a log as the subject, in lockstep/, ready to run'],
    ['npx lockstep init --scope assignor', 'another scope beside it'],
  )
}
