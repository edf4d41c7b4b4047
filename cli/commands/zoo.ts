// The arguments of `lockstep zoo`.
import { Command, Option } from 'commander'
import { wholeNumber } from '../arguments.ts'
import { withExamples } from './examples.ts'
import { jsonOption, runsOption, timeOption, workersOption } from './options.ts'

/** The command; what it does is loaded when it is asked for. */
export function zooCommand(): Command {
  const command = new Command('zoo')
    .description('plant every known bug in turn and look for it: a check that cannot fail is no check')
    .option('--bug <bug>', 'one bug; shows the failure and where its trace was written')
    .addOption(
      new Option('--seeds <number>', 'look for each bug with the seeds 1 to this')
        .argParser(wholeNumber(1, 1000))
        .default(5),
    )
    .addOption(runsOption('runs at most for a bug and a seed').default(5000))
    .addOption(timeOption('how long at most').default(600))
    .addOption(workersOption())
    .addOption(jsonOption())
    .action(async options => {
      const { zoo } = await import('../zoo.ts')
      process.exitCode = await zoo(options)
    })
  return withExamples(
    command,
    ['npx lockstep zoo --bug negative-hash --seeds 1', 'one bug: in how many runs it is caught, and its trace'],
    ['npx lockstep zoo --seeds 1', 'every bug with one seed, in some minutes'],
  )
}
