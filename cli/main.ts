// The command line: reads arguments, starts the command, and turns how it ended into an exit code. Everything for people
// goes to stderr, but for help that was asked for; `--json` prints one object as the last line of stdout.
import { allCommands } from './commands/all.ts'
import { overview, programOf } from './program.ts'
import { run } from './run.ts'
import { endWhenUnread } from './unread.ts'

endWhenUnread()
// Who asks for nothing in particular wants to know what there is: that is no mistake, and ends with 0.
if (process.argv.length === 2) process.stdout.write(overview)
else await run(programOf(allCommands()))
