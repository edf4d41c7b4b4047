// Breadth-first search through everything that can happen to a small cluster, with every claim checked at every step, and
// every step held against the abstract specification (refinement/).
import { observeCluster } from '../../../model/cluster/observe.ts'
import { stepCluster } from '../../../model/cluster.ts'
import { checkCluster } from '../../../model/invariants/cluster.ts'
import { emptyHistory } from '../../../model/invariants/history.ts'
import type { Violation } from '../../../model/vocabulary/claims.ts'
import type { ClusterOperation } from '../../../model/vocabulary/cluster.ts'
import type { Progress } from '../search.ts'
import { type Explored, Keys } from './key.ts'
import { movesOf } from './moves.ts'
import { abstractBounds, type Refined, Refinement } from './refinement/refinement.ts'
import { type ClusterBounds, clusterSetup, preamble, startedCluster } from './world.ts'

export type ClusterSearchOptions = {
  /** What is checked at every step: all claims, unless given. */
  readonly check?: typeof checkCluster
  /** Holds every step against the abstract specification; one of its own, unless given. */
  readonly refinement?: Refinement
  readonly statesMax: number
  readonly isOver?: () => boolean
  /** Told now and then, and waited for: a caller that gives signals and timers a turn there can end the search. */
  readonly onProgress?: (progress: Progress) => Promise<void>
}

export type ClusterExploration = Progress & {
  readonly complete: boolean
  /** States from which no further step was taken, because too much was in flight. */
  readonly statesCut: number
  /** Steps that were found to be made of abstract steps. */
  readonly refinementSteps: number
  /** Steps to or from a state that has no abstract counterpart. */
  readonly refinementSkipped: number
  readonly violation: {
    readonly violation: Violation
    /** The preamble and what came after it. */
    readonly operations: readonly ClusterOperation[]
    /** States of the path, the one after the preamble included. */
    readonly length: number
  } | null
}

/** How a state was reached first. */
type Reached = { readonly from: Reached | null; readonly operation: ClusterOperation | null }
type Entry = Explored & {
  readonly refined: Refined
  readonly reached: Reached
  /** True for a state that was seen before, with something else written down of old epochs; it is not counted again. */
  readonly isTwin: boolean
}

const statesBetweenProgress = 512

/** Explores a cluster within its bounds, to the end, to a broken claim, or to a limit. */
export async function searchCluster(bounds: ClusterBounds, options: ClusterSearchOptions): Promise<ClusterExploration> {
  const setup = clusterSetup(bounds)
  const keys = new Keys()
  const check = options.check ?? checkCluster
  const refinement = options.refinement ?? new Refinement(abstractBounds(bounds))
  const { records, crashes, elections, disconnects, ticks } = bounds
  const start = afterPreamble(bounds)
  const refinedStart = refinement.first(start.cluster)
  const first: Entry = {
    ...start,
    left: { records, crashes, elections, disconnects, ticks },
    refined: refinedStart.refined,
    reached: { from: null, operation: null },
    isTwin: false,
  }
  /** States, and the number of what was first written down with them. */
  const seen = new Map([[keys.of(first), refinement.numberOf(first.refined)]])
  const twins = new Set<string>()
  let level: readonly Entry[] = [first]
  let generatedStates = 1
  let depth = 1
  let statesLeft = 1
  let statesCut = 0
  const ended = (complete: boolean, violation: Violation | null, reached: Reached): ClusterExploration => {
    const path = pathTo(reached)
    const operations = [...preamble(bounds), ...path]
    return {
      ...progress(),
      complete,
      statesCut,
      refinementSteps: refinement.checked,
      refinementSkipped: refinement.skipped,
      violation: violation && { violation, operations, length: path.length + 1 },
    }
  }
  const progress = (): Progress => ({ depth, distinctStates: seen.size, generatedStates, statesLeft })
  if (refinedStart.violation !== null) return ended(false, refinedStart.violation, first.reached)
  while (level.length > 0 && seen.size < options.statesMax && options.isOver?.() !== true) {
    const next: Entry[] = []
    const seenBefore = seen.size
    for (const [i, entry] of level.entries()) {
      if (i % statesBetweenProgress === 0) await options.onProgress?.(progress())
      if (options.isOver?.() === true) return ended(false, null, first.reached)
      if (messagesIn(entry) > bounds.messages) {
        if (!entry.isTwin) statesCut += 1
        continue
      }
      const before = observeCluster(entry.cluster)
      for (const { operation, left } of movesOf(entry.cluster, entry.left)) {
        const { state, outcome } = stepCluster(entry.cluster, operation)
        if (state === entry.cluster) continue
        if (!entry.isTwin) generatedStates += 1
        const after = observeCluster(state)
        const { history, violation } = check(entry.history, { setup, before, operation, outcome, after })
        const reached = { from: entry.reached, operation }
        if (violation !== null) return ended(false, violation, reached)
        const { refined, violation: unrefined } = refinement.step(entry.refined, state, records - left.records)
        if (unrefined !== null) return ended(false, unrefined, reached)
        const key = keys.of({ cluster: state, history, left })
        const written = refinement.numberOf(refined)
        const firstWritten = seen.get(key)
        const isTwin = firstWritten !== undefined
        if (firstWritten === written || (isTwin && twins.has(`${key};${written}`))) continue
        if (isTwin) twins.add(`${key};${written}`)
        else seen.set(key, written)
        next.push({ cluster: state, history, left, refined, reached, isTwin })
      }
    }
    level = next
    statesLeft = seen.size - seenBefore
    if (statesLeft > 0) depth += 1
  }
  return ended(level.length === 0 && statesCut === 0, null, first.reached)
}

/** What observers remember of the preamble is what they remember of a quiet cluster. */
function afterPreamble(bounds: ClusterBounds): Pick<Entry, 'cluster' | 'history'> {
  const setup = clusterSetup(bounds)
  const cluster = startedCluster(bounds)
  const observed = observeCluster(cluster)
  const operation: ClusterOperation = { kind: 'settle' }
  const outcome = { kind: 'done' } as const
  const { history } = checkCluster(emptyHistory, { setup, before: observed, operation, outcome, after: observed })
  return { cluster, history }
}

function messagesIn({ cluster }: Entry): number {
  return cluster.network.links.flat().reduce((sum, { queue, late }) => sum + queue.length + late.length, 0)
}

function pathTo(reached: Reached): readonly ClusterOperation[] {
  const path: ClusterOperation[] = []
  for (let at: Reached | null = reached; at !== null; at = at.from) if (at.operation !== null) path.push(at.operation)
  return path.reverse()
}
