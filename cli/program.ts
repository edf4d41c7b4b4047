// What all commands have in common: they are parts of one program, `lockstep`.
import { Command } from 'commander'

/** The program with these commands in it. */
export function programOf(commands: readonly Command[]): Command {
  const lockstep = new Command('lockstep')
    .description('An executable specification of Kafka, held against an implementation.')
    .addHelpText('after', '\nExit codes: 0 agree, 1 violation, 2 bad usage or bad input, 3 unknown.')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
  for (const command of commands) lockstep.addCommand(command.copyInheritedSettings(lockstep))
  return lockstep
}
