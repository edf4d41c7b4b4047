// The command line: reads arguments, starts the command, and turns how it ended into an exit code. Everything for people
// goes to stderr; `--json` prints one object as the last line of stdout.
import { allCommands } from './commands/all.ts'
import { programOf } from './program.ts'
import { run } from './run.ts'

await run(programOf(allCommands()))
