// The command line of the built `dist/serve.js`, which knows this command alone. The launcher starts it.
import { Command } from 'commander'
import { run } from './run.ts'
import { serveCommand } from './serve-command.ts'

const lockstep = new Command('lockstep').configureHelp({ showGlobalOptions: true }).exitOverride()
await run(lockstep.addCommand(serveCommand().copyInheritedSettings(lockstep)))
