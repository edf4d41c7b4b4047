// A specification small enough that all its states can be visited: variables, first state, actions, invariants.
//
// It is read like a TLA+ module. An action looks at the variables as they are, and for each way in which it can happen
// assigns what changes to `next` and calls `take`; after `take`, `next` is again what `now` is. Assigning to `next` is the
// only thing that anything in model/ ever writes to.
import type { Members, Next, Now, Shape } from './shape.ts'

/** What the numbers given to `take` are, for people and traces: a member, or a number such as an epoch. */
export type Parameter = { readonly name: string; readonly member: boolean }

export type Action<S extends Shape> = {
  /** Upper camel case, as TLA+ has it. */
  readonly name: string
  /** At most two. With the action's name they tell its ways to happen apart. */
  readonly parameters: readonly Parameter[]
  readonly step: (now: Now<S>, take: (first: number, second: number) => void) => void
}

export type Invariant<S extends Shape> = {
  readonly name: string
  /** What is promised, in a sentence without its full stop. */
  readonly says: string
  readonly holds: (now: Now<S>) => boolean
  /** Who breaks it, and how, in words; null where it holds. `nameOf`: what people call a member. */
  readonly seen: (now: Now<S>, nameOf: (member: number) => string) => string | null
}

export type Spec<S extends Shape = Shape> = {
  readonly name: string
  readonly shape: S
  /** Members that can be renamed without changing anything, or null. */
  readonly symmetry: Members | null
  /** Assigns the first state; every variable is the least that it can be before. */
  readonly initialize: (next: Next<S>) => void
  readonly actions: readonly Action<S>[]
  readonly invariants: readonly Invariant<S>[]
}
