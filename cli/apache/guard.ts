// Runs programs that must not outlive whoever started them: a process between the two, which ends them when its stdin
// closes. That is how it is told to stop, and that is also what happens when its parent dies, by SIGKILL too.
//
// It reads one line of JSON, a `GuardedWork`, and writes lines of JSON: `{"pids":[…]}` once, and `{"ended":…}` for each
// program that ends. Its parent starts it as the leader of a group of its own, so that a Ctrl-C reaches the parent alone,
// which may have something to tidy up while the programs still run.
import { spawn } from 'node:child_process'
import { openSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** What a guard is asked to do. */
export type GuardedWork = {
  readonly programs: readonly GuardedProgram[]
  /** A folder that is removed when the programs are gone, which then are killed at once; null: nothing is removed. */
  readonly remove: string | null
}

export type GuardedProgram = {
  readonly command: string
  readonly args: readonly string[]
  /** The file that takes its stdout and stderr. */
  readonly output: string
}

/** What a guard says: first who runs, then who ended by itself, by its place in the list of programs. */
export type GuardSaid =
  | { readonly pids: readonly number[] }
  | { readonly ended: number; readonly how: string }
  | { readonly failed: string }

/** Between SIGTERM and SIGKILL: brokers that all shut down at once wait for each other, and that for long. */
const patienceMs = 5000

if (import.meta.main) {
  // A signal for the whole group is no reason to leave the programs alone; the end of stdin follows when the parent ends.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
  process.stdout.on('error', () => {})
  const lines = createInterface(process.stdin)
  const line = await new Promise<string | null>(resolve => {
    lines.once('line', resolve)
    lines.once('close', () => resolve(null))
  })
  if (line !== null) guard(JSON.parse(line), lines)
}

function guard({ programs, remove }: GuardedWork, parent: NodeJS.EventEmitter): void {
  const children = programs.map(({ command, args, output }, index) => {
    const file = openSync(output, 'w')
    // A stdin that stays open as long as the guard lives: some programs take its end as the word to stop.
    const child = spawn(command, args, { stdio: ['pipe', file, file] })
    child.stdin?.on('error', () => {})
    child.on('error', error => tell({ failed: error.message }))
    child.on('exit', (code, signal) => tell({ ended: index, how: signal ?? `exit code ${code}` }))
    return child
  })
  tell({ pids: children.map(({ pid }) => pid ?? -1) })
  const isRunning = (child: (typeof children)[number]): boolean =>
    child.pid !== undefined && child.exitCode === null && child.signalCode === null
  let isEnding = false
  const end = (): void => {
    if (isEnding) return
    isEnding = true
    // What is thrown away need not be shut down in order.
    for (const child of children) child.kill(remove === null ? 'SIGTERM' : 'SIGKILL')
    const patience = setTimeout(() => {
      for (const child of children) child.kill('SIGKILL')
    }, patienceMs)
    const leave = (): void => {
      if (children.some(isRunning)) return
      clearTimeout(patience)
      if (remove !== null) rmSync(remove, { recursive: true, force: true })
      process.exit()
    }
    for (const child of children) child.on('exit', leave)
    leave()
  }
  parent.on('close', end)
  process.on('SIGTERM', end)
}

function tell(said: GuardSaid): void {
  process.stdout.write(`${JSON.stringify(said)}\n`)
}
