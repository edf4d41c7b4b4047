// The arguments of `lockstep explore`.
import { Argument, Command } from 'commander'
import { replicationRules } from '../../model/abstract/rule-names.ts'
import { collected, oneOf, wholeNumber } from '../arguments.ts'
import { withExamples } from './examples.ts'
import { jsonOption, workersOption } from './options.ts'

const specs = [...replicationRules, 'cluster']

/** The command; what it does is loaded when it is asked for. */
export function exploreCommand(): Command {
  const command = new Command('explore')
    .description('visit every state of a specification; show the shortest way to break an invariant')
    .addArgument(oneOf(new Argument('<spec>', 'a set of rules of replication; cluster is the whole model'), specs))
    .option('--bound <bound=number>', 'how large the world is; again for each bound', collected, [])
    .option('--invariant <invariant>', 'check this one alone; again for each', collected, [])
    .option('--no-symmetry', 'take states that differ by the names of replicas as different ones')
    .addOption(workersOption())
    .option('--states <number>', 'stop after the level with so many distinct states', wholeNumber(1, 2 ** 30), 2 ** 28)
    .option('-o, --output <file>', 'where to write a counter-example')
    .addOption(jsonOption())
    .action(async (spec, options) => {
      const { explore } = await import('../explore.ts')
      process.exitCode = await explore(spec, options)
    })
  return withExamples(
    command,
    ['npx lockstep explore kip-101', 'the shortest way to lose a record under the rules of KIP-101'],
    [
      'npx lockstep explore kip-320 --bound replicas=2 --bound maxRecords=3',
      'a larger world, in which nothing is lost',
    ],
    ['npx lockstep explore cluster --bound elections=0', 'the whole model, with every claim checked at every step'],
  )
}
