// What clients did on a live broker, as a film. Nobody sees into it, so there are no scenes: a lane for each client, one for
// the broker, and for each operation what was answered beside what may be.
import type { ServiceOperation, ServiceOutcome } from '../../model/vocabulary/service.ts'
import { isSubjectGone } from '../../properties/subject-gone.ts'
import { PossibleWorlds } from '../../properties/validation/possible-worlds.ts'
import type { LiveResult } from '../../properties/validation/run.ts'
import { claimTitle } from '../render/claim-titles.ts'
import { outcomeText, serviceLine } from '../render/service.ts'
import { shortened } from '../render/words.ts'
import type { ServiceTrace } from '../service.ts'
import { asJson, bareScene } from './drawn.ts'
import type { Film, FilmVerdict, Lane, Message, Step } from './film.ts'
import { type About, filmDifference } from './lockstep.ts'
import { askerOf, brokerLane, serviceMessages } from './service-messages.ts'
import { setupFacts } from './setup-facts.ts'
import { filmVerdict } from './verdict.ts'

const answersTold = 3

/** A trace, and how it went on a broker; null when nobody was asked. `subject`: the broker's name. */
export function serviceFilm(
  trace: ServiceTrace,
  live: { readonly result: LiveResult; readonly subject: string } | null,
  { comments: _, ...about }: About,
): Film {
  const { setup, operations } = trace
  const finding = live?.result.findings[0] ?? null
  // What was played ends at the finding; what nobody played is drawn as it is written.
  const played = finding === null ? operations : operations.slice(0, finding.verdict.step + 1)
  const answers = played.map((_, index) =>
    finding?.verdict.step === index ? finding.outcome : (live?.result.steps[index]?.outcome ?? null),
  )
  const allowed = allowedAnswers(trace, played, answers)
  const messages = played.flatMap((operation, index) => serviceMessages(operation, answers[index] ?? null, index + 1))
  return {
    format: 'kafka-lockstep-film',
    version: 1,
    scope: trace.scope,
    ...about,
    subject: live?.subject ?? null,
    setup: setupFacts(setup),
    verdict: verdictOf(trace, live?.result ?? null),
    lanes: lanesOf(played, messages),
    steps: [
      stepOf('start', [], null, null, []),
      ...played.map((operation, index) => {
        const answer = answers[index] ?? null
        const may = (finding?.verdict.step === index ? finding.expected : allowed[index]) ?? null
        const differences = finding !== null && finding.verdict.step === index ? finding.verdict.differences : []
        const told = differences.map(({ path, ...sides }) =>
          filmDifference({ path: path.replace(/^answer/, 'outcome'), ...sides }),
        )
        return stepOf(serviceLine(operation), toldOf(answer, may), may, answer, told)
      }),
    ],
    messages,
  }
}

function verdictOf({ operations, expect }: ServiceTrace, result: LiveResult | null): FilmVerdict {
  if (result === null) {
    const claim = expect.verdict === 'violation' ? (expect.claim ?? 'a violation') : null
    const title = claim === null ? 'no broker was asked' : `${claimTitle(claim)}, as the trace says`
    const sentence = 'No broker was asked: --subject broker:HOST:PORT asks one.'
    return { kind: 'unknown', title, sentence, settings: [], step: null }
  }
  const { steps, findings, gone } = result
  const [finding] = findings
  if (finding !== undefined) return filmVerdict(finding.verdict)
  return filmVerdict(
    gone === null
      ? { kind: 'agree', operations: operations.length }
      : { kind: 'unknown', sentence: gone.sentence, step: steps.length },
  )
}

/**
 * All answers that may be given to each operation, given those before; null where nobody knows. Where nobody was asked, the
 * model goes on as long as one answer alone is allowed.
 */
function allowedAnswers(
  { setup }: ServiceTrace,
  operations: readonly ServiceOperation[],
  answers: readonly (ServiceOutcome | null)[],
): readonly (readonly ServiceOutcome[] | null)[] {
  const worlds = new PossibleWorlds(setup)
  let isKnown = true
  return operations.map((operation, index) => {
    if (!isKnown) return null
    const may = worlds.answers(operation)
    const answer = answers[index] ?? (may.length === 1 ? may[0] : undefined) ?? null
    isKnown = answer !== null && goesOn(worlds, operation, answer)
    return may
  })
}

function goesOn(worlds: PossibleWorlds, operation: ServiceOperation, answer: ServiceOutcome): boolean {
  try {
    const judged = worlds.judge(operation, answer)
    return judged.kind === 'allowed' || judged.goesOn
  } catch (thrown) {
    if (isSubjectGone(thrown)) return false
    throw thrown
  }
}

function toldOf(answer: ServiceOutcome | null, may: readonly ServiceOutcome[] | null): readonly string[] {
  if (answer !== null) return [outcomeText(answer)]
  if (may === null) return []
  const [only] = may
  if (may.length === 1 && only !== undefined) return [`the model allows: ${outcomeText(only)}`]
  return [
    `the model allows ${may.length} answers`,
    ...may.slice(0, answersTold).map(one => shortened(outcomeText(one), 120)),
  ]
}

function stepOf(
  operation: string,
  did: readonly string[],
  may: readonly ServiceOutcome[] | null,
  answer: ServiceOutcome | null,
  differences: Step['differences'],
): Step {
  return {
    operation,
    did,
    comment: null,
    // First the request, then what is answered.
    moments: operation === 'start' ? 1 : 2,
    marks: [],
    model: bareScene(null),
    subject: null,
    outcome: { model: asJson(may), subject: asJson(answer) },
    differences,
  }
}

/** The broker, whoever asks, and whoever is answered without having asked, which only a wrong broker does. */
function lanesOf(operations: readonly ServiceOperation[], messages: readonly Message[]): readonly Lane[] {
  const clients = new Map<string, Lane>()
  for (const { to } of messages) clients.set(to, { name: to, kind: 'client' })
  for (const operation of operations) clients.set(askerOf(operation).name, askerOf(operation))
  clients.delete(brokerLane)
  return [{ name: brokerLane, kind: 'broker' }, ...[...clients.values()].sort((a, b) => (a.name < b.name ? -1 : 1))]
}
