// The arguments of `lockstep show`.
import { Command } from 'commander'
import { withExamples } from './examples.ts'
import { jsonOption, subjectOption, timeoutOption, wireOption } from './options.ts'
import { samplePath } from './samples.ts'

/** The command; what it does is loaded when it is asked for. */
export function showCommand(): Command {
  const command = new Command('show')
    .description('write the picture of a trace, a story or a recorded history as one HTML file')
    .argument('<trace-story-or-history>', 'a trace file of any scope, a story (.txt), or a recorded history (.ndjson)')
    .option('-o, --output <file>', 'where to write it; beside the trace, as NAME.html, when absent')
    .addOption(timeoutOption('draw the model alone when the subject takes longer'))
    .addOption(subjectOption())
    .addOption(wireOption())
    .addOption(jsonOption())
    .action(async (path, options) => {
      const { show } = await import('../show.ts')
      process.exitCode = await show(path, options)
    })
  return withExamples(
    command,
    [
      `npx lockstep show ${samplePath('traces/stories/zombie-commit.txt')} -o story.html`,
      'a story, step by step in a browser',
    ],
    [
      `npx lockstep show ${samplePath('traces/stories/zoo/negative-hash.json')} --subject zoo:negative-hash -o bug.html`,
      'where a planted bug parts from the model',
    ],
    [
      `npx lockstep show ${samplePath('docs/histories/anomalies.ndjson')} -o history.html`,
      'a recorded history and what is wrong with it',
    ],
  )
}
