// What a test of `kafka-lockstep/vitest` is asked to do: its options, and what the environment says instead. Everything
// wrong is said before anything runs.
import { checkKinds, checkSubjectChoice, isSubject } from '../cli/subject.ts'
import type { ScopeName, Subject } from '../properties/verdict.ts'
import { scopeNames } from '../traces/scope-names.ts'

/** The options of a test. */
export type LockstepTestOptions<S extends ScopeName> = {
  /** What the subject is: `log`, `partitioner`, `assignor`, `producer`, `group` or `cluster`. */
  readonly scope: S
  /**
   * Your implementation. A text is what `lockstep check --subject` takes, relative to the folder in which vitest runs:
   * `./my-log.ts#subject`, `exec:COMMAND`, `zoo:BUG`, `impl`.
   */
  readonly subject: Subject<S> | string
  /** How many runs; as many as `lockstep check` does for the scope unless given. `LOCKSTEP_RUNS` says otherwise. */
  readonly runs?: number
  /** Seconds, instead of a number of runs. `LOCKSTEP_TIME` says otherwise. */
  readonly time?: number
  /** Repeats a campaign; drawn anew for every campaign unless given. `LOCKSTEP_SEED` says otherwise. */
  readonly seed?: number
  /** The folder of the traces that are replayed first, and to which failures are added; `traces` beside the test file. */
  readonly corpus?: string
  /** Milliseconds, as all of vitest's: no run begins later. Two minutes, beside `time`, unless given. */
  readonly timeout?: number
}

/** How much a campaign does. */
export type Wanted = {
  /** Null: drawn for each campaign. */
  readonly seed: number | null
  readonly extent:
    | { readonly kind: 'runs'; readonly runs: number | null }
    | { readonly kind: 'time'; readonly ms: number }
  readonly timeoutMs: number
}

type Environment = Readonly<Record<string, string | undefined>>

const most = { seed: 2 ** 32 - 1, runs: 2 ** 40, time: 10_000_000, timeout: 2 ** 31 - 120_000 }

/** Reads the options of the test `name`. Throws an error that says what is wrong and what to write. */
export function wantedOf<S extends ScopeName>(
  name: string,
  options: LockstepTestOptions<S>,
  environment: Environment,
): Wanted {
  const { scope, subject } = options
  const wrong = (sentence: string): Error => new Error(`lockstep(${JSON.stringify(name)}): ${sentence}`)
  if (!scopeNames.includes(scope)) {
    throw wrong(`there is no scope ${JSON.stringify(scope)}. Set scope to one of ${scopeNames.join(', ')}.`)
  }
  if (typeof subject === 'string') checkSubjectChoice({ subject, wire: false })
  else if (isSubject<S>(subject)) checkKinds(scope, subject)
  else throw wrong('subject is none: give an object { name, start }, or a text such as "./my-log.ts#subject".')

  const from = (option: 'seed' | 'runs' | 'time', least: number): number | undefined => {
    const variable = `LOCKSTEP_${option.toUpperCase()}`
    const text = environment[variable]
    const isSet = text !== undefined && text !== ''
    const number = isSet ? (/^\d+$/.test(text) ? Number(text) : Number.NaN) : options[option]
    return checked(isSet ? variable : option, number, least, most[option])
  }
  const checked = (what: string, value: number | undefined, least: number, largest: number): number | undefined => {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= largest)) return value
    throw wrong(`${what} must be a whole number from ${least} to ${largest}.`)
  }
  const isSaid = (option: 'RUNS' | 'TIME'): boolean => (environment[`LOCKSTEP_${option}`] ?? '') !== ''
  const [runs, time] = [from('runs', 1), from('time', 1)]
  const areBoth = isSaid('RUNS') === isSaid('TIME') && runs !== undefined && time !== undefined
  if (areBoth) throw wrong('runs and time say the same thing in two ways. Give one of them.')
  const isTime = time !== undefined && !isSaid('RUNS')
  const timeout = checked('timeout', options.timeout, 1, most.timeout)
  return {
    seed: from('seed', 0) ?? null,
    extent: isTime ? { kind: 'time', ms: time * 1000 } : { kind: 'runs', runs: runs ?? null },
    timeoutMs: timeout ?? 120_000 + (isTime ? time * 1000 : 0),
  }
}
