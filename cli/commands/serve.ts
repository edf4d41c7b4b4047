// The arguments of `lockstep serve`.
import { Command } from 'commander'
import { collected, wholeNumber } from '../arguments.ts'
import { withExamples } from './examples.ts'
import { jsonOption } from './options.ts'

/** The command; what it does is loaded when it is asked for. */
export function serveCommand(): Command {
  const command = new Command('serve')
    .description('run the implementation as a broker cluster for Kafka clients, until it is told to stop')
    .option('--brokers <number>', 'how many brokers', wholeNumber(1, 100), 1)
    .option('--port <port>', 'of the first broker, the others follow; 0: any free ones', wholeNumber(0, 65_535), 9092)
    .option('--data <folder>', 'where logs are kept; a temporary folder when absent')
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--advertised-host <host>', 'the host that clients are told to connect to')
    .option('--partitions <number>', 'of topics whose creator does not say (1)', wholeNumber(1, 100_000))
    .option('--replication-factor <number>', 'likewise (3, or as many as there are brokers)', wholeNumber(1, 100))
    .option('--offsets-partitions <number>', 'of __consumer_offsets (8)', wholeNumber(1, 1000))
    .option('--topic-default <name=value>', 'a setting of topics that do not set it; again for each', collected, [])
    .option('--no-auto-create', 'do not create topics that clients merely ask for')
    .option(
      '--session-timeout <ms>',
      'how long a broker may be silent before another leads (6000)',
      wholeNumber(100, 600_000),
    )
    .option(
      '--user <name:password>',
      'ask clients for SASL (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512); again for each',
      collected,
      [],
    )
    .option('--users <file>', 'users in a file, NAME:PASSWORD in each line')
    .option('--tls-cert <file>', 'speak TLS: the certificate in PEM')
    .option('--tls-key <file>', 'speak TLS: its key in PEM')
    .option('--max-connections <number>', 'for each broker (1000)', wholeNumber(1, 1_000_000))
    .option('--max-request-bytes <bytes>', 'the largest request (104857600)', wholeNumber(1000, 2_147_483_647))
    .addOption(jsonOption('print one JSON object on stdout when ready'))
    .action(async options => {
      const { serve } = await import('../serve.ts')
      process.exitCode = await serve(options)
    })
  return withExamples(
    command,
    ['npx lockstep serve --brokers 3', 'three brokers on 127.0.0.1:9092, 9093 and 9094'],
    [
      'npx lockstep serve --port 0 --data kept --topic-default min.insync.replicas=1',
      'any free port, and logs that are there the next time',
    ],
  )
}
