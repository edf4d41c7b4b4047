// What happens when nobody reads any more what the command says (`… | head -1`): neither a stack nor work for nobody.
import { exitCodes } from './exit.ts'
import { say, styled } from './screen.ts'

/**
 * Ends the command when stderr is read no more, as Ctrl-C does; one that has nothing to interrupt is about to end by itself.
 * The report on stdout is the last thing that is said: when nobody wants it, the exit code still tells the verdict.
 */
export function endWhenUnread(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return
    say(`${styled('red', 'error:')} stdout cannot be written: ${error.message}. Give the report a place to go.`)
    // Whatever the verdict was, nobody knows the report.
    process.on('exit', () => {
      process.exitCode = exitCodes.unknown
    })
  })
  // What is said while the command ends fails again, which must not count as another Ctrl-C.
  let isUnread = false
  process.stderr.on('error', () => {
    // Not a real signal: where nobody listens, a shell would say that the command was terminated.
    if (!isUnread) process.emit('SIGTERM', 'SIGTERM')
    isUnread = true
  })
}

/** Goes on although nobody reads: for what is used through other doors than its screen. */
export function goOnUnread(): void {
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error').on('error', () => {})
}
