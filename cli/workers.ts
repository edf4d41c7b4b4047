// Worker threads that run tasks.ts. A task that takes too long is ended with its thread, and one whose thread dies is
// lost alone: either way the answer is a sentence instead of a result, and the pool goes on.
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type { accountTask, filmTask, greetTask, huntTask, portionTask, shrinkTask, validateTask } from './tasks.ts'

type Tasks = {
  readonly portionTask: typeof portionTask
  readonly accountTask: typeof accountTask
  readonly shrinkTask: typeof shrinkTask
  readonly huntTask: typeof huntTask
  readonly filmTask: typeof filmTask
  readonly greetTask: typeof greetTask
  readonly validateTask: typeof validateTask
}
type TaskName = keyof Tasks
type Argument<N extends TaskName> = Parameters<Tasks[N]>[0]
type Result<N extends TaskName> = Awaited<ReturnType<Tasks[N]>>

/** What became of a task. */
export type Done<R> =
  | { readonly kind: 'result'; readonly result: R }
  /** The worker hung or died; the sentence says which. */
  | { readonly kind: 'lost'; readonly sentence: string }
  /** The user wants to stop. */
  | { readonly kind: 'interrupted' }

export type Workers = {
  readonly run: <N extends TaskName>(name: N, argument: Argument<N>, timeoutMs: number) => Promise<Done<Result<N>>>
  readonly end: () => Promise<void>
}

/** Starts `count` worker threads; `interrupt` ends what they are doing. */
export function startWorkers(count: number, interrupt: AbortSignal): Workers {
  const pool = new Piscina({
    filename: fileURLToPath(new URL('./tasks.ts', import.meta.url)),
    minThreads: 1,
    maxThreads: count,
  })
  const run: Workers['run'] = async (name, argument, timeoutMs) => {
    if (interrupt.aborted) return { kind: 'interrupted' }
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      // The named task takes this argument and gives this result: `Tasks` is made of the very functions.
      const result: Result<typeof name> = await pool.run(argument, {
        name,
        signal: AbortSignal.any([timeout, interrupt]),
      })
      return { kind: 'result', result }
    } catch (error) {
      if (interrupt.aborted) return { kind: 'interrupted' }
      const hung = timeout.aborted
      const why = hung
        ? `the worker did not answer within ${timeoutMs / 1000} s`
        : `the worker died: ${firstLine(error)}`
      return { kind: 'lost', sentence: why }
    }
  }
  return { run, end: () => pool.destroy() }
}

function firstLine(error: unknown): string {
  return (String(error).split('\n', 1)[0] ?? '').slice(0, 300)
}
