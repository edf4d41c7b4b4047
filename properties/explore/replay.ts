// Walks a list of operations through an abstract specification: does each of them apply, and what do they break?
import type { Spec } from '../../model/abstract/spec.ts'
import { Machine } from './packed/machine.ts'
import { takenBy } from './path.ts'
import {
  type AbstractOperation,
  type AbstractState,
  changesBetween,
  memberName,
  operationLine,
  operationOf,
  stateOf,
} from './told.ts'

export type AbstractVerdict =
  | { readonly kind: 'agree' }
  /** `sentence`: what is promised, and who breaks it. */
  | { readonly kind: 'violation'; readonly invariant: string; readonly sentence: string; readonly step: number }
  /** An operation does not apply where it stands. */
  | { readonly kind: 'impossible'; readonly step: number; readonly possible: readonly string[] }

export type AbstractAccount = {
  readonly verdict: AbstractVerdict
  /** What each operation changed, as far as they went. */
  readonly changes: readonly (readonly string[])[]
  /** The first state, and the one after each operation. */
  readonly states: readonly AbstractState[]
}

/** Carries operations out from the first state, up to the first finding. */
export function replayAbstract(spec: Spec, operations: readonly AbstractOperation[]): AbstractAccount {
  const machine = new Machine(spec, false)
  let state = machine.successor.slice()
  const changes: (readonly string[])[] = []
  const states = [stateOf(machine, state)]
  for (const [step, operation] of operations.entries()) {
    const wanted = operationLine(operation)
    const possible: string[] = []
    let next: Int32Array | null = null
    machine.successors(state, 0, () => {
      const line = operationLine(operationOf(spec, takenBy(spec, machine)))
      possible.push(line)
      if (next !== null || line !== wanted) return
      next = machine.successor.slice()
    })
    if (next === null) return { verdict: { kind: 'impossible', step, possible }, changes, states }
    const broken = machine.brokenBy(next)
    changes.push(changesBetween(machine, state, next))
    state = next
    states.push(stateOf(machine, state))
    const invariant = spec.invariants[broken]
    if (invariant !== undefined) {
      const { name, says } = invariant
      const sentence = `${says}; but ${machine.seenIn(state, broken, memberName)}`
      return { verdict: { kind: 'violation', invariant: name, sentence, step }, changes, states }
    }
  }
  return { verdict: { kind: 'agree' }, changes, states }
}
