// What a scope is to the harness: a model to run, a subject to run beside it, claims to hold, and a way to walk.
// One object of this type for each scope stands in properties/scopes/; properties/scopes.ts lists them.
import type { Violation } from '../model/vocabulary/claims.ts'
import type { StartWalker } from './generation/walk.ts'
import type { Premises } from './premises/premise.ts'
import type { ScopeName, Scopes, Side, Subject } from './verdict.ts'

/** A protocol as a function of data. `step` is total, and gives back the same state object when nothing changed. */
export type Specification<S extends ScopeName, State> = {
  readonly initial: (setup: SetupOf<S>) => State
  readonly step: (state: State, operation: OperationOf<S>) => { readonly state: State; readonly outcome: OutcomeOf<S> }
  /** `last` is what was shown of an earlier state, or null: what is the same may be shown as the same objects. */
  readonly observe: (state: State, last: Shown<S, State> | null) => ObservationOf<S>
}

/** A state and what was shown of it. */
export type Shown<S extends ScopeName, State> = { readonly state: State; readonly observation: ObservationOf<S> }

export type SetupOf<S extends ScopeName> = Scopes[S]['setup'] & { readonly scope: S }
export type OperationOf<S extends ScopeName> = Scopes[S]['operation']
export type OutcomeOf<S extends ScopeName> = Scopes[S]['outcome']
export type ObservationOf<S extends ScopeName> = Scopes[S]['observation']

/** A run as plain data: what is drawn, shrunk, saved and replayed. */
export type Run<S extends ScopeName> = {
  readonly setup: SetupOf<S>
  readonly operations: readonly OperationOf<S>[]
}

/** One operation as it could be seen from outside. */
export type Transition<S extends ScopeName> = {
  readonly setup: SetupOf<S>
  readonly before: ObservationOf<S>
  readonly operation: OperationOf<S>
  readonly outcome: OutcomeOf<S>
  readonly after: ObservationOf<S>
}

/** Holds one run's claims against what is seen; it may remember what it saw. */
export type Checker<S extends ScopeName> = {
  /** The first claim that this operation broke, or null. Called for every operation, in order. */
  readonly check: (transition: Transition<S>) => Violation | null
  /** Claims about the run as a whole, such as progress; called once, after the last operation. */
  readonly atEnd: (last: ObservationOf<S>) => Violation | null
  /** Whether the premise of a claim (`Scope.premises`) was there in the operation that was checked last. */
  readonly isTried: (claim: string, transition: Transition<S>) => boolean
  /** The same of claims about the run as a whole, after the last operation. */
  readonly isTriedAtEnd: (claim: string, last: ObservationOf<S>) => boolean
}

/** The model as one side of a run. It can be copied at any point, because its state is a value. */
export type ModelSide<S extends ScopeName> = Side<S> & { readonly fork: () => ModelSide<S> }

/** Names one behaviour that a run reached. */
export type Hit = (label: string) => void

/** Counts the behaviours of one run, on the model's side. */
export type Labeller<S extends ScopeName> = (transition: Transition<S>, model: ModelSide<S>, hit: Hit) => void

export type Scope<S extends ScopeName> = {
  readonly name: S
  readonly startModel: (setup: SetupOf<S>) => ModelSide<S>
  /** The implementation in this process. */
  readonly subject: Subject<S>
  /** The same with its messages as bytes; null where no messages are sent between nodes. */
  readonly wireSubject: Subject<S> | null
  readonly startChecker: (setup: SetupOf<S>) => Checker<S>
  /** For each claim what must have been there for it to say something; properties/premises/ */
  readonly premises: Readonly<Record<string, string>>
  /** `model` in a labeller's call stands before the operation. */
  readonly startLabeller: (setup: SetupOf<S>) => Labeller<S>
  /** Every label, and whether a campaign must reach it. */
  readonly labels: Readonly<Record<string, 'required' | 'rare'>>
  /** Campaigns count behaviours in one run of so many: where operations are large, counting costs more than running. */
  readonly labelledEvery: number
  readonly startWalker: StartWalker<S>
  /** A coarse picture of a state: runs that reach a new (kind of operation, picture) pair are worth mutating. */
  readonly abstractState: (observation: ObservationOf<S>) => string
  /** The settings that decide which claims hold, as `name=value` texts. */
  readonly settings: (run: Run<S>) => readonly string[]
  /** A dull set-up, towards which shrinking moves. */
  readonly plainSetup: SetupOf<S>
  readonly shrinking: Shrinking<S>
}

/** What the shrinker must know about a scope's operations. */
export type Shrinking<S extends ScopeName> = {
  /** False for what nobody would send, such as a batch whose records lie outside it: a simpler value must not be that. */
  readonly isSensible: (operation: OperationOf<S>) => boolean
  /** True when `later` undoes or ends what `earlier` began, so that one without the other is odd. */
  readonly arePaired: (earlier: OperationOf<S>, later: OperationOf<S>) => boolean
  /** The run without its last broker, client or topic of some kind; each with everything that mentions it. */
  readonly smallerRuns: (run: Run<S>) => Iterable<Run<S>>
  /** Runs that tell the same in fewer operations, which no deletion leads to; every one of them is shorter. */
  readonly restructured: (run: Run<S>) => Iterable<Run<S>>
}

/** A specification as a model to run. */
export function modelSide<S extends ScopeName, State>(
  specification: Specification<S, State>,
  setup: SetupOf<S>,
): ModelSide<S> {
  return sideAt(specification, specification.initial(setup), null)
}

function sideAt<S extends ScopeName, State>(
  specification: Specification<S, State>,
  start: State,
  shownAtStart: Shown<S, State> | null,
): ModelSide<S> {
  let state = start
  let shown = shownAtStart
  return {
    apply: operation => {
      const step = specification.step(state, operation)
      state = step.state
      return step.outcome
    },
    observe: () => {
      if (shown?.state === state) return shown.observation
      shown = { state, observation: specification.observe(state, shown) }
      return shown.observation
    },
    fork: () => sideAt(specification, state, shown),
  }
}

/** A checker of claims that each look at one operation alone. */
export function statelessChecker<S extends ScopeName>(
  check: (transition: Transition<S>) => Violation | null,
  premises: Premises<S>,
): Checker<S> {
  return {
    check,
    atEnd: () => null,
    isTried: (claim, transition) => premises[claim]?.isThere(transition) === true,
    isTriedAtEnd: () => false,
  }
}
