// One run on a live broker, beside the model: the lockstep of what can only be asked. Passing errors are asked again, as a
// client would; an answer that no possible world allows is a finding.

import type { World } from '../../model/service/world.ts'
import type { ServiceOperation, ServiceOutcome } from '../../model/vocabulary/service.ts'
import type { Violated } from '../shrink.ts'
import { isSubjectGone, type Unanswered, unansweredOf } from '../subject-gone.ts'
import { brokenClaim, signatureOf } from './claims.ts'
import type { LiveRun, LiveSide, LiveSubject } from './live.ts'
import { nearest } from './nearest.ts'
import { PossibleWorlds } from './possible-worlds.ts'

/** Time and waiting, which are not the harness's own. */
export type Pause = { readonly now: () => number; readonly wait: (ms: number) => Promise<void> }

export type LiveOptions = Pause & {
  /** How long passing errors are asked again, in milliseconds. */
  readonly patienceMs: number
}

/** One operation with its answer. `asked` counts how often it was asked. */
export type LiveStep = {
  readonly operation: ServiceOperation
  readonly outcome: ServiceOutcome
  readonly asked: number
  /** One of the worlds that were possible before, which is all that counting needs. */
  readonly before: World
}

/** An answer that is not allowed. Findings of one signature are taken for the same. */
export type LiveFinding = {
  readonly signature: string
  readonly verdict: Violated
  readonly expected: readonly ServiceOutcome[]
  /** What was answered instead. */
  readonly outcome: ServiceOutcome
}

/** What the broker last said, and what it did not answer if it is there otherwise. */
export type Gone = { readonly sentence: string; readonly unanswered: Unanswered | null }

export type LiveResult = {
  readonly steps: readonly LiveStep[]
  readonly findings: readonly LiveFinding[]
  /** Why the broker could not be asked any more; null when it could. */
  readonly gone: Gone | null
  /** What the run made and could not remove. */
  readonly leftovers: readonly string[]
}

const waitMs = 50

/** Carries a run out, up to the first wrong answer after which nobody knows what the broker's state is. */
export async function runLive(run: LiveRun, subject: LiveSubject, options: LiveOptions): Promise<LiveResult> {
  const steps: LiveStep[] = []
  const findings: LiveFinding[] = []
  const worlds = new PossibleWorlds(run.setup)
  let side: LiveSide
  try {
    side = await subject.start(run.setup)
  } catch (thrown) {
    return { steps, findings, gone: goneFor(thrown), leftovers: [] }
  }
  let gone: Gone | null = null
  try {
    for (const [step, operation] of run.operations.entries()) {
      const [before] = worlds.worlds
      const { outcome, asked } = await ask(side, worlds, operation, options)
      if (before !== undefined) steps.push({ operation, outcome, asked, before })
      const judged = worlds.judge(operation, outcome)
      if (judged.kind === 'allowed') continue
      findings.push(findingOf(subject.name, step, operation, outcome, judged.expected))
      if (!judged.goesOn) break
    }
  } catch (thrown) {
    gone = goneFor(thrown)
  }
  return { steps, findings, gone, leftovers: await side.end() }
}

async function ask(
  side: LiveSide,
  worlds: PossibleWorlds,
  operation: ServiceOperation,
  { now, wait, patienceMs }: LiveOptions,
): Promise<{ readonly outcome: ServiceOutcome; readonly asked: number }> {
  const until = now() + patienceMs
  const awaits = worlds.awaits(operation)
  const mays = worlds.mays(operation)
  for (let asked = 1; ; asked++) {
    const outcome = await side.apply(operation, awaits, mays)
    if (now() > until || !worlds.isPassing(operation, outcome)) return { outcome, asked }
    await wait(waitMs)
  }
}

function findingOf(
  subject: string,
  step: number,
  operation: ServiceOperation,
  outcome: ServiceOutcome,
  expected: readonly ServiceOutcome[],
): LiveFinding {
  const closest = nearest(outcome, expected)
  const allowedText = expected.length === 1 ? 'the answer' : `one of ${expected.length} answers`
  const sentence =
    `${operation.kind}: ${subject} answered ${short(outcome)}, and the model allows ${allowedText} ` +
    `${expected.slice(0, answersShown).map(short).join(' or ')}${expected.length > answersShown ? ' …' : ''}`
  return {
    signature: signatureOf(operation, closest.outcome, outcome),
    expected,
    outcome,
    verdict: {
      kind: 'violation',
      claim: brokenClaim(operation, closest.outcome, outcome),
      sentence,
      settings: [],
      step,
      differences: closest.differences,
    },
  }
}

const answersShown = 3

function short(outcome: ServiceOutcome): string {
  const text = outcome.kind === 'error' ? outcome.error : JSON.stringify(outcome)
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`
}

/** What is no `subjectGone` is an accident of ours, and says so. */
function goneFor(thrown: unknown): Gone {
  if (isSubjectGone(thrown)) return { sentence: thrown.message, unanswered: unansweredOf(thrown) }
  const what = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  return { sentence: `the driver failed: ${what}`, unanswered: null }
}
