// How often a run does what. Every run draws its own mix: fixed probabilities would never reach what needs, say, ten
// restarts in a row. Most runs keep all moves and bend their weights; some leave moves out (swarm testing), which alone
// would make every run worse at bugs that need several kinds of operation together.
import type { Random } from '../random.ts'

type Weighted = { readonly weight: number }

/** A way to draw from these, by weights that hold for one run. At least one is needed. */
export function drawMix<T extends Weighted>(moves: readonly T[], random: Random): () => T {
  const bend = random.below(4)
  const leavesOut = random.chance(swarmShare)
  const totals: number[] = []
  let total = 0
  for (const { weight } of moves) {
    const isLeftOut = leavesOut && random.chance(leftOutShare)
    // Bends of 0 to 3: from the weights as they are to anything between an eighth and eight times as much.
    total += isLeftOut ? 0 : weight * 2 ** ((random.fraction() * 2 - 1) * bend)
    totals.push(total)
  }
  if (total === 0) return drawMix(moves, random)
  return () => {
    const drawn = random.fraction() * total
    let index = 0
    while (index < totals.length - 1 && drawn >= (totals[index] ?? 0)) index++
    const move = moves[index]
    if (move === undefined) throw new Error('there is nothing to draw from')
    return move
  }
}

const swarmShare = 0.15
const leftOutShare = 0.3

/** About how long a run is: many short ones, which shrink and fail fast, and some that reach deep states. */
export function drawLength(random: Random, most: number): number {
  const share = random.fraction()
  return Math.max(5, Math.round(most * share * share))
}
