// The body of a test: replays what is kept, runs a campaign, and throws what `lockstep check` prints. Knows nothing of the
// test runner, which says where the test is and how it is started again.
import { join, relative } from 'node:path'
import { findingLines, replayCommand } from '../cli/failure.ts'
import { findingFile, findingTrace, originText } from '../cli/finding.ts'
import { pictureOfRun } from '../cli/picture.ts'
import { shares } from '../cli/plan.ts'
import { findingsShown, shortfallLines } from '../cli/shortfall.ts'
import { checkDeclared, loadSubject, type SubjectChoice } from '../cli/subject.ts'
import type { Run } from '../properties/scope.ts'
import type { Found } from '../properties/shard.ts'
import type { ScopeName, Subject } from '../properties/verdict.ts'
import { account, counted } from '../traces/render/failure.ts'
import { writeTrace } from '../traces/write.ts'
import { type CampaignHere, campaignHere } from './campaign.ts'
import { type Kept, keptTraces } from './corpus.ts'
import type { LockstepTestOptions, Wanted } from './options.ts'
import { type Remembering, remembering } from './thrown.ts'

/** Where a test is, and how it is run again. */
export type Place = {
  /** Where its traces are kept. */
  readonly folder: string
  /** The command that runs this test alone. */
  readonly command: string
  /** Ends when nobody waits for the test any longer. */
  readonly signal: AbortSignal
}

/** What a test that passed has done, for people. */
export type Summary = string

/** Runs the test. Throws an error whose message is the whole finding; its cause is what the subject threw, if it did. */
export async function runLockstepTest<S extends ScopeName>(
  { scope, subject: given }: LockstepTestOptions<S>,
  wanted: Wanted,
  place: Place,
): Promise<Summary> {
  const subject = remembering(
    typeof given === 'string' ? await loadSubject({ subject: given, wire: false }, scope) : given,
  )
  const finding = new Finding(given, subject, place)
  try {
    const kept = keptTraces(place.folder, scope)
    for (const trace of kept) await replayKept(trace, subject, finding)
    const seed = wanted.seed ?? Math.floor(Math.random() * 2 ** 32)
    const campaign = await campaignHere(scope, subject, seed, wanted, place.signal)
    await judge(campaign, scope, seed, finding)
    const { runs, operations, reached } = campaign
    const traces = kept.length === 0 ? '' : `, after ${counted(kept.length, 'trace')} of ${shortPath(place.folder)}`
    return (
      `agree: ${counted(runs, 'run')} of scope ${scope} with seed ${seed}, ${counted(operations, 'operation')}, ` +
      `${counted(Object.keys(reached).length, 'behaviour')} reached${traces}`
    )
  } finally {
    subject.end?.()
  }
}

/** A trace that failed once must agree, or be one whose set-up the subject does not do. */
async function replayKept<S extends ScopeName>(
  { path, ...run }: Kept<S>,
  subject: Remembering<S>,
  finding: Finding<S>,
): Promise<void> {
  const { setup, operations } = run
  checkDeclared(subject, operations)
  const { verdict } = account(setup, operations, subject)
  if (verdict.kind === 'agree' || (verdict.kind === 'unknown' && verdict.declined === true)) return
  const origin = `scope ${setup.scope}, replayed before anything new is tried`
  throw finding.error([await finding.kept(run, path, origin)])
}

/** Throws unless the campaign has shown that the sides agree. */
async function judge<S extends ScopeName>(
  campaign: CampaignHere<S>,
  scope: S,
  seed: number,
  finding: Finding<S>,
): Promise<void> {
  const { violations } = campaign
  const shown: (readonly string[])[] = []
  for (const found of violations.slice(0, findingsShown)) shown.push(await finding.written(found, scope))
  const more = violations.length - shown.length
  if (more > 0) shown.push([`${counted(more, 'more kind')} of failure not shown`])
  const short = shortOf(campaign, scope)
  if (short.length > 0) shown.push([...short, `repeat   LOCKSTEP_SEED=${seed} ${finding.command}`])
  if (shown.length > 0) throw finding.error(shown)
}

/** What it did not come to, in lines. One that ended early with a failure is not asked what it reached. */
function shortOf<S extends ScopeName>(campaign: CampaignHere<S>, scope: S): readonly string[] {
  const { violations, unknown, runs, operations, reached, cutOf } = campaign
  if (violations.length > 0 || unknown.length > 0) return shortfallLines({ unknown, missing: [] })
  if (cutOf !== null) {
    const advice = 'Ask for fewer runs, or set a longer timeout.'
    return [`unknown    ${runs} of ${counted(cutOf, 'run')} agreed until the time was over. ${advice}`]
  }
  if (operations === 0) {
    return ['unknown    nothing was compared: the subject declined every set-up, or does nothing that is ever drawn.']
  }
  if (runs >= shares[scope].labelRunsMin && Object.keys(reached).length === 0) {
    return [
      `unknown    ${counted(runs, 'run')} reached no behaviour of scope ${scope}: the subject does too little of it.`,
    ]
  }
  return shortfallLines(campaign)
}

/** Turns failing runs into what people read. */
class Finding<S extends ScopeName> {
  readonly command: string
  readonly #given: Subject<S> | string
  readonly #subject: Remembering<S>
  readonly #folder: string

  constructor(given: Subject<S> | string, subject: Remembering<S>, { folder, command }: Place) {
    this.#given = given
    this.#subject = subject
    this.#folder = folder
    this.command = command
  }

  /** Keeps the trace of a finding for the next time; that it cannot be kept must not hide it. */
  async written(run: Found<S>, scope: S): Promise<readonly string[]> {
    const found = { ...run, scope }
    const path = join(this.#folder, findingFile(found, false))
    const spec = typeof this.#given === 'string' ? this.#given : this.#subject.name
    const origin = originText(found)
    try {
      writeTrace(path, findingTrace(found, spec))
    } catch (error) {
      return [...this.#lines(run, path, origin, 'not kept', null), `         ${String(error)}`]
    }
    return this.#lines(run, path, origin, 'written', await this.#picture(run, path, origin))
  }

  /** A trace that was kept before and still fails. Its picture is drawn anew: the subject may fail in another way by now. */
  async kept(run: Run<S>, path: string, origin: string): Promise<readonly string[]> {
    return this.#lines(run, path, origin, 'kept at', await this.#picture(run, path, origin))
  }

  #picture({ setup, operations }: Run<S>, path: string, origin: string): Promise<string> {
    const replay = this.#replay(shortPath(path))
    return pictureOfRun(shortPath(path), { setup, operations }, this.#subject, { origin, replay })
  }

  /** The failure as the command line shows it. */
  #lines(
    { setup, operations }: Run<S>,
    path: string,
    origin: string,
    fileIs: 'written' | 'kept at' | 'not kept',
    picture: string | null,
  ): readonly string[] {
    const short = shortPath(path)
    const told = { ...account(setup, operations, this.#subject), subjectName: this.#subject.name }
    return findingLines(told, {
      choice: this.#choice,
      path: short,
      origin,
      replay: this.#replay(short),
      fileIs,
      picture,
    })
  }

  get #choice(): SubjectChoice {
    return { subject: typeof this.#given === 'string' ? this.#given : 'impl', wire: false }
  }

  /** An object has no name that a command line could load, so its test is run. */
  #replay(path: string): string {
    return typeof this.#given === 'string' ? replayCommand(path, this.#choice) : this.command
  }

  error(parts: readonly (readonly string[])[]): Error {
    const cause = this.#subject.lastThrown()
    const error = new Error(parts.map(lines => lines.join('\n')).join('\n\n'), cause === null ? {} : { cause })
    error.name = 'Lockstep'
    return error
  }
}

/** As seen from where the tests run, if it lies below. */
function shortPath(path: string): string {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') ? path : short.replaceAll('\\', '/')
}
