// How often a run does what. Every run draws its own mix: fixed probabilities would never reach what needs, say, ten
// restarts in a row. Most runs keep all moves and bend their weights; some leave moves out (swarm testing), which alone
// would make every run worse at bugs that need several kinds of operation together.
import type { Random } from '../random.ts'
import { type Strategy, usualStrategy } from './strategy.ts'

type Weighted = { readonly weight: number }

/** A way to draw from these, by weights that hold for one run. At least one is needed. */
export function drawMix<T extends Weighted>(
  moves: readonly T[],
  random: Random,
  strategy: Strategy = usualStrategy,
): () => T {
  const bend = random.below(strategy.bendMost + 1)
  const leavesOut = random.chance(strategy.swarmShare)
  const totals: number[] = []
  let total = 0
  for (const { weight } of moves) {
    const isLeftOut = leavesOut && random.chance(strategy.leftOutShare)
    // Bends of 0 to 3, usually: from the weights as they are to anything between an eighth and eight times as much.
    total += isLeftOut ? 0 : weight * 2 ** ((random.fraction() * 2 - 1) * bend)
    totals.push(total)
  }
  if (total === 0) return drawMix(moves, random, strategy)
  return () => {
    const drawn = random.fraction() * total
    let index = 0
    while (index < totals.length - 1 && drawn >= (totals[index] ?? 0)) index++
    const move = moves[index]
    if (move === undefined) throw new Error('there is nothing to draw from')
    return move
  }
}

/** About how long a run is: many short ones, which shrink and fail fast, and some that reach deep states. */
export function drawLength(random: Random, most: number): number {
  const share = random.fraction()
  return Math.max(5, Math.round(most * share * share))
}
