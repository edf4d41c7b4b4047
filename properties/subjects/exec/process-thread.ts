// The thread that owns a subject's process, so that whoever asks it something can wait without an event loop, and never
// longer than it wants to. One question in, one answer out; process.ts is the other end.
//
// The process leads a group of its own. A watcher in the group waits for a pipe from this thread to close, however that
// comes about, and then kills everybody: no process outlives lockstep, not even one that was itself killed.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type MessagePort, workerData } from 'node:worker_threads'
import { TextLines } from './text-lines.ts'

/** What this thread is started with. */
export type ThreadStart = {
  readonly command: string
  readonly port: MessagePort
  /** Counts what was posted to the port, for `Atomics.wait`. */
  readonly signal: SharedArrayBuffer
}

/** To the thread. */
export type ToThread = { readonly kind: 'ask'; readonly line: string } | { readonly kind: 'close' }

/** From the thread: one for each `ask`, and one for `close`. */
export type FromThread =
  /** One line of stdout, without its end. */
  | { readonly kind: 'line'; readonly text: string }
  /** It had said something before it was asked. */
  | { readonly kind: 'early'; readonly text: string }
  /** It ended, or was never there. */
  | { readonly kind: 'ended' }
  /** What it says cannot be read; the sentence says why. */
  | { readonly kind: 'unreadable'; readonly sentence: string }
  | ({ readonly kind: 'closed' } & LastWords)

/** What is known of a process that is over. */
export type LastWords = {
  /** How it ended, such as `ended with exit code 1`; null when it had to be killed. */
  readonly end: string | null
  /** The end of what it wrote on stderr. */
  readonly stderr: string
  /** Lines on stdout that nobody has read: said early, or only when its input was closed. */
  readonly unread: readonly string[]
  /** A line on stdout that was begun and not ended. */
  readonly unended: string
  /** It could not be started: the command was not found, or is no program. */
  readonly isMissing: boolean
}

/** How long a process may take to end once its input is closed. */
const graceMs = 1000
/** How long what was written before the end may take to arrive. */
const drainMs = 200
const stderrMost = 4000
/** Beyond that nothing is read: a process that is not asked has nothing to say. */
const unreadMost = 100

const group = `{ cat <&3; kill -s KILL -- -$$; } >/dev/null 2>&1 3<&3 &
exec 3<&-
exec /bin/sh -c "$1"`

const { command, port, signal }: ThreadStart = workerData
const counter = new Int32Array(signal)
const child = spawn('/bin/sh', ['-c', group, 'lockstep', command], {
  detached: true,
  stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
})
const lines = new TextLines()
let unread: string[] = []
let stderr = ''
let end: string | null = null
let isMissing = false
let hasSaid = false
let isOver = false
let isWaiting = false
let unreadable: string | null = null

const answer = (message: FromThread): void => {
  isWaiting = false
  port.postMessage(message)
  Atomics.add(counter, 0, 1)
  Atomics.notify(counter, 0)
}

const streamsEnded = Promise.all([child.stdout, child.stderr].map(stream => once(stream, 'close')))

/** It ended, and what it said before has arrived. */
const exited = new Promise<void>(resolve => {
  child.on('error', error => {
    end = `could not be started: ${error.message}`
    isMissing = true
    resolve()
  })
  child.on('exit', (code, name) => {
    end = name === null ? `ended with exit code ${code}` : `ended with signal ${name}`
    isMissing = !hasSaid && (code === 126 || code === 127)
    // Its children may hold its streams open for ever: what it said itself has arrived by then.
    void Promise.race([streamsEnded, after(drainMs)]).then(() => resolve())
  })
})
/** There will be no more answers. */
const silent = Promise.race([exited, once(child.stdout, 'end').then(() => after(drainMs))]).then(() => {
  isOver = true
  end ??= 'closed its stdout'
  if (isWaiting) answer({ kind: 'ended' })
})

child.stdout.on('data', (bytes: Buffer) => {
  if (unreadable !== null) return
  const read = lines.add(bytes)
  unreadable = read.fault
  for (const text of read.lines) {
    hasSaid = true
    if (isWaiting) answer({ kind: 'line', text })
    else if (unread.length < unreadMost) unread.push(text)
  }
  if (unreadable !== null && isWaiting) answer({ kind: 'unreadable', sentence: unreadable })
  if (unreadable !== null || unread.length >= unreadMost) child.stdout.pause()
})
child.stderr.on('data', (bytes: Buffer) => {
  stderr = `${stderr}${bytes}`.slice(-stderrMost)
})
// Who writes to a process that has just ended hears of its end.
for (const pipe of [child.stdin, child.stdio[3]]) pipe?.on('error', () => {})

port.on('message', (message: ToThread) => {
  if (message.kind === 'close') void close()
  else ask(message.line)
})

function ask(line: string): void {
  const [early] = unread
  isWaiting = true
  if (early !== undefined) answer({ kind: 'early', text: early })
  else if (unreadable !== null) answer({ kind: 'unreadable', sentence: unreadable })
  else if (isOver) answer({ kind: 'ended' })
  else child.stdin.write(`${line}\n`)
}

/** Lets it end by itself, and ends it otherwise. A process that waits to be read goes on meanwhile. */
async function close(): Promise<void> {
  isWaiting = false
  child.stdin.end()
  child.stdout.resume()
  const isEnded = await Promise.race([exited.then(() => true), after(graceMs).then(() => isOver)])
  killGroup(child)
  if (!isEnded) await Promise.race([silent, after(drainMs)])
  const last = {
    end: isEnded ? end : null,
    stderr,
    unread: unread.slice(0, unreadMost),
    unended: lines.rest,
    isMissing,
  }
  unread = []
  answer({ kind: 'closed', ...last })
  port.close()
}

/** Also when it has ended: what it started belongs to its group. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody is left.
  }
}

function after(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
