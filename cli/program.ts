// What all commands have in common: they are parts of one program, `lockstep`, which says what to do when it is used wrongly.
import { readFileSync } from 'node:fs'
import { Argument, Command } from 'commander'
import { oneOf } from './arguments.ts'
import { styled } from './screen.ts'

/** The program with these commands in it. */
export function programOf(commands: readonly Command[]): Command {
  const lockstep = new Command('lockstep')
    .description('An executable specification of Kafka, held against an implementation.')
    .addHelpText('after', '\nExit codes: 0 agree, 1 violation, 2 bad usage or bad input, 3 unknown.')
    .version(version(), '-V, --version', 'print the version')
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error:/, styled('red', 'error:'))),
    })
    .showHelpAfterError('See npx lockstep --help.')
    .exitOverride()
    // In the place of commander's own, which says nothing when there is no such command.
    .helpCommand(false)
  for (const command of [...commands, helpCommand(commands.map(command => command.name()))]) {
    lockstep.addCommand(
      command.copyInheritedSettings(lockstep).showHelpAfterError(`See npx lockstep ${command.name()} --help.`),
    )
  }
  return lockstep
}

/** The package.json lies one folder above the sources, and above dist/serve.js. */
function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}

/** What `lockstep` says when it is asked for nothing: what one can do next. */
export const overview = `lockstep holds an implementation of Kafka against an executable specification of it. What next?

  npx lockstep check                                        a campaign of everything, under a minute
  npx lockstep init                                         a test of your own implementation, in your project
  npx lockstep zoo --bug negative-hash --seeds 1            plant a bug of Kafka's, and see it found
  npx lockstep show traces/found/zoo-negative-hash.json     that sequence as a picture, to step through
  npx lockstep explore kip-101                              all small histories, and the shortest way to lose a record
  npx lockstep serve --brokers 3                            a broker cluster for your clients and tests
  npx lockstep validate --broker 127.0.0.1:9092             somebody else's brokers against the model
  npx lockstep help                                         all commands; also: help check
`

function helpCommand(names: readonly string[]): Command {
  return new Command('help')
    .description('show all commands, or one with its options and examples')
    .addArgument(oneOf(new Argument('[command]', 'the command to show'), names))
    .action((name: string | undefined, _options: unknown, { parent }: Command) => {
      const shown = name === undefined ? parent : parent?.commands.find(command => command.name() === name)
      shown?.outputHelp()
    })
}
