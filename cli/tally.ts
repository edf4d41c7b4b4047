// Running totals for the line of progress: what is cheap to keep after every portion of a campaign of any length.
import { requiredLabels } from '../properties/coverage.ts'
import type { ScopeName } from '../properties/verdict.ts'
import type { PortionOutcome } from './campaign-report.ts'

/** Counts what came back so far, in whatever order. */
export class Tally {
  runs = 0
  operations = 0
  failingRuns = 0
  unknownRuns = 0
  readonly #missing: Map<ScopeName, Set<string>>

  constructor(scopes: readonly ScopeName[]) {
    this.#missing = new Map(scopes.map(scope => [scope, new Set(requiredLabels(scope))]))
  }

  /** Required behaviours that nobody reached yet. */
  get missing(): number {
    return [...this.#missing.values()].reduce((sum, { size }) => sum + size, 0)
  }

  add(outcome: PortionOutcome): void {
    if (outcome.kind === 'lost') {
      this.unknownRuns += outcome.portion.runs
      return
    }
    const missing = this.#missing.get(outcome.portion.scope)
    for (const { runs, operations, violations, unknown, reached } of outcome.shards) {
      this.runs += runs
      this.operations += operations
      this.unknownRuns += unknown.length
      for (const found of violations) this.failingRuns += found.runs
      for (const label of Object.keys(reached)) missing?.delete(label)
    }
  }
}
