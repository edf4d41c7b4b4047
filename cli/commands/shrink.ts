// The arguments of `lockstep shrink`.
import { Command } from 'commander'
import { withExamples } from './examples.ts'
import { jsonOption, subjectOption, timeoutOption, wireOption } from './options.ts'
import { samplePath } from './samples.ts'

/** The command; what it does is loaded when it is asked for. */
export function shrinkCommand(): Command {
  const command = new Command('shrink')
    .description('make any failing trace smaller')
    .argument('<trace>', 'a trace file')
    .requiredOption('-o, --output <file>', 'where to write the smaller trace')
    .addOption(timeoutOption('give up after this long'))
    .addOption(subjectOption())
    .addOption(wireOption())
    .addOption(jsonOption())
    .action(async (trace, options) => {
      const { shrinkTrace } = await import('../shrink.ts')
      process.exitCode = await shrinkTrace(trace, options)
    })
  return withExamples(command, [
    `npx lockstep shrink ${samplePath('traces/stories/zoo/zombie-commits.json')} --subject zoo:zombie-commits -o smaller.json`,
    'the shortest way to the same violation',
  ])
}
