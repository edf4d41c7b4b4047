// What workers do: functions of plain data with plain answers, by name. A worker loads the subject itself, because
// functions do not cross threads.
import { runShard, runsOfShard, type ShardReport } from '../properties/shard.ts'
import { shrink, type Violated } from '../properties/shrink.ts'
import type { ScopeName } from '../properties/verdict.ts'
import { hunt, reduceCaught } from '../properties/zoo/hunt.ts'
import type { PlantedBug } from '../properties/zoo/planted-bug.ts'
import { type Account, account } from '../traces/render/failure.ts'
import { type AnyTrace, traceVersion } from '../traces/trace.ts'
import type { Filmed, FilmTask } from './film-task.ts'
import type { Portion } from './plan.ts'
import { type TimedFacts, watchPortion } from './report/watch.ts'
import { bugNamed, loadSubject, type SubjectChoice } from './subject.ts'
import type { Greeted, GreetTask, ValidatedPortion, ValidateTask } from './validate-portion.ts'

export type PortionTask = Portion & {
  readonly seed: number
  readonly choice: SubjectChoice
  /** Whether anybody wants to know more than what was found. */
  readonly wantsFacts: boolean
}

/** What a portion came to. */
export type PlayedPortion = { readonly shards: readonly ShardReport[]; readonly facts: TimedFacts | null }

/** A run as it crosses threads. */
export type TraceTask = { readonly trace: AnyTrace; readonly choice: SubjectChoice }

/** An account, with the name of the subject that it is of. */
export type NamedAccount = Account & { readonly subjectName: string }

/** A smaller run that breaks the same claim. */
export type ShrunkTrace = {
  readonly trace: AnyTrace
  readonly verdict: Violated
  readonly executions: number
}

/** Look for one planted bug with one seed. */
export type HuntTask = { readonly bug: string; readonly seed: number; readonly runsMost: number }

/** What a hunt came to; `seconds` is how long it took to catch it, making it small not counted. */
export type HuntResult = {
  readonly seconds: number
  readonly caught: {
    /** How many runs it took. */
    readonly runs: number
    readonly claim: string
    readonly originalOperations: number
    readonly trace: AnyTrace
  } | null
}

/** Runs a portion of a campaign, shard by shard. */
export async function portionTask(task: PortionTask): Promise<PlayedPortion> {
  const { seed, scope, firstRun, runs, wantsFacts } = task
  const subject = await loadSubject(task.choice, scope)
  const watch = wantsFacts ? watchPortion(scope) : null
  const shards: ShardReport[] = []
  try {
    for (let done = 0; done < runs; done += runsOfShard) {
      const shard = (firstRun + done) / runsOfShard
      shards.push(runShard(seed, scope, shard, Math.min(runsOfShard, runs - done), subject, watch?.hooks() ?? {}))
    }
  } finally {
    subject.end?.()
  }
  return { shards, facts: watch?.facts() ?? null }
}

/** Runs one trace and writes down what each operation did. */
export async function accountTask({ trace, choice }: TraceTask): Promise<NamedAccount> {
  const subject = await loadSubject(choice, trace.scope)
  try {
    return { ...account(trace.setup, trace.operations, subject), subjectName: subject.name }
  } finally {
    subject.end?.()
  }
}

/** Makes a failing trace smaller; null when it breaks no claim. */
export async function shrinkTask({ trace, choice }: TraceTask): Promise<ShrunkTrace | null> {
  const subject = await loadSubject(choice, trace.scope)
  const { setup, operations } = trace
  const shrunk = (() => {
    try {
      return shrink({ setup, operations }, subject)
    } finally {
      subject.end?.()
    }
  })()
  if (shrunk === null) return null
  const { run, verdict, executions } = shrunk
  const expect = { verdict: 'violation', claim: verdict.claim } as const
  return { trace: { ...trace, ...run, expect }, verdict, executions }
}

/** Draws something. */
export async function filmTask(task: FilmTask): Promise<Filmed | null> {
  const { filmed } = await import('./film-task.ts')
  return filmed(task)
}

/** Hears what a process says of itself. */
export async function greetTask(task: GreetTask): Promise<Greeted> {
  const { greet } = await import('./validate-portion.ts')
  return greet(task)
}

/** Runs a portion of a validation. */
export async function validateTask(task: ValidateTask): Promise<ValidatedPortion> {
  const { validatePortion } = await import('./validate-portion.ts')
  return validatePortion(task)
}

/** Plants a bug and looks for it. */
export async function huntTask({ bug: name, seed, runsMost }: HuntTask): Promise<HuntResult> {
  const bug = await bugNamed(name)
  return huntIn(bug, bug.scope, seed, runsMost)
}

async function huntIn<S extends ScopeName>(
  bug: PlantedBug,
  scope: S,
  seed: number,
  runsMost: number,
): Promise<HuntResult> {
  const spec = `zoo:${bug.name}`
  const subject = await loadSubject({ subject: spec, wire: bug.wire === true }, scope)
  const startedAt = performance.now()
  const caught = hunt(bug, scope, subject, seed, runsMost)
  const seconds = (performance.now() - startedAt) / 1000
  if (caught === null) return { seconds, caught: null }
  const { failing, verdict } = reduceCaught(caught, subject)
  const trace: AnyTrace = {
    format: 'kafka-lockstep-trace',
    version: traceVersion,
    scope,
    setup: failing.setup,
    operations: failing.operations,
    expect: { verdict: 'violation', claim: verdict.claim },
    origin: { seed, run: caught.run, subject: spec },
  }
  const originalOperations = caught.failing.operations.length
  return { seconds, caught: { runs: caught.run + 1, claim: verdict.claim, originalOperations, trace } }
}
