// `lockstep explore SPEC`: every state of a specification, and the shortest way to break one of its invariants.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { replayAbstract } from '../properties/explore/replay.ts'
import { search } from '../properties/explore/search.ts'
import { boundRanges, type Question, type SpecName, specOf } from '../properties/explore/specs.ts'
import { operationOf } from '../properties/explore/told.ts'
import { type AbstractTrace, abstractScope } from '../traces/abstract.ts'
import { abstractLines } from '../traces/render/abstract.ts'
import { traceVersion } from '../traces/trace.ts'
import { writeTrace } from '../traces/write.ts'
import { boundsFrom } from './bounds.ts'
import { UsageError } from './exit.ts'
import { reported } from './explore-report.ts'
import { startExploring } from './explore-workers.ts'
import { listenForInterrupt, turn } from './interrupt.ts'
import { meantText } from './nearest.ts'
import { pictured, pictureHere } from './picture.ts'
import { startProgress } from './progress.ts'

export type ExploreOptions = {
  /** `name=value`, one for each `--bound`. */
  readonly bound: readonly string[]
  /** Invariants to check; all of the specification's when none is named. */
  readonly invariant: readonly string[]
  readonly symmetry: boolean
  readonly workers?: number
  /** Distinct states after which the search ends at the next level. */
  readonly states: number
  readonly output?: string
  readonly json: boolean
}

/** Explores; gives 0 when every invariant holds everywhere, 1 when one is broken, 3 when not every state was visited. */
export async function explore(spec: SpecName | 'cluster', options: ExploreOptions): Promise<number> {
  if (spec === 'cluster') {
    // The whole model, its claims and its subject: a second of loading that the small specifications can do without.
    const { exploreCluster } = await import('./explore-cluster.ts')
    return exploreCluster(options)
  }
  const question = questionOf(spec, options)
  const workers = options.workers ?? availableParallelism()
  const interrupt = listenForInterrupt()
  let level = { depth: 0, distinctStates: 0, statesLeft: 0 }
  const started = performance.now()
  const secondsSince = () => (performance.now() - started) / 1000
  const progress = startProgress(() => ({
    done: null,
    parts: [
      { text: `depth ${level.depth}` },
      { text: `${level.distinctStates} states` },
      { text: `${level.statesLeft} left` },
      { text: `${Math.round(level.distinctStates / secondsSince())} a second` },
    ],
  }))
  const exploring = startExploring(question, options.symmetry, workers)
  try {
    const found = await search(specOf(question), {
      symmetry: options.symmetry,
      statesMax: options.states,
      expandLevel: exploring.expandLevel,
      isOver: () => interrupt.signal.aborted,
      onLevel: async reached => {
        level = reached
        await turn()
      },
    })
    progress.end()
    const { violation } = found
    return reported(
      {
        ...found,
        spec,
        bounds: question.bounds,
        invariants: specOf(question).invariants.map(invariant => invariant.name),
        seconds: secondsSince(),
        violation:
          violation &&
          (await keptTrace(question, violation.invariant, violation.length, options.output, violation.steps)),
        more: {
          symmetry: options.symmetry,
          workers,
          bytesPerState: Math.round((found.bytes / found.distinctStates) * 10) / 10,
        },
      },
      options.json,
    )
  } finally {
    progress.end()
    interrupt.stop()
    await exploring.end()
  }
}

function questionOf(spec: Question['spec'], { bound, invariant }: ExploreOptions): Question {
  const question: Question = { spec, bounds: boundsFrom(bound, boundRanges), invariants: null }
  const known = specOf(question).invariants.map(({ name }) => name)
  const unknown = invariant.find(name => !known.includes(name))
  if (unknown !== undefined)
    throw new UsageError(`${spec} has no invariant ${unknown}. ${meantText(unknown, known, 'Its invariants are')}`)
  return invariant.length === 0 ? question : { ...question, invariants: invariant }
}

/** Writes a counter-example as a trace. */
async function keptTrace(
  { spec, bounds, invariants }: Question,
  invariant: string,
  length: number,
  output: string | undefined,
  steps: readonly Parameters<typeof operationOf>[1][],
) {
  const path = output ?? join('traces', 'found', `${spec}-${invariant}.json`)
  const trace: AbstractTrace = {
    format: 'kafka-lockstep-trace',
    version: traceVersion,
    scope: abstractScope,
    setup: { scope: abstractScope, spec, bounds },
    operations: steps.map(step => operationOf(specOf({ spec, bounds, invariants }), step)),
    expect: { verdict: 'violation', claim: invariant },
    note: `The shortest way to break ${invariant} under ${spec}.`,
  }
  writeTrace(path, trace)
  const { verdict } = replayAbstract(specOf({ spec, bounds, invariants: [invariant] }), trace.operations)
  const sentence = verdict.kind === 'violation' ? verdict.sentence : null
  const choice = { subject: 'impl', wire: false }
  const picture = await pictureHere(path, pictured(path, { kind: 'trace', trace }, choice, null))
  return { headline: invariant, sentence, invariant, length, path, picture, lines: abstractLines(trace) }
}
