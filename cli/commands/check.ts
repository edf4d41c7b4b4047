// The arguments of `lockstep check`.
import { Command, Option } from 'commander'
import { withExamples } from './examples.ts'
import {
  jsonOption,
  runsOption,
  scopeOption,
  seedOption,
  subjectOption,
  timeOption,
  timeoutOption,
  wireOption,
  workersOption,
} from './options.ts'

/** The command; what it does is loaded when it is asked for. */
export function checkCommand(): Command {
  const command = new Command('check')
    .description('run a campaign: sequences of operations and faults, on the model and the subject in lockstep')
    .addOption(scopeOption('one scope instead of all'))
    .addOption(runsOption())
    .addOption(timeOption())
    .addOption(seedOption('a campaign'))
    .addOption(workersOption())
    .addOption(timeoutOption('a shard that takes longer counts as unknown'))
    .option('--report <folder>', 'write what was tried and reached: report.html, report.json, junit.xml, report.md')
    .addOption(new Option('--disk <disk>', 'scope log on a real folder, in a process that is killed').choices(['real']))
    .addOption(subjectOption())
    .addOption(wireOption())
    .addOption(jsonOption())
    .action(async options => {
      const { check } = await import('../check.ts')
      process.exitCode = await check(options)
    })
  return withExamples(
    command,
    ['npx lockstep check', 'everything, under a minute'],
    ['npx lockstep check --scope group --runs 200 --seed 7', 'one scope; the same seed gives the same report'],
    [
      'npx lockstep check --scope cluster --runs 50 --seed 2 --subject zoo:truncates-to-the-high-watermark',
      'a bug that Kafka had, found, shown and written down',
    ],
    ['npx lockstep check --runs 1000 --report report', 'report/report.html says what was tried and reached'],
    ['npx lockstep check --disk real --runs 3', 'real files, and a process that is killed'],
  )
}
