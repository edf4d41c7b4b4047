// Adds the facts of a campaign up, portion by portion, in the order of its runs, and keeps no more than what will be shown:
// a campaign may last for days.
import type { ScopeName } from '../verdict.ts'
import { Curve } from './curve.ts'
import type { Facts, FaultCounts, OperationCounts } from './facts.ts'

/** Owns the sums of one scope. */
export class FactsSum {
  readonly scope: ScopeName
  readonly labelledRuns = new Curve()
  readonly operations = new Map<string, OperationCounts>()
  readonly faults = new Map<string, FaultCounts>()
  readonly drawn = new Map<string, Map<string, number>>()
  /** Runs that reached a behaviour, and how often it was reached. */
  readonly labels = new Map<string, { times: number; readonly runs: Curve }>()
  /** Runs in which the premise of a claim was there. */
  readonly tried = new Map<string, Curve>()
  /** The first run that reached each (kind of operation, abstract state) pair. */
  readonly firstReached = new Map<string, number>()

  constructor(scope: ScopeName) {
    this.scope = scope
  }

  add(facts: Facts): void {
    for (const run of facts.labelledRuns) this.labelledRuns.add(run)
    for (const [kind, counts] of Object.entries(facts.operations)) {
      this.operations.set(kind, sumOfOperations(this.operations.get(kind), counts))
    }
    for (const [name, { injected, felt }] of Object.entries(facts.faults)) {
      const known = this.faults.get(name) ?? { injected: 0, felt: 0 }
      this.faults.set(name, { injected: known.injected + injected, felt: known.felt + felt })
    }
    for (const [setting, values] of Object.entries(facts.drawn)) {
      const known = this.drawn.get(setting) ?? new Map<string, number>()
      this.drawn.set(setting, known)
      for (const [value, runs] of Object.entries(values)) known.set(value, (known.get(value) ?? 0) + runs)
    }
    for (const [label, { times, runs }] of Object.entries(facts.labels)) {
      const known = this.labels.get(label) ?? { times: 0, runs: new Curve() }
      this.labels.set(label, known)
      known.times += times
      for (const run of runs) known.runs.add(run)
    }
    for (const [claim, runs] of Object.entries(facts.tried)) {
      const known = this.tried.get(claim) ?? new Curve()
      this.tried.set(claim, known)
      for (const run of runs) known.add(run)
    }
    for (const [pair, run] of Object.entries(facts.firstReached)) {
      const known = this.firstReached.get(pair)
      if (known === undefined || run < known) this.firstReached.set(pair, run)
    }
  }
}

function sumOfOperations(known: OperationCounts | undefined, more: OperationCounts): OperationCounts {
  if (known === undefined) return more
  const errors: Record<string, number> = { ...known.errors }
  for (const [error, count] of Object.entries(more.errors)) errors[error] = (errors[error] ?? 0) + count
  return {
    all: known.all + more.all,
    nothing: known.nothing + more.nothing,
    errors,
    unchanged: known.unchanged + more.unchanged,
  }
}
