// What an exploration found, for people and for programs.
import type { Progress } from '../properties/explore/search.ts'
import type { Bounds } from '../properties/explore/specs.ts'
import { boundsText } from './bounds.ts'
import { exitCodes } from './exit.ts'
import { shellWord } from './failure.ts'
import { printJson, say, styled } from './screen.ts'

export type Explored = Progress & {
  readonly spec: string
  readonly bounds: Bounds
  /** Names of what was checked. */
  readonly invariants: readonly string[]
  readonly complete: boolean
  readonly seconds: number
  readonly violation: {
    readonly headline: string
    /** What was seen, where the invariant's name does not say it. */
    readonly sentence: string | null
    readonly invariant: string
    /** States of the path, the first one included. */
    readonly length: number
    /** Where the trace was written. */
    readonly path: string
    /** Where its picture is, or why there is none. */
    readonly picture: string
    readonly lines: readonly string[]
  } | null
  /** Further lines for people. */
  readonly told?: readonly string[]
  /** Further fields for `--json`. */
  readonly more: Readonly<Record<string, unknown>>
}

/** Tells it; gives the exit code. */
export function reported(explored: Explored, json: boolean): number {
  const { spec, bounds, invariants, distinctStates, generatedStates, depth, statesLeft, complete, seconds, violation } =
    explored
  const states = `${grouped(distinctStates)} distinct states of ${grouped(generatedStates)} generated, depth ${depth}`
  const left = complete ? 'complete' : `${grouped(statesLeft)} left`
  const speed = `${seconds.toFixed(1)} s, ${grouped(distinctStates / seconds)} states a second`
  const counts = [`${states}, ${left}; ${speed}`, ...(explored.told ?? [])]
  const under = `           under ${spec}, ${boundsText(bounds)}`
  const what = `${invariants.length > 3 ? 'all claims' : invariants.join(' and ')} hold${invariants.length === 1 ? 's' : ''}`
  if (violation !== null) {
    say(
      styled(['bold', 'red'], `violation  ${violation.headline}`),
      under,
      ...(violation.sentence === null ? [] : [`           ${violation.sentence}`]),
      `           shortest: ${violation.length} states, the first one included`,
      ...counts,
      '',
      ...violation.lines,
      '',
      `replay   npx lockstep replay ${shellWord(violation.path)}`,
      `written  ${violation.path}`,
      violation.picture,
    )
  } else if (complete) say(styled(['bold', 'green'], `agree      ${what} in every state`), under, ...counts)
  else say(styled(['bold', 'yellow'], `unknown    ${what} so far: not every state was visited`), under, ...counts)
  if (json) {
    printJson({
      spec,
      bounds,
      distinctStates,
      generatedStates,
      depth,
      violation: violation && { invariant: violation.invariant, length: violation.length, trace: violation.path },
      complete,
      seconds: Math.round(seconds * 1000) / 1000,
      statesLeft,
      ...explored.more,
    })
  }
  if (violation !== null) return exitCodes.violation
  return complete ? exitCodes.agree : exitCodes.unknown
}

/** `1,234`. */
export function grouped(number: number): string {
  return Math.round(number).toLocaleString('en-US')
}
