// What a worker does for `lockstep validate --exec`: greets the process, or carries out a portion of runs on it and counts
// what was tried of each kind of operation.
import { sumOfReached } from '../properties/coverage.ts'
import { runShard, runsOfShard, type ShardHooks, type ShardReport } from '../properties/shard.ts'
import { isSubjectGone } from '../properties/subject-gone.ts'
import type { Hello } from '../properties/subjects/exec/answers.ts'
import { ExecSubject, patience } from '../properties/subjects/exec/subject.ts'
import type { Reached, ScopeName } from '../properties/verdict.ts'
import type { Portion } from './plan.ts'

export type GreetTask = { readonly command: string; readonly answerMs: number }

/** What a process said of itself, or why nobody knows. */
export type Greeted =
  | { readonly kind: 'hello'; readonly hello: Hello; readonly badEnd: string | null }
  | { readonly kind: 'gone'; readonly sentence: string; readonly isMissing: boolean }

export type ValidateTask = GreetTask &
  Portion & {
    readonly seed: number
    /** When to begin no more runs, and when to wait for no more answers; null without a limit. */
    readonly time: { readonly sliceMs: number; readonly untilMs: number } | null
    /** How long failures may be made smaller. */
    readonly shrinkMs: number
  }

/** How often a kind of operation was compared, and with what result; what was declined was not. */
export type Tried = {
  readonly tried: number
  readonly agreed: number
  readonly diverged: number
  readonly declined: number
}

export type ValidatedPortion = {
  readonly shards: readonly ShardReport[]
  readonly operations: Readonly<Record<string, Tried>>
  /** Behaviours reached by runs that agreed. */
  readonly agreed: Reached
  /** Declined set-ups by reason. */
  readonly declinedSetups: Readonly<Record<string, number>>
  readonly badEnd: string | null
  /** Why there are no runs: the process that said hello before does not any more. */
  readonly failure: string | null
  readonly isGivenUp: boolean
}

/** Starts the process, hears what it declares, and ends it. */
export function greet({ command, answerMs }: GreetTask): Greeted {
  const subject = new ExecSubject(command, patience(answerMs))
  try {
    const hello = subject.hello()
    subject.end()
    return { kind: 'hello', hello, badEnd: subject.badEnd }
  } catch (thrown) {
    if (!isSubjectGone(thrown)) throw thrown
    return { kind: 'gone', sentence: thrown.message, isMissing: subject.isMissing }
  }
}

/** Runs shard after shard until the runs are through, the time is up, or the process is given up. */
export function validatePortion(task: ValidateTask): ValidatedPortion {
  const exec = new ExecSubject(task.command, patience(task.answerMs))
  if (task.time !== null) exec.deadline = performance.now() + task.time.untilMs
  try {
    exec.in(task.scope)
  } catch (thrown) {
    if (!isSubjectGone(thrown)) throw thrown
    const nothing = { shards: [], operations: {}, agreed: {}, declinedSetups: {}, badEnd: null }
    return exec.isTimeUp
      ? { ...nothing, failure: null, isGivenUp: false }
      : { ...nothing, failure: thrown.message, isGivenUp: true }
  }
  try {
    return validated(exec, task.scope, task)
  } finally {
    exec.end()
  }
}

function validated<S extends ScopeName>(exec: ExecSubject, scope: S, task: ValidateTask): ValidatedPortion {
  const { seed, firstRun, runs, time, shrinkMs } = task
  const startedAt = performance.now()
  const playUntil = startedAt + (time?.untilMs ?? Number.POSITIVE_INFINITY)
  const sliceUntil = startedAt + (time?.sliceMs ?? Number.POSITIVE_INFINITY)
  const counts = new Counts()
  const agreed: Reached[] = []
  const declinedSetups = new Map<string, number>()
  let isOver = false
  exec.deadline = playUntil
  const subject = exec.in(scope)
  const hooks: ShardHooks<S> = {
    onPlayed: ({ run, verdict, reached }) => {
      const declined = exec.takeDeclined()
      const isCut = verdict.kind === 'unknown' && exec.isTimeUp
      isOver = isOver || isCut || exec.isGivenUp || performance.now() >= sliceUntil
      if (isCut) return 'not this one'
      for (const [reason, count] of declined.setups)
        declinedSetups.set(reason, count + (declinedSetups.get(reason) ?? 0))
      counts.add(
        run.operations.map(({ kind }) => kind),
        verdict.kind,
        declined.operations,
      )
      if (verdict.kind === 'agree') agreed.push(reached)
      return isOver ? 'last' : 'go on'
    },
    onReduce: () => {
      exec.deadline = performance.now() + shrinkMs
    },
  }
  const shards: ShardReport[] = []
  for (let done = 0; done < runs && !isOver; done += runsOfShard) {
    exec.deadline = playUntil
    const shard = (firstRun + done) / runsOfShard
    shards.push(runShard(seed, scope, shard, Math.min(runsOfShard, runs - done), subject, hooks))
    // What was declined while runs were made smaller belongs to no run.
    exec.takeDeclined()
  }
  const isGivenUp = exec.isGivenUp
  exec.end()
  return {
    shards,
    operations: counts.all(),
    agreed: sumOfReached(agreed),
    declinedSetups: Object.fromEntries(declinedSetups),
    badEnd: exec.badEnd,
    failure: null,
    isGivenUp,
  }
}

/** Counts the operations of runs: all but the last agreed, and the last one as the run's verdict says. */
class Counts {
  readonly #of = new Map<string, Tried>()

  add(
    kinds: readonly string[],
    verdict: 'agree' | 'violation' | 'unknown',
    declined: ReadonlyMap<string, number>,
  ): void {
    for (const [index, kind] of kinds.entries()) {
      const isLast = index === kinds.length - 1
      const agreed = isLast && verdict !== 'agree' ? 0 : 1
      this.#change(kind, { tried: 1, agreed, diverged: isLast && verdict === 'violation' ? 1 : 0, declined: 0 })
    }
    // A declined operation was taken as agreed: the model's answer stood on both sides.
    for (const [kind, count] of declined) {
      this.#change(kind, { tried: -count, agreed: -count, diverged: 0, declined: count })
    }
  }

  all(): Readonly<Record<string, Tried>> {
    return Object.fromEntries(this.#of)
  }

  #change(kind: string, by: Tried): void {
    this.#of.set(kind, sumOfTried(this.#of.get(kind) ?? neverTried, by))
  }
}

export const neverTried: Tried = { tried: 0, agreed: 0, diverged: 0, declined: 0 }

/** Both counts added. */
export function sumOfTried(a: Tried, b: Tried): Tried {
  return {
    tried: a.tried + b.tried,
    agreed: a.agreed + b.agreed,
    diverged: a.diverged + b.diverged,
    declined: a.declined + b.declined,
  }
}
