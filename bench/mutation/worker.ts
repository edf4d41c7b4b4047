// The thread of one mutant: plants it, loads everything else, and runs the checks until one notices.
import { parentPort, workerData } from 'node:worker_threads'
import type { CheckPlan, Kill } from '../../properties/mutation/checks.ts'
import type { Mutant } from '../../properties/mutation/mutant.ts'
import { plantMutant } from '../../properties/subjects/mutated.ts'

/** What the thread says: that it goes on, or how it ended. */
export type Message =
  | { readonly kind: 'alive'; readonly doing: string }
  | { readonly kind: 'end'; readonly kill: Kill | null }
  /** The mutant was made of another version, or nobody loads its file: no answer about the checks. */
  | { readonly kind: 'misfit'; readonly sentence: string }

const { mutant, plan }: { readonly mutant: Mutant; readonly plan: CheckPlan } = workerData
const say = (message: Message) => parentPort?.postMessage(message)

const planted = plantMutant(mutant)
say(await run())

async function run(): Promise<Message> {
  let firstKill: typeof import('../../properties/mutation/checks.ts').firstKill
  try {
    const checks = await import('../../properties/mutation/checks.ts')
    firstKill = checks.firstKill
  } catch (thrown) {
    const sentence = String(thrown).slice(0, 200)
    if (planted.misfit() !== null || thrown instanceof SyntaxError) return { kind: 'misfit', sentence }
    return { kind: 'end', kill: { by: 'load', how: 'throw', at: mutant.file, sentence } }
  }
  if (!planted.isLoaded()) return { kind: 'misfit', sentence: `nobody loads ${mutant.file}` }
  return { kind: 'end', kill: firstKill(plan, doing => say({ kind: 'alive', doing })) }
}
