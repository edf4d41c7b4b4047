// Runs mutants, each in a thread of its own, and ends the threads that hang.
import { Worker } from 'node:worker_threads'
import type { CheckPlan, Kill } from '../../properties/mutation/checks.ts'
import { type Mutant, mutantLine } from '../../properties/mutation/mutant.ts'
import type { Message } from './worker.ts'

export type Outcome =
  | { readonly kind: 'killed'; readonly kill: Kill }
  /** It hung, or took all memory, while doing this. A campaign says `unknown` then, which is no pass. */
  | { readonly kind: 'timed out'; readonly doing: string; readonly why: 'silent' | 'memory' }
  | { readonly kind: 'survived' }

export type Result = { readonly mutant: Mutant; readonly outcome: Outcome; readonly ms: number }

/** A thread that says nothing for so long hangs: a run takes a fraction of a second, also on a busy machine. */
const silenceMsMost = 20_000

/** Runs one mutant. Throws when it does not fit the source as it is now. */
export function runMutant(mutant: Mutant, plan: CheckPlan, silenceMs = silenceMsMost): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>()
  const startedAt = performance.now()
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { mutant, plan },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 768 },
  })
  let doing = 'loading'
  const end = (outcome: Outcome) => {
    clearTimeout(timer)
    resolve({ mutant, outcome, ms: Math.round(performance.now() - startedAt) })
    void worker.terminate()
  }
  const onSilence = () => end({ kind: 'timed out', doing, why: 'silent' })
  let timer = setTimeout(onSilence, silenceMs)
  worker.on('message', (message: Message) => {
    if (message.kind === 'alive') {
      doing = message.doing
      clearTimeout(timer)
      timer = setTimeout(onSilence, silenceMs)
    } else if (message.kind === 'end') {
      end(message.kill === null ? { kind: 'survived' } : { kind: 'killed', kill: message.kill })
    } else {
      clearTimeout(timer)
      reject(new Error(`${mutantLine(mutant)}: ${message.sentence}`))
    }
  })
  worker.on('error', error => {
    const isMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    if (isMemory) end({ kind: 'timed out', doing, why: 'memory' })
    else {
      clearTimeout(timer)
      reject(error)
    }
  })
  return promise
}

/** Runs `work` over the items, `width` of them at a time. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  const lane = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: width }, lane))
}
