// Gathers the facts of the runs of one shard or several, one run after the other. It looks at the model's side, as labels
// do; a claim whose premise was there once in a run is not looked at again in it.
import { claimsOf } from '../claim-of.ts'
import { areEqual } from '../compare.ts'
import type { Lockstep } from '../lockstep.ts'
import type { OperationOf, OutcomeOf, Run, Transition } from '../scope.ts'
import { scopes } from '../scopes.ts'
import type { Reached, ScopeName } from '../verdict.ts'
import { drawnIn } from './drawn.ts'
import type { Facts, FaultCounts, LabelCounts, OperationCounts } from './facts.ts'
import { endsPending, faultOf, type IsFelt, pendingOf } from './faults.ts'

type Writable<T> = { -readonly [K in keyof T]: T[K] }
type Waiting<S extends ScopeName> = {
  readonly fault: Writable<FaultCounts>
  readonly operation: OperationOf<S>
  readonly isFelt: IsFelt<S>
}

/** Owns the counts while a shard is played. */
export class Gathering<S extends ScopeName> {
  readonly #claims: readonly string[]
  readonly #labelledRuns: number[] = []
  readonly #operations = new Map<string, Writable<OperationCounts> & { errors: Record<string, number> }>()
  readonly #faults = new Map<string, Writable<FaultCounts>>()
  readonly #drawn = new Map<string, Map<string, number>>()
  readonly #labels = new Map<string, Writable<LabelCounts> & { runs: number[] }>()
  readonly #tried: ReadonlyMap<string, number[]>
  readonly #firstReached = new Map<string, number>()
  /** What belongs to the run that is under way. */
  #run = 0
  #left: string[] = []
  #waiting: Waiting<S>[] = []

  constructor(scope: S) {
    this.#claims = [...claimsOf(scope).keys()].filter(claim => scopes[scope].premises[claim] !== undefined)
    this.#tried = new Map(this.#claims.map(claim => [claim, []]))
  }

  /** A run begins. */
  begin(run: number): void {
    this.#run = run
    this.#left = [...this.#claims]
    this.#waiting = []
  }

  /** One operation was carried out on both sides. */
  saw(step: Transition<S>, lockstep: Lockstep<S>): void {
    const { before, operation, outcome, after } = step
    // A model may show the same in new objects.
    const hasChanged = before !== after && !areEqual(before, after)
    const counts = entryOf(this.#operations, operation.kind, noOperations)
    counts.all++
    if (!hasChanged) counts.unchanged++
    if (outcome.kind === 'nothing') counts.nothing++
    for (const error of errorsIn(operation, outcome)) counts.errors[error] = (counts.errors[error] ?? 0) + 1
    this.#countFault(step, hasChanged)
    this.#left = this.#left.filter(claim => !this.#isTried(claim, lockstep.isTried(claim)))
  }

  /** The run is over; `newPairs` are the abstract states that it was the first of its shard to reach. */
  end(run: Run<S>, lockstep: Lockstep<S>, labels: Reached | null, newPairs: readonly string[]): void {
    for (const claim of this.#left) this.#isTried(claim, lockstep.isTriedAtEnd(claim))
    for (const [setting, value] of drawnIn(run)) {
      const values = entryOf(this.#drawn, setting, () => new Map<string, number>())
      values.set(value, (values.get(value) ?? 0) + 1)
    }
    if (labels !== null) {
      this.#labelledRuns.push(this.#run)
      for (const [label, times] of Object.entries(labels)) {
        const counts = entryOf(this.#labels, label, noLabel)
        counts.times += times
        counts.runs.push(this.#run)
      }
    }
    for (const pair of newPairs) if (!this.#firstReached.has(pair)) this.#firstReached.set(pair, this.#run)
  }

  facts(): Facts {
    return {
      labelledRuns: this.#labelledRuns,
      operations: Object.fromEntries(this.#operations),
      faults: Object.fromEntries(this.#faults),
      drawn: Object.fromEntries(Array.from(this.#drawn, ([setting, values]) => [setting, Object.fromEntries(values)])),
      labels: Object.fromEntries(this.#labels),
      tried: Object.fromEntries(this.#tried),
      firstReached: Object.fromEntries(this.#firstReached),
    }
  }

  #countFault(step: Transition<S>, hasChanged: boolean): void {
    const { operation, outcome } = step
    if (this.#waiting.length > 0) {
      this.#waiting = this.#waiting.filter(({ fault, operation: injected, isFelt }) => {
        // What ends a fault does not feel it: a message on the way to a broker that was just started again does not wait.
        if (endsPending(injected, operation)) return false
        const isNow = isFelt(step)
        if (isNow) fault.felt++
        return !isNow
      })
    }
    const name = faultOf(operation)
    if (name === null) return
    const fault = entryOf(this.#faults, name, noFault)
    fault.injected++
    if (outcome.kind === 'nothing' || outcome.kind === 'error') return
    const isFelt = pendingOf<S>(operation)
    if (isFelt === null) fault.felt += hasChanged ? 1 : 0
    else this.#waiting.push({ fault, operation, isFelt })
  }

  #isTried(claim: string, isIt: boolean): boolean {
    if (isIt) this.#tried.get(claim)?.push(this.#run)
    return isIt
  }
}

/** The errors that an operation was answered with: its own, or those in the answers that it caused. */
function errorsIn<S extends ScopeName>(operation: OperationOf<S>, outcome: OutcomeOf<S>): readonly string[] {
  const answer: OutcomeOf<ScopeName> = outcome
  if (answer.kind === 'error') return [answer.error]
  if (answer.kind !== 'responses' || operation.kind !== 'request' || !('request' in operation)) return []
  const { correlationId } = operation.request
  return answer.responses.flatMap(({ response }) =>
    response.correlationId === correlationId && response.error !== 'NONE' ? [response.error] : [],
  )
}

function entryOf<K, V>(map: Map<K, V>, key: K, made: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const value = made()
  map.set(key, value)
  return value
}

function noOperations(): Writable<OperationCounts> & { errors: Record<string, number> } {
  return { all: 0, nothing: 0, errors: {}, unchanged: 0 }
}

function noFault(): Writable<FaultCounts> {
  return { injected: 0, felt: 0 }
}

function noLabel(): Writable<LabelCounts> & { runs: number[] } {
  return { times: 0, runs: [] }
}
