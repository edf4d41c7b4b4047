// A process of ours that may die at any moment: one JSON line in, one JSON line out.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** What became of a question. */
export type Said =
  | { readonly kind: 'answer'; readonly answer: unknown }
  /** Killed before it answered. */
  | { readonly kind: 'died' }
  /** It hangs, or ended in a way that nobody asked for; the sentence says what is known. */
  | { readonly kind: 'silent'; readonly sentence: string }

export type Child = { readonly ask: (question: unknown) => Promise<Said>; readonly kill: () => void }

const patienceMs = 20_000

/** Starts the process that has a log on a real disk. */
export function startChild(interrupt: AbortSignal): Child {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./real-disk-child.ts', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let complaint = ''
  child.stderr.on('data', (text: Buffer) => {
    complaint = `${complaint}${text}`.slice(0, 2000)
  })
  // Writing to a process that has just died is no accident here.
  child.stdin.on('error', () => {})
  const exit = new Promise<Said>(resolve => {
    child.on('error', error =>
      resolve({ kind: 'silent', sentence: `the log's process did not start: ${error.message}` }),
    )
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve({ kind: 'died' })
      else
        resolve({ kind: 'silent', sentence: `the log's process ended with ${signal ?? code}: ${lastWords(complaint)}` })
    })
  })
  const lines = createInterface({ input: child.stdout })
  const answers: unknown[] = []
  let waiting: ((said: Said) => void) | null = null
  lines.on('line', line => {
    const answer: unknown = JSON.parse(line)
    if (waiting === null) answers.push(answer)
    else waiting({ kind: 'answer', answer })
    waiting = null
  })
  const kill = (): void => {
    child.kill('SIGKILL')
  }
  interrupt.addEventListener('abort', kill, { once: true })
  return {
    ask: async question => {
      child.stdin.write(`${JSON.stringify(question)}\n`)
      const timer = new AbortController()
      const patience = new Promise<Said>(resolve => {
        const late = setTimeout(
          () => resolve({ kind: 'silent', sentence: `the log's process did not answer within ${patienceMs / 1000} s` }),
          patienceMs,
        )
        timer.signal.addEventListener('abort', () => clearTimeout(late))
      })
      const answered = new Promise<Said>(resolve => {
        const [answer] = answers.splice(0, 1)
        if (answer === undefined) waiting = resolve
        else resolve({ kind: 'answer', answer })
      })
      // `close` comes after the last line was read, so an answer that was given before death counts as given.
      const said = await Promise.race([answered, exit, patience])
      timer.abort()
      return said
    },
    kill: () => {
      interrupt.removeEventListener('abort', kill)
      kill()
    },
  }
}

function lastWords(text: string): string {
  const lines = text.split('\n').filter(line => line !== '')
  return lines.find(line => /Error/.test(line)) ?? lines.at(-1) ?? 'it said nothing'
}
