// The command line: reads arguments, starts the command, and turns how it ended into an exit code. Everything for people
// goes to stderr; `--json` prints one object as the last line of stdout.
import { Command, Option } from 'commander'
import { scopeNames } from '../traces/scope-names.ts'
import { collected, wholeNumber } from './arguments.ts'
import { run } from './run.ts'
import { serveCommand } from './serve-command.ts'

/** Node reads no more than 2^32 seeds apart; a larger one would silently be another. */
const seedMax = 2 ** 32 - 1

await run(program())

function program(): Command {
  const lockstep = new Command('lockstep')
    .description('An executable specification of Kafka, held against an implementation.')
    .addHelpText('after', '\nExit codes: 0 agree, 1 violation, 2 bad usage or bad input, 3 unknown.')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()

  const subject = () =>
    new Option(
      '--subject <subject>',
      'what runs beside the model: impl, zoo:BUG, ./file.ts#export, exec:CMD, or (traces of one) broker:HOST:PORT',
    ).default('impl')
  const wire = () => new Option('--wire', 'scope cluster: every message goes as bytes through the codec').default(false)
  const json = () => new Option('--json', 'print one JSON object as the last line of stdout').default(false)

  const timeout = (what: string) =>
    new Option('--timeout <seconds>', what).argParser(wholeNumber(1, 86_400)).default(60)

  lockstep
    .command('check')
    .description('run a campaign: sequences of operations and faults, on the model and the subject in lockstep')
    .addOption(new Option('--scope <scope>', 'one scope instead of all').choices([...scopeNames]))
    .option('--runs <number>', 'how many runs', wholeNumber(1, 2 ** 40))
    .option('--time <seconds>', 'how long, instead of how many', wholeNumber(1, 10_000_000))
    .option('--seed <number>', 'repeat a campaign; drawn when absent', wholeNumber(0, seedMax))
    .option('--workers <number>', 'worker threads; as many as there are processors when absent', wholeNumber(1, 256))
    .addOption(timeout('a shard that takes longer counts as unknown'))
    .option('--report <folder>', 'write what was tried and reached: report.html, report.json, junit.xml, report.md')
    .addOption(new Option('--disk <disk>', 'scope log on a real folder, in a process that is killed').choices(['real']))
    .addOption(subject())
    .addOption(wire())
    .addOption(json())
    .action(async options => {
      const { check } = await import('./check.ts')
      process.exitCode = await check(options)
    })

  lockstep
    .command('replay')
    .description('run one trace; say where and why the sides part')
    .argument('<trace>', 'a trace file')
    .addOption(timeout('a run that takes longer counts as unknown'))
    .addOption(subject())
    .addOption(wire())
    .addOption(json())
    .action(async (trace, options) => {
      const { replay } = await import('./replay.ts')
      process.exitCode = await replay(trace, options)
    })

  lockstep
    .command('show')
    .description('write the picture of a trace or a story as one HTML file')
    .argument('<trace>', 'a trace file of any scope, or a story (.txt)')
    .option('-o, --output <file>', 'where to write it; beside the trace, as NAME.html, when absent')
    .addOption(timeout('draw the model alone when the subject takes longer'))
    .addOption(subject())
    .addOption(wire())
    .addOption(json())
    .action(async (trace, options) => {
      const { show } = await import('./show.ts')
      process.exitCode = await show(trace, options)
    })

  lockstep
    .command('shrink')
    .description('make any failing trace smaller')
    .argument('<trace>', 'a trace file')
    .requiredOption('-o, --output <file>', 'where to write the smaller trace')
    .addOption(timeout('give up after this long'))
    .addOption(subject())
    .addOption(wire())
    .addOption(json())
    .action(async (trace, options) => {
      const { shrinkTrace } = await import('./shrink.ts')
      process.exitCode = await shrinkTrace(trace, options)
    })

  lockstep
    .command('validate')
    .description("hold somebody else's implementation against the model, and write a conformance report")
    .option('--exec <command>', 'a process that speaks JSON lines on stdin and stdout (docs/subjects.md)')
    .option('--broker <addresses>', 'a running broker that speaks the Kafka protocol: HOST:PORT,…')
    .option('--kafka <version>', 'an Apache Kafka of this version: fetched from Maven Central, started, stopped')
    .option('--brokers <number>', 'with --kafka: how many (1)', wholeNumber(1, 9))
    .option('--name <name>', 'what the report calls a broker')
    .option('--known <file>', 'findings of a broker that are explained already: {"signature": "where"}')
    .addOption(new Option('--scope <scope>', 'one scope instead of all that it declares').choices([...scopeNames]))
    .option('--runs <number>', 'how many runs; as many as a minute or two allow when absent', wholeNumber(1, 2 ** 40))
    .option('--time <seconds>', 'how long, instead of how many', wholeNumber(1, 10_000_000))
    .option('--seed <number>', 'repeat a validation; drawn when absent', wholeNumber(0, seedMax))
    .option('--workers <number>', 'worker threads; of a broker, runs at a time (12)', wholeNumber(1, 256))
    .addOption(
      new Option('--timeout <seconds>', 'how long one answer may take').argParser(wholeNumber(1, 3600)).default(10),
    )
    .option('-o, --output <folder>', 'where to write report.json, report.md and the traces')
    .addOption(json())
    .action(async options => {
      const { validate } = await import('./validate.ts')
      process.exitCode = await validate(options)
    })

  lockstep
    .command('explore')
    .description('visit every state of a specification; show the shortest way to break an invariant')
    .argument(
      '<spec>',
      'truncate-to-high-watermark, kip-101, kip-279, kip-320-first-try, kip-320, kip-320-messages, or cluster',
    )
    .option('--bound <name=value>', 'how large the world is; again for each bound', collected, [])
    .option('--invariant <name>', 'check this one alone; again for each', collected, [])
    .option('--no-symmetry', 'take states that differ by the names of replicas as different ones')
    .option('--workers <number>', 'worker threads; as many as there are processors when absent', wholeNumber(1, 256))
    .option('--states <number>', 'stop after the level with so many distinct states', wholeNumber(1, 2 ** 30), 2 ** 28)
    .option('-o, --output <file>', 'where to write a counter-example')
    .addOption(json())
    .action(async (spec, options) => {
      const { explore } = await import('./explore.ts')
      process.exitCode = await explore(spec, options)
    })

  lockstep
    .command('zoo')
    .description('plant every known bug in turn and look for it: a check that cannot fail is no check')
    .option('--bug <name>', 'one bug; shows the failure and where its trace was written')
    .addOption(
      new Option('--seeds <number>', 'look for each bug with the seeds 1 to this')
        .argParser(wholeNumber(1, 1000))
        .default(5),
    )
    .addOption(
      new Option('--runs <number>', 'runs at most for a bug and a seed')
        .argParser(wholeNumber(1, 2 ** 40))
        .default(5000),
    )
    .addOption(new Option('--time <seconds>', 'how long at most').argParser(wholeNumber(1, 10_000_000)).default(600))
    .option('--workers <number>', 'worker threads; as many as there are processors when absent', wholeNumber(1, 256))
    .addOption(json())
    .action(async options => {
      const { zoo } = await import('./zoo.ts')
      process.exitCode = await zoo(options)
    })

  lockstep.addCommand(serveCommand().copyInheritedSettings(lockstep))

  return lockstep
}
