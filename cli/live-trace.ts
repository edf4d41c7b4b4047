// `lockstep replay` and `lockstep shrink` of a trace of scope `service`, on a live broker: `--subject broker:HOST:PORT`.
import { isSubjectGone } from '../properties/subject-gone.ts'
import { type Probe, probe } from '../properties/subjects/broker/probe.ts'
import { apisOf } from '../properties/subjects/broker/spoken.ts'
import { brokerSubject } from '../properties/subjects/broker/subject.ts'
import { warmUp } from '../properties/subjects/broker/warm-up.ts'
import type { LiveSubject } from '../properties/validation/live.ts'
import { type LiveResult, runLive } from '../properties/validation/run.ts'
import { shrinkLive } from '../properties/validation/shrink.ts'
import type { Verdict } from '../properties/verdict.ts'
import { counted, headline, sideBySide } from '../traces/render/failure.ts'
import { serviceLines } from '../traces/render/service.ts'
import type { ServiceTrace } from '../traces/service.ts'
import { writeTrace } from '../traces/write.ts'
import { bootstrapIn, brokerPrefix, checkAddresses, liveOptions, patienceMs } from './broker-choice.ts'
import { exitCodeOf, exitCodes, UsageError } from './exit.ts'
import { unexpectedText } from './expected.ts'
import { lookLine } from './failure.ts'
import { pictured, pictureHere } from './picture.ts'
import { printJson, say, styled, verdictStyle } from './screen.ts'

const answerWithinMs = 10_000
const executionsMost = 1000

export type LiveTraceOptions = { readonly subject: string; readonly timeout: number; readonly json: boolean }

/** Replays a trace on the broker that the subject names; gives the exit code of its verdict. */
export async function replayLiveTrace(path: string, trace: ServiceTrace, options: LiveTraceOptions): Promise<number> {
  const name = bootstrapOf(path, options.subject)
  const { verdict, steps } = await verdictOf(trace, name)
  const [first = '', ...more] = headline(verdict)
  say(styled(verdictStyle(verdict.kind), first), ...more)
  if (trace.note !== undefined) say(trace.note)
  say(
    '',
    ...serviceLines(
      trace.operations,
      steps.map(({ outcome }) => outcome),
    ),
    '',
  )
  const sides = sideBySide(verdict, name)
  if (sides.length > 0) say(...sides, '')
  say(lookLine(path, { subject: options.subject, wire: false }))
  const unexpected = unexpectedText(verdict, trace.expect, 'the broker agrees')
  if (unexpected !== null) say(unexpected)
  if (options.json) {
    printJson({
      trace: path,
      verdict: verdict.kind,
      scope: trace.scope,
      expected: unexpected === null,
      detail: verdict,
    })
  }
  return exitCodeOf(verdict)
}

/** Makes a trace smaller on the broker that the subject names. Throws `UsageError` when it does not fail there. */
export async function shrinkLiveTrace(
  path: string,
  trace: ServiceTrace,
  output: string,
  options: LiveTraceOptions,
): Promise<number> {
  const name = bootstrapOf(path, options.subject)
  const until = performance.now() + options.timeout * 1000
  const { setup, operations } = trace
  const subject = brokerSubject(name, { answerWithinMs, patienceMs })
  const { findings, gone } = await runLive({ setup, operations }, subject, liveOptions)
  const [finding] = findings
  if (finding === undefined) {
    const why =
      gone === null ? 'breaks no claim there, so there is nothing to shrink' : `cannot be shrunk: ${gone.sentence}`
    throw new UsageError(`${path} ${why}. Give a trace that fails on ${name}.`)
  }
  const shrunk = await shrinkLive({ setup, operations }, finding, subject, {
    ...liveOptions,
    executionsMost,
    isTimeUp: () => performance.now() > until,
  })
  const { verdict } = shrunk.finding
  const smaller: ServiceTrace = { ...trace, ...shrunk.run, expect: { verdict: 'violation', claim: verdict.claim } }
  writeTrace(output, smaller)
  const choice = { subject: options.subject, wire: false }
  const picture = await pictureHere(output, {
    ...pictured(output, { kind: 'trace', trace: smaller }, choice, null),
    seen: { steps: [], findings: [shrunk.finding], gone: null, leftovers: [] },
  })
  const before = counted(operations.length, 'operation')
  say(
    ...headline(verdict),
    `shrunk from ${before} to ${shrunk.run.operations.length} in ${counted(shrunk.executions, 'execution')}`,
    `written  ${output}`,
    picture,
  )
  if (options.json) {
    printJson({
      trace: path,
      written: output,
      claim: verdict.claim,
      operationsBefore: operations.length,
      operations: shrunk.run.operations.length,
      executions: shrunk.executions,
    })
  }
  return exitCodes.agree
}

async function verdictOf(
  trace: ServiceTrace,
  bootstrap: string,
): Promise<Pick<LiveResult, 'steps'> & { readonly verdict: Verdict }> {
  const { steps, findings, gone } = await playedLive(trace, bootstrap)
  const [finding] = findings
  if (finding !== undefined) return { verdict: finding.verdict, steps }
  // A broker that could not even be asked did not fail at an operation.
  const step = steps.length === 0 ? -1 : steps.length
  if (gone !== null) return { verdict: { kind: 'unknown', sentence: gone.sentence, step }, steps }
  return { verdict: { kind: 'agree', operations: trace.operations.length }, steps }
}

/** Carries a trace out on a broker; when it is not there, or cannot be asked this, `gone` says so. */
export async function playedLive(trace: ServiceTrace, bootstrap: string): Promise<LiveResult> {
  const nobody = (sentence: string): LiveResult => ({
    steps: [],
    findings: [],
    gone: { sentence, unanswered: null },
    leftovers: [],
  })
  let probed: Probe
  try {
    probed = await probe(bootstrap, { answerWithinMs })
    await warmUp(probed, answerWithinMs, patienceMs)
  } catch (thrown) {
    if (!isSubjectGone(thrown)) throw thrown
    return nobody(thrown.message)
  }
  const unspoken = unspokenIn(trace, probed)
  if (unspoken !== null) return nobody(unspoken)
  const { setup, operations } = trace
  const subject: LiveSubject = brokerSubject(bootstrap, { answerWithinMs, patienceMs })
  return runLive({ setup, operations }, subject, liveOptions)
}

/** Why this cluster cannot be asked what the trace asks; null when it can. */
function unspokenIn({ setup, operations }: ServiceTrace, { brokers, spoken, missing }: Probe): string | null {
  if (setup.brokers !== brokers.length) {
    return `the trace is of a cluster of ${counted(setup.brokers, 'broker')}, and this one has ${brokers.length}`
  }
  for (const api of new Set(operations.flatMap(({ kind }) => apisOf(kind, missing)))) {
    const range = spoken[api]
    if (range === undefined) return `the trace needs ${api}, which is ${missing[api] ?? 'not spoken here'}`
    const version = setup.versions[api]
    if (version !== undefined && (version < range.from || version > range.to)) {
      return `the trace needs ${api} in version ${version}, and ${range.from} to ${range.to} can be spoken`
    }
  }
  return null
}

function bootstrapOf(path: string, subject: string): string {
  const bootstrap = bootstrapIn(subject)
  if (bootstrap === null) {
    throw new UsageError(`${path} is a trace of a live broker. Say which: --subject ${brokerPrefix}HOST:PORT.`)
  }
  checkAddresses(bootstrap)
  return bootstrap
}
