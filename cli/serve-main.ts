// The command line of the built `dist/serve.js`, which knows this command alone. The launcher starts it.
import { serveCommand } from './commands/serve.ts'
import { programOf } from './program.ts'
import { run } from './run.ts'
import { endWhenUnread } from './unread.ts'

endWhenUnread()
await run(programOf([serveCommand()]))
