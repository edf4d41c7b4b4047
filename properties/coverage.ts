// Which behaviours a run reached. A green campaign that never saw a leader fail over has shown nothing about fail-over,
// so each scope names the behaviours that a campaign must reach, and a report says which are missing.
import type { ModelSide, Scope, SetupOf, Transition } from './scope.ts'
import { scopes } from './scopes.ts'
import type { Reached, ScopeName } from './verdict.ts'

export type LabelCounter<S extends ScopeName> = {
  /** Counts what one operation reached; `modelBefore` stands before it. */
  readonly count: (transition: Transition<S>, modelBefore: ModelSide<S>) => void
  /** Counts so far, labels ascending. */
  readonly reached: () => Reached
}

/** Counts the behaviours of one run. */
export function startLabelCounter<S extends ScopeName>(scope: Scope<S>, setup: SetupOf<S>): LabelCounter<S> {
  const counts = new Map<string, number>()
  const label = scope.startLabeller(setup)
  const hit = (name: string): void => {
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return {
    count: (transition, modelBefore) => label(transition, modelBefore, hit),
    reached: () => sorted(counts),
  }
}

/** The sum of several runs' counts, labels ascending. */
export function sumOfReached(parts: Iterable<Reached>): Reached {
  const counts = new Map<string, number>()
  for (const reached of parts) {
    for (const [name, count] of Object.entries(reached)) counts.set(name, (counts.get(name) ?? 0) + count)
  }
  return sorted(counts)
}

/** The behaviours that a campaign over this scope must reach, ascending. */
export function requiredLabels(scope: ScopeName): readonly string[] {
  return Object.entries(scopes[scope].labels)
    .filter(([, need]) => need === 'required')
    .map(([name]) => name)
    .sort()
}

/** The required behaviours that these counts lack. */
export function missingLabels(scope: ScopeName, reached: Reached): readonly string[] {
  return requiredLabels(scope).filter(name => (reached[name] ?? 0) === 0)
}

function sorted(counts: ReadonlyMap<string, number>): Reached {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}
