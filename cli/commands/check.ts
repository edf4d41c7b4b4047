// The arguments of `lockstep check`.
import { Command, Option } from 'commander'
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
  return new Command('check')
    .description('run a campaign: sequences of operations and faults, on the model and the subject in lockstep')
    .addOption(scopeOption('one scope instead of all'))
    .addOption(runsOption())
    .addOption(timeOption())
    .addOption(seedOption('a campaign'))
    .addOption(workersOption())
    .addOption(timeoutOption('a shard that takes longer counts as unknown'))
    .addOption(new Option('--disk <disk>', 'scope log on a real folder, in a process that is killed').choices(['real']))
    .addOption(subjectOption())
    .addOption(wireOption())
    .addOption(jsonOption())
    .action(async options => {
      const { check } = await import('../check.ts')
      process.exitCode = await check(options)
    })
}
