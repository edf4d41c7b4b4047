// The arguments of `lockstep replay`.
import { Command } from 'commander'
import { withExamples } from './examples.ts'
import { jsonOption, subjectOption, timeoutOption, wireOption } from './options.ts'
import { samplePath } from './samples.ts'

/** The command; what it does is loaded when it is asked for. */
export function replayCommand(): Command {
  const command = new Command('replay')
    .description('run one trace; say where and why the sides part')
    .argument('<trace>', 'a trace file')
    .addOption(timeoutOption('a run that takes longer counts as unknown'))
    .addOption(subjectOption())
    .addOption(wireOption())
    .addOption(jsonOption())
    .action(async (trace, options) => {
      const { replay } = await import('../replay.ts')
      process.exitCode = await replay(trace, options)
    })
  return withExamples(
    command,
    [
      `npx lockstep replay ${samplePath('traces/corpus/group-pending-member-is-not-static.json')}`,
      'what each operation did, and that the sides agree',
    ],
    [
      `npx lockstep replay ${samplePath('traces/stories/zoo/negative-hash.json')} --subject zoo:negative-hash`,
      'where a planted bug parts from the model',
    ],
  )
}
