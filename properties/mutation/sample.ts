// Which mutants are run: a sample of each folder, the same for the same seed.
import { Random, seedOf } from '../random.ts'
import type { Mutant } from './mutant.ts'

/** About `size` mutants, from each stratum in proportion to how many it has, but `least` of each if it has so many. */
export function sampleOf(mutants: readonly Mutant[], size: number, seed: number, least = 10): readonly Mutant[] {
  const strata = Map.groupBy(mutants, ({ file }) => stratumOf(file))
  return [...strata.keys()].sort().flatMap((name, index) => {
    const all = strata.get(name) ?? []
    const share = Math.round((size * all.length) / mutants.length)
    return shuffled(all, new Random(seedOf(seed, index))).slice(0, Math.max(least, share))
  })
}

/** `model/log`, `impl/group`; `model/cluster.ts` belongs to its folder, and what stands alone to `model`. */
export function stratumOf(file: string): string {
  if (isClaim(file)) return 'model claims'
  const [side = '', folder = '', ...rest] = file.split('/')
  if (folder === 'cluster.ts') return `${side}/cluster`
  return rest.length === 0 ? `${side} (beside the folders)` : `${side}/${folder}`
}

/** Claims say what is right, not what happens: a weakened one cannot be noticed by sides that agree. */
export function isClaim(file: string): boolean {
  return file.startsWith('model/invariants/') || /^model\/\w+\/(invariants|claims|keeping)\.ts$/.test(file)
}

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map(item => ({ item, key: random.fraction() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item)
}
