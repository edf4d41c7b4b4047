// What all commands have in common: they are parts of one program, `lockstep`, which says what to do when it is used wrongly.
import { Argument, Command } from 'commander'
import { oneOf } from './arguments.ts'
import { styled } from './screen.ts'

/** The program with these commands in it. */
export function programOf(commands: readonly Command[]): Command {
  const lockstep = new Command('lockstep')
    .description('An executable specification of Kafka, held against an implementation.')
    .addHelpText('after', '\nExit codes: 0 agree, 1 violation, 2 bad usage or bad input, 3 unknown.')
    .configureHelp({ showGlobalOptions: true })
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

/** What `lockstep` says when it is asked for nothing: what one can do next. */
export const overview = `lockstep holds an implementation of Kafka against an executable specification of it. What next?

  npx lockstep check                                        a campaign of everything, under a minute
  npx lockstep check --scope group --runs 500               one part of the protocol
  npx lockstep zoo --bug negative-hash --seeds 1            plant a bug of Kafka's, and see it found
  npx lockstep show traces/stories/zombie-commit.txt        the picture of a run, to step through in a browser
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
