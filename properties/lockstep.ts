// The waist of the project: one run of operations, carried out by the model and by a subject side by side.
//
//   operations ──► model   ──► outcome, observation ─┐
//              └─► subject ──► outcome, observation ─┴─► equal?  claims kept?  ──► verdict
//
// Campaigns, shrinking, replay, stories and the bug zoo all go through here. The first step on which the sides differ, or
// after which a claim does not hold, ends the run. The same set-up and operations give the same verdict, byte for byte.
import type { Violation } from '../model/vocabulary/claims.ts'
import { agreement, claimOf, dependsOnSettings } from './claim-of.ts'
import { differences, EqualPairs, shownPath } from './compare.ts'
import { startLabelCounter } from './coverage.ts'
import type { ObservationOf, OperationOf, OutcomeOf, Scope, SetupOf, Transition } from './scope.ts'
import { scopes } from './scopes.ts'
import { isSubjectDeclined, isSubjectGone } from './subject-gone.ts'
import type { Difference, Reached, ScopeName, Side, Subject, Verdict } from './verdict.ts'

export type LockstepOptions<S extends ScopeName> = {
  /** The model, its claims and its labels; those of the set-up's scope unless given. */
  readonly scope?: Scope<S>
  /** False leaves out the counting of behaviours, for which a shrinker has no use. */
  readonly labels?: boolean
}

/** How a run ended, and what it reached on the way. */
export type LockstepResult = { readonly verdict: Verdict; readonly reached: Reached }

/** What one side answered and shows now. */
export type Seen<S extends ScopeName> = { readonly outcome: OutcomeOf<S>; readonly observation: ObservationOf<S> }

/** One step as both sides showed it. */
export type LockstepStep<S extends ScopeName> = {
  readonly operation: OperationOf<S>
  readonly model: Seen<S>
  /** Null when it threw. */
  readonly subject: Seen<S> | null
  /** Null while the sides agree and every claim holds. With a verdict the run is over. */
  readonly verdict: Verdict | null
}

/** A run in progress. */
export type Lockstep<S extends ScopeName> = {
  /** What the model shows before the first step. */
  readonly start: ObservationOf<S>
  /** Carries one operation out on both sides; null, and nothing happens, when the run is over. */
  readonly step: (operation: OperationOf<S>) => LockstepStep<S> | null
  /** Ends the run: everything is compared once more, and the claims about the whole run are checked. */
  readonly end: () => LockstepResult
  /** Whether the premise of a claim was there in the last step. Never in one on which the sides parted. */
  readonly isTried: (claim: string) => boolean
  /** Whether the premise of a claim about the run as a whole is there now. */
  readonly isTriedAtEnd: (claim: string) => boolean
}

/** Runs a list of operations, up to the first finding. */
export function runLockstep<S extends ScopeName>(
  setup: SetupOf<S>,
  operations: readonly OperationOf<S>[],
  subject: Subject<S>,
  options: LockstepOptions<S> = {},
): LockstepResult {
  const lockstep = openLockstep(setup, subject, options)
  for (const operation of operations) {
    const step = lockstep.step(operation)
    if (step === null || step.verdict !== null) break
  }
  return lockstep.end()
}

/** The same one step at a time, for whoever wants to see both sides after each. */
export function openLockstep<S extends ScopeName>(
  setup: SetupOf<S>,
  subject: Subject<S>,
  options: LockstepOptions<S> = {},
): Lockstep<S> {
  const scope: Scope<S> = options.scope ?? scopes[setup.scope]
  const model = scope.startModel(setup)
  const checker = scope.startChecker(setup)
  const counter = options.labels === false ? null : startLabelCounter(scope, setup)
  const equalOutcomes = new EqualPairs()
  const equalObservations = new EqualPairs()
  const operations: OperationOf<S>[] = []
  const start = model.observe()
  let before = start
  let verdict: Verdict | null = null
  let agreed: Transition<S> | null = null
  const started = startSide(subject, setup)
  const side = 'side' in started ? started.side : null
  if ('thrown' in started) verdict = notStarted(subject.name, started.thrown)

  const step = (operation: OperationOf<S>): LockstepStep<S> | null => {
    if (verdict !== null || side === null) return null
    operations.push(operation)
    const modelBefore = counter === null ? null : model.fork()
    const atModel = { outcome: model.apply(operation), observation: model.observe() }
    const atSubject = seenAt(() => ({ outcome: side.apply(operation), observation: side.observe() }))
    if (counter !== null && modelBefore !== null && side.hasDeclined?.() !== true) {
      const transition = { setup, before, operation, outcome: atModel.outcome, after: atModel.observation }
      counter.count(transition, modelBefore)
    }
    verdict = 'thrown' in atSubject ? threw(operation.kind, atSubject.thrown) : judge(operation, atModel, atSubject)
    before = atModel.observation
    return { operation, model: atModel, subject: 'thrown' in atSubject ? null : atSubject, verdict }
  }

  /**
   * Claims are functions of what is seen. While the sides show the same they keep or break a claim together, so one look
   * is enough; when they part, a claim that the subject broke says more than the field that differs.
   */
  const judge = (operation: OperationOf<S>, atModel: Seen<S>, atSubject: Seen<S>): Verdict | null => {
    const areEqual =
      equalOutcomes.areEqual(atModel.outcome, atSubject.outcome) &&
      equalObservations.areEqual(atModel.observation, atSubject.observation)
    const { outcome, observation: after } = areEqual ? atModel : atSubject
    const transition = { setup, before, operation, outcome, after }
    const broken = checker.check(transition)
    agreed = areEqual ? transition : null
    if (areEqual) return broken === null ? null : violated(broken, [])
    const found = [
      ...differences(atModel.outcome, atSubject.outcome, 'outcome', mostDifferences),
      ...differences(atModel.observation, atSubject.observation, '', mostDifferences),
    ].slice(0, mostDifferences)
    return violated(broken ?? disagreement(operation.kind, found), found)
  }

  const end = (): LockstepResult => {
    if (verdict === null && side !== null) verdict = lastVerdict(side)
    return {
      verdict: verdict ?? { kind: 'agree', operations: operations.length },
      reached: counter === null ? {} : counter.reached(),
    }
  }

  /** Trusts nothing that was found equal before: a subject may have changed what it had shown. */
  const lastVerdict = (side: Side<S>): Verdict | null => {
    const last = seenAt(() => side.observe())
    if (typeof last === 'object' && 'thrown' in last) return threw('end', last.thrown)
    const found = differences(before, last, '', mostDifferences)
    const broken = found.length > 0 ? disagreement('end', found) : checker.atEnd(before)
    return broken === null ? null : violated(broken, found)
  }

  const disagreement = (operationKind: string, found: readonly Difference[]): Violation => {
    const [first] = found
    const where = (first === undefined ? '' : shownPath(first)) || 'something'
    return {
      claim: claimOf(setup.scope, operationKind, found),
      sentence: `after ${operationKind} ${where} is ${text(first?.subject)} at ${subject.name}, and ${text(first?.model)} in the model`,
    }
  }

  const threw = (operationKind: string, thrown: unknown): Verdict => {
    const what = firstLine(thrown)
    return isSubjectGone(thrown)
      ? unknown(`${subject.name} gave no usable answer at ${operationKind}: ${what}`, operations.length - 1)
      : violated({ claim: agreement, sentence: `${subject.name} threw at ${operationKind}: ${what}` }, [])
  }

  const violated = ({ claim, sentence }: Violation, found: readonly Difference[]): Verdict => ({
    kind: 'violation',
    claim,
    sentence,
    settings: dependsOnSettings(claim) ? scope.settings({ setup, operations }) : [],
    step: operations.length - 1,
    differences: found,
  })

  const isTried = (claim: string): boolean => agreed !== null && checker.isTried(claim, agreed)
  const isTriedAtEnd = (claim: string): boolean => verdict === null && checker.isTriedAtEnd(claim, before)

  return { start, step, end, isTried, isTriedAtEnd }
}

const mostDifferences = 20

type Thrown = { readonly thrown: unknown }

function startSide<S extends ScopeName>(subject: Subject<S>, setup: SetupOf<S>): { readonly side: Side<S> } | Thrown {
  try {
    return { side: subject.start(setup) }
  } catch (thrown) {
    return { thrown }
  }
}

/** What a subject shows, or what it threw instead: a disagreement, not an accident of ours. */
function seenAt<T>(look: () => T): T | Thrown {
  try {
    return look()
  } catch (thrown) {
    return { thrown }
  }
}

function notStarted(name: string, thrown: unknown): Verdict {
  const what = firstLine(thrown)
  return isSubjectDeclined(thrown)
    ? { ...unknown(`${name} declined the set-up: ${what}`, -1), declined: true }
    : unknown(`${name} did not start: ${what}`, -1)
}

function unknown(sentence: string, step: number): Extract<Verdict, { readonly kind: 'unknown' }> {
  return { kind: 'unknown', sentence, step }
}

/** Stacks hold paths and line numbers, which differ between machines: the first line is enough. */
function firstLine(thrown: unknown): string {
  const text = isSubjectGone(thrown) || isSubjectDeclined(thrown) ? thrown.message : String(thrown)
  return (text.split('\n', 1)[0] ?? '').slice(0, 300)
}

function text(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 120)
}
