// Loads the modules of this thread with one of them mutated. Unlike a planted bug, a mutant may be in the model, on which
// the harness itself stands: so a mutant gets a thread of its own, and this hook before anything else is loaded there.
import { registerHooks } from 'node:module'
import { type Mutant, mutatedText } from '../mutation/mutant.ts'

const root = new URL('../../', import.meta.url).href

/** From now on this thread loads the mutant. The answer says whether it was loaded, and why it did not fit. */
export function plantMutant(mutant: Mutant): { readonly isLoaded: () => boolean; readonly misfit: () => unknown } {
  let loaded = false
  let misfit: unknown = null
  registerHooks({
    load: (url, context, next) => {
      const module = next(url, context)
      if (url !== `${root}${mutant.file}` || module.source === undefined || module.source === null) return module
      const source = typeof module.source === 'string' ? module.source : new TextDecoder().decode(module.source)
      try {
        const text = mutatedText(source, mutant)
        loaded = true
        return { ...module, source: text }
      } catch (thrown) {
        misfit = thrown
        throw thrown
      }
    },
  })
  return { isLoaded: () => loaded, misfit: () => misfit }
}
