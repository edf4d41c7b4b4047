// Breadth-first search through everything that can happen to a small cluster, with every claim checked at every step.
import { observeCluster } from '../../../model/cluster/observe.ts'
import { stepCluster } from '../../../model/cluster.ts'
import { checkCluster } from '../../../model/invariants/cluster.ts'
import { emptyHistory } from '../../../model/invariants/history.ts'
import type { Violation } from '../../../model/vocabulary/claims.ts'
import type { ClusterOperation } from '../../../model/vocabulary/cluster.ts'
import type { Progress } from '../search.ts'
import { type Explored, Keys } from './key.ts'
import { movesOf } from './moves.ts'
import { type ClusterBounds, clusterSetup, preamble, startedCluster } from './world.ts'

export type ClusterSearchOptions = {
  /** What is checked at every step: all claims, unless given. */
  readonly check?: typeof checkCluster
  readonly statesMax: number
  readonly isOver?: () => boolean
  /** Told now and then, and waited for: a caller that gives signals and timers a turn there can end the search. */
  readonly onProgress?: (progress: Progress) => Promise<void>
}

export type ClusterExploration = Progress & {
  readonly complete: boolean
  /** States from which no further step was taken, because too much was in flight. */
  readonly statesCut: number
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
type Entry = Explored & { readonly reached: Reached }

const statesBetweenProgress = 512

/** Explores a cluster within its bounds, to the end, to a broken claim, or to a limit. */
export async function searchCluster(bounds: ClusterBounds, options: ClusterSearchOptions): Promise<ClusterExploration> {
  const setup = clusterSetup(bounds)
  const keys = new Keys()
  const check = options.check ?? checkCluster
  const { records, crashes, elections, disconnects, ticks } = bounds
  const first: Entry = {
    ...afterPreamble(bounds),
    left: { records, crashes, elections, disconnects, ticks },
    reached: { from: null, operation: null },
  }
  const seen = new Set([keys.of(first)])
  let level: readonly Entry[] = [first]
  let generatedStates = 1
  let depth = 1
  let statesCut = 0
  const progress = (): Progress => ({ depth, distinctStates: seen.size, generatedStates, statesLeft: level.length })
  while (level.length > 0 && seen.size < options.statesMax && options.isOver?.() !== true) {
    const next: Entry[] = []
    for (const [i, entry] of level.entries()) {
      if (i % statesBetweenProgress === 0) await options.onProgress?.(progress())
      if (options.isOver?.() === true) return { ...progress(), complete: false, statesCut, violation: null }
      if (messagesIn(entry) > bounds.messages) {
        statesCut += 1
        continue
      }
      const before = observeCluster(entry.cluster)
      for (const { operation, left } of movesOf(entry.cluster, entry.left)) {
        const { state, outcome } = stepCluster(entry.cluster, operation)
        if (state === entry.cluster) continue
        generatedStates += 1
        const after = observeCluster(state)
        const { history, violation } = check(entry.history, { setup, before, operation, outcome, after })
        const reached = { from: entry.reached, operation }
        if (violation !== null) {
          const path = pathTo(reached)
          const operations = [...preamble(bounds), ...path]
          return {
            ...progress(),
            complete: false,
            statesCut,
            violation: { violation, operations, length: path.length + 1 },
          }
        }
        const found: Entry = { cluster: state, history, left, reached }
        const key = keys.of(found)
        if (seen.has(key)) continue
        seen.add(key)
        next.push(found)
      }
    }
    level = next
    if (level.length > 0) depth += 1
  }
  return { ...progress(), complete: level.length === 0 && statesCut === 0, statesCut, violation: null }
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
