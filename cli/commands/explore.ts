// The arguments of `lockstep explore`.
import { Command } from 'commander'
import { collected, wholeNumber } from '../arguments.ts'
import { jsonOption, workersOption } from './options.ts'

/** The command; what it does is loaded when it is asked for. */
export function exploreCommand(): Command {
  return new Command('explore')
    .description('visit every state of a specification; show the shortest way to break an invariant')
    .argument(
      '<spec>',
      'truncate-to-high-watermark, kip-101, kip-279, kip-320-first-try, kip-320, kip-320-messages, or cluster',
    )
    .option('--bound <name=value>', 'how large the world is; again for each bound', collected, [])
    .option('--invariant <name>', 'check this one alone; again for each', collected, [])
    .option('--no-symmetry', 'take states that differ by the names of replicas as different ones')
    .addOption(workersOption())
    .option('--states <number>', 'stop after the level with so many distinct states', wholeNumber(1, 2 ** 30), 2 ** 28)
    .option('-o, --output <file>', 'where to write a counter-example')
    .addOption(jsonOption())
    .action(async (spec, options) => {
      const { explore } = await import('../explore.ts')
      process.exitCode = await explore(spec, options)
    })
}
