// One shard of a campaign: a fixed number of runs that depend on nothing but (seed, scope, shard). Shards can run anywhere
// and in any order; inside one, runs that reached something new are kept and mutated (novelty feedback).
import { sumOfReached } from './coverage.ts'
import type { Gathering } from './facts/gather.ts'
import { mutate } from './generation/mutate.ts'
import { type Strategy, usualStrategy } from './generation/strategy.ts'
import { walk } from './generation/walk.ts'
import { openLockstep } from './lockstep.ts'
import { Random, seedOf } from './random.ts'
import { scopeFor } from './restricted.ts'
import type { OperationOf, Run, Scope } from './scope.ts'
import { scopes } from './scopes.ts'
import { shrinkSmallest, type Violated } from './shrink.ts'
import type { Reached, ScopeName, Subject, Verdict } from './verdict.ts'

/** A failure, shrunk. */
export type Found<S extends ScopeName = ScopeName> = {
  readonly claim: string
  readonly sentence: string
  readonly settings: readonly string[]
  readonly seed: number
  /** Index of the run in the campaign. */
  readonly run: number
  /** How many operations there were before shrinking. */
  readonly originalOperations: number
  readonly setup: Run<S>['setup']
  readonly operations: readonly OperationOf<S>[]
  /** Runs of the shard that broke the same claim. */
  readonly runs: number
}

/** What a shard's runs came to. */
export type ShardReport<S extends ScopeName = ScopeName> = {
  readonly shard: number
  readonly runs: number
  readonly operations: number
  readonly reached: Reached
  /** One for each claim, ascending by claim. */
  readonly violations: readonly Found<S>[]
  readonly unknown: readonly { readonly run: number; readonly sentence: string }[]
  /** Runs whose set-up the subject does not do, and said so. */
  readonly declined: number
}

/** Runs of one shard; the last shard of a campaign may have fewer. */
export const runsOfShard = 50

/** Carries out runs `shard × 50` to `shard × 50 + runs - 1` of a campaign. */
export function runShard<S extends ScopeName>(
  seed: number,
  scopeName: S,
  shard: number,
  runs: number,
  subject?: Subject<S>,
  hooks: ShardHooks<S> = {},
): ShardReport<S> {
  const tested: Subject<S> = subject ?? scopes[scopeName].subject
  const failures = new Map<string, Failure<S>[]>()
  const unknown: { readonly run: number; readonly sentence: string }[] = []
  const reached: Reached[] = []
  let operations = 0
  let count = 0
  let declined = 0
  const { gathering } = hooks
  const options = { labels: true, ...(gathering === undefined ? {} : { gathering }) }
  for (const played of playShard(seed, scopeName, shard, runs, tested, options)) {
    const order = hooks.onPlayed?.(played) ?? 'go on'
    if (order === 'not this one') break
    const { index, run, verdict } = played
    count++
    operations += run.operations.length
    reached.push(played.reached)
    if (verdict.kind === 'unknown' && verdict.declined === true) declined++
    else if (verdict.kind === 'unknown') unknown.push({ run: index, sentence: verdict.sentence })
    if (verdict.kind === 'violation') {
      const alike = failures.get(verdict.claim) ?? []
      failures.set(verdict.claim, alike.concat({ index, run, verdict }))
    }
    if (order === 'last') break
  }
  if (failures.size > 0) hooks.onReduce?.()
  const violations = [...failures]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, alike]) => reduce(seed, alike, tested))
    .filter(found => found !== null)
  return { shard, runs: count, operations, reached: sumOfReached(reached), violations, unknown, declined }
}

/**
 * Carries the runs of a shard out, one after the other, as they are asked for. Without labels nothing else changes: no
 * behaviours are counted.
 */
export function* playShard<S extends ScopeName>(
  seed: number,
  scopeName: S,
  shard: number,
  runs: number,
  subject: Subject<S>,
  options: PlayOptions<S> = { labels: true },
): Generator<Played<S> & { readonly index: number }> {
  const scope = scopeFor(scopeName, subject)
  const novelty = new Novelty<S>()
  const strategy = options.strategy ?? usualStrategy
  for (let i = 0; i < runs; i++) {
    const index = shard * runsOfShard + i
    const random = new Random(seedOf(seed, index))
    const parent = random.chance(strategy.mutatedShare) ? novelty.pick(random) : null
    const labels = options.labels && index % scope.labelledEvery === 0
    options.gathering?.begin(index)
    yield { index, ...play(scope, subject, random, parent, novelty, { ...options, labels, strategy }) }
  }
}

type PlayOptions<S extends ScopeName> = {
  readonly labels: boolean
  readonly strategy?: Strategy
  readonly gathering?: Gathering<S>
}

/** Failures of one claim that a shard reduces: each alone may get stuck, and reducing all would take too long. */
const reducedMost = 2
/** What each reduction may cost; whoever wants the smallest run goes on from there. */
const executionsEach = 300

type Failure<S extends ScopeName> = { readonly index: number; readonly run: Run<S>; readonly verdict: Violated }
/** A run as it was drawn and carried out. */
export type Played<S extends ScopeName> = { readonly run: Run<S>; readonly verdict: Verdict; readonly reached: Reached }

/** For whoever watches a shard, or has only so much time. */
export type ShardHooks<S extends ScopeName> = {
  /** Told of every run. It may be the last one, or the last one before, when this one does not count. */
  readonly onPlayed?: (played: Played<S> & { readonly index: number }) => 'go on' | 'last' | 'not this one'
  /** Told before failures are made smaller. */
  readonly onReduce?: () => void
  /** Gathers the facts of the runs. */
  readonly gathering?: Gathering<S>
}

/** One run, drawn and carried out in one pass: the lockstep's model is the one that the walker looks at. */
function play<S extends ScopeName>(
  scope: Scope<S>,
  subject: Subject<S>,
  random: Random,
  parent: Run<S> | null,
  novelty: Novelty<S>,
  { labels, strategy, gathering }: PlayOptions<S> & { readonly strategy: Strategy },
): Played<S> {
  const operations: OperationOf<S>[] = []
  const walker = { ...scope.startWalker(random, undefined, strategy), strategy }
  const setup = parent?.setup ?? walker.setup
  const lockstep = openLockstep(setup, subject, { scope, labels })
  const newPairs: string[] = []
  let before = lockstep.start
  const take = (operation: OperationOf<S>) => {
    const step = lockstep.step(operation)
    if (step === null) return null
    operations.push(operation)
    const { outcome, observation: after } = step.model
    const pair = `${operation.kind} ${scope.abstractState(after)}`
    if (novelty.isNew(pair)) newPairs.push(pair)
    gathering?.saw({ setup, before, operation, outcome, after }, lockstep)
    before = after
    return step.verdict === null ? step.model : null
  }
  if (parent === null) walk(walker, random, lockstep.start, take)
  else mutate(scope, parent, random, lockstep.start, take, strategy)
  const { verdict, reached } = lockstep.end()
  const run = { setup, operations }
  gathering?.end(run, lockstep, labels ? reached : null, newPairs)
  if (newPairs.length > 0 && verdict.kind === 'agree') novelty.keep(run)
  return { run, verdict, reached }
}

function reduce<S extends ScopeName>(
  seed: number,
  failures: readonly Failure<S>[],
  subject: Subject<S>,
): Found<S> | null {
  const [first] = failures
  if (first === undefined) return null
  const shrunk = shrinkSmallest(
    failures.slice(0, reducedMost).map(({ run }) => run),
    subject,
    { executions: executionsEach },
  )
  // A failure that does not come back is still a failure; it is reported as it was.
  const { run, verdict } = shrunk ?? first
  const origin = failures[shrunk?.index ?? 0] ?? first
  const { claim, sentence, settings } = verdict
  const originalOperations = origin.run.operations.length
  const { setup, operations } = run
  return {
    claim,
    sentence,
    settings,
    seed,
    run: origin.index,
    originalOperations,
    setup,
    operations,
    runs: failures.length,
  }
}

/** Which (kind of operation, abstract state) pairs were seen, and the runs that saw one first. */
class Novelty<S extends ScopeName> {
  readonly #seen = new Set<string>()
  readonly #kept: Run<S>[] = []

  isNew(pair: string): boolean {
    const sizeBefore = this.#seen.size
    return this.#seen.add(pair).size > sizeBefore
  }

  keep(run: Run<S>): void {
    this.#kept.push(run)
  }

  /** Mostly one of the last kept: it took longest to find anything new there. */
  pick(random: Random): Run<S> | null {
    const size = this.#kept.length
    return this.#kept[size - 1 - random.below(Math.max(1, Math.ceil(size / 2)))] ?? null
  }
}
