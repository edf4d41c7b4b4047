// The near side of `guard.ts`: programs that end when this process does, however that is.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { GuardedWork, GuardSaid } from './guard.ts'

/** Programs under a guard. */
export type Guarded = {
  readonly pids: readonly number[]
  /** How one of them ended although nobody stopped it, such as `exit code 1`; null while all run. */
  readonly death: () => { readonly program: number; readonly how: string } | null
  /** Ends them, first by SIGTERM, and waits until they are gone. May be called again. */
  readonly stop: () => Promise<void>
}

const guardFile = fileURLToPath(new URL('./guard.ts', import.meta.url))

/** Starts programs; resolves when they have been started, which is not when they are ready. */
export function startGuarded(work: GuardedWork): Promise<Guarded> {
  const guard = spawn(process.execPath, [guardFile], { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  const gone = new Promise<void>(resolve => {
    guard.once('exit', () => resolve())
    guard.once('error', () => resolve())
  })
  let death: ReturnType<Guarded['death']> = null
  const stop = (): Promise<void> => {
    guard.stdin.end()
    return gone
  }
  // A guard that is gone cannot be written to; that it is gone is noticed anyway.
  guard.stdin.on('error', () => {})
  guard.stdin.write(`${JSON.stringify(work)}\n`)
  return new Promise((resolve, reject) => {
    guard.once('error', reject)
    guard.once('exit', () => {
      death ??= { program: 0, how: 'the end of its guard' }
      reject(new Error('the process that guards the brokers ended before it had started them'))
    })
    createInterface(guard.stdout).on('line', line => {
      const said: GuardSaid = JSON.parse(line)
      if ('failed' in said) stop().then(() => reject(new Error(said.failed)))
      else if ('ended' in said) death ??= { program: said.ended, how: said.how }
      else resolve({ pids: said.pids, death: () => death, stop })
    })
  })
}
