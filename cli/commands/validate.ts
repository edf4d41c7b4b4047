// The arguments of `lockstep validate`.
import { Command, Option } from 'commander'
import { wholeNumber } from '../arguments.ts'
import { withExamples } from './examples.ts'
import { jsonOption, runsOption, scopeOption, seedOption, timeOption, workersOption } from './options.ts'
import { samplePath } from './samples.ts'

/** The command; what it does is loaded when it is asked for. */
export function validateCommand(): Command {
  const command = new Command('validate')
    .description("hold somebody else's implementation against the model, and write a conformance report")
    .option('--exec <command>', 'a process that speaks JSON lines on stdin and stdout (docs/subjects.md)')
    .option('--broker <addresses>', 'a running broker that speaks the Kafka protocol: HOST:PORT,…')
    .option('--kafka <version>', 'an Apache Kafka of this version: fetched from Maven Central, started, stopped')
    .option('--brokers <number>', 'with --kafka: how many (1)', wholeNumber(1, 9))
    .option('--name <name>', 'what the report calls a broker')
    .option('--known <file>', 'findings of a broker that are explained already: {"signature": "where"}')
    .addOption(scopeOption('one scope instead of all that it declares'))
    .addOption(runsOption('how many runs; as many as a minute or two allow when absent'))
    .addOption(timeOption())
    .addOption(seedOption('a validation'))
    .addOption(workersOption('worker threads; of a broker, runs at a time (12)'))
    .addOption(
      new Option('--timeout <seconds>', 'how long one answer may take').argParser(wholeNumber(1, 3600)).default(10),
    )
    .option('-o, --output <folder>', 'where to write report.json, report.md and the traces')
    .addOption(jsonOption())
    .action(async options => {
      const { validate } = await import('../validate.ts')
      process.exitCode = await validate(options)
    })
  return withExamples(
    command,
    [
      `npx lockstep validate --exec "python3 ${samplePath('docs/subjects/log.py')}" --runs 100 -o report`,
      'a process in another language, and its report',
    ],
    [
      'npx lockstep validate --broker 127.0.0.1:9092 --time 30',
      'a running broker, such as one that lockstep serve started',
    ],
    [
      'npx lockstep validate --kafka 4.3.1 --brokers 3',
      'Apache Kafka itself, fetched, started and stopped (needs Java and Maven)',
    ],
  )
}
