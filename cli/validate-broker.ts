// `lockstep validate --broker HOST:PORT`: many runs at a time on a broker that somebody else runs, within a bounded time; what
// was found is made smaller on that broker, and written down.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServiceGround } from '../properties/generation/service.ts'
import { isSubjectGone } from '../properties/subject-gone.ts'
import { type Probe, probe } from '../properties/subjects/broker/probe.ts'
import { apisOf } from '../properties/subjects/broker/spoken.ts'
import { brokerSubject } from '../properties/subjects/broker/subject.ts'
import { warmUp } from '../properties/subjects/broker/warm-up.ts'
import { type LiveFound, runLiveCampaign } from '../properties/validation/campaign.ts'
import type { LiveTally } from '../properties/validation/tally.ts'
import { counted, headline, sideBySide } from '../traces/render/failure.ts'
import { serviceLines } from '../traces/render/service.ts'
import { type ServiceTrace, serviceScope } from '../traces/service.ts'
import { traceVersion } from '../traces/trace.ts'
import { writeTrace } from '../traces/write.ts'
import { brokerPrefix, checkAddresses, groundOf, liveOptions, patienceMs, topicOnDemand } from './broker-choice.ts'
import { brokerReport, goneReport } from './conformance/broker-report.ts'
import type { Conformance, ConformanceFinding } from './conformance/report.ts'
import { UsageError } from './exit.ts'
import { replayCommand } from './failure.ts'
import { listenForInterrupt } from './interrupt.ts'
import { pictured, pictureHere } from './picture.ts'
import { leftPart, type Sofar, startProgress } from './progress.ts'
import { say } from './screen.ts'
import type { ValidateOptions } from './validate.ts'

/** A broker, and what it is called in the report. */
export type ValidatedBroker = { readonly bootstrap: string; readonly name: string }

/** All in all two minutes at most: what is under way when time is up may take an answer's patience more. */
const usualMs = 100_000
/** Shares of the time: for playing when there is something to be made smaller, when there is not, and to be done. */
const share = { playing: 0.55, playingInPeace: 0.92, shrinking: 0.95 }
const lanesUsual = 12
const findingsTold = 100
const warmUpMs = 30_000

/** Validates a broker. Throws `UsageError` for what cannot be asked for. */
export async function validateBroker(broker: ValidatedBroker, options: ValidateOptions): Promise<Conformance> {
  checkAddresses(broker.bootstrap)
  const known = knownFindings(options.known)
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32)
  const startedAt = performance.now()
  const elapsedMs = (): number => performance.now() - startedAt
  const answerWithinMs = options.timeout * 1000
  const subject = brokerSubject(broker.bootstrap, { answerWithinMs, patienceMs })
  let probed: Probe
  let onDemand: ServiceGround['onDemand']
  try {
    probed = await probe(broker.bootstrap, { answerWithinMs })
    const error = await warmUp(probed, answerWithinMs, warmUpMs)
    onDemand = await topicOnDemand(probed, subject)
    if (error !== null) say(`the cluster still answers ${error}; it is validated as it is`)
  } catch (thrown) {
    if (!isSubjectGone(thrown)) throw thrown
    return goneReport(broker.name, seed, elapsedMs() / 1000, thrown.message)
  }
  const limitMs = options.runs !== undefined ? Number.POSITIVE_INFINITY : (options.time ?? usualMs / 1000) * 1000
  const lanes = options.workers ?? lanesUsual
  say(
    `validating ${broker.name} (${counted(probed.brokers.length, 'broker')}) with seed ${seed}, ${counted(lanes, 'run')} at a time`,
  )
  const interrupt = listenForInterrupt()
  let sofar: LiveTally | null = null
  const progress = startProgress(() => sofarOf(sofar, elapsedMs(), limitMs, options.runs))
  let isFound = false
  try {
    const { tally, found, givenUp } = await runLiveCampaign({
      ...liveOptions,
      subject,
      ground: groundOf(probed, onDemand),
      apisOf,
      seed,
      lanes,
      runsMost: options.runs ?? Number.POSITIVE_INFINITY,
      isTimeUp: () =>
        interrupt.signal.aborted || elapsedMs() > limitMs * (isFound ? share.playing : share.playingInPeace),
      isShrinkingOver: () =>
        interrupt.signal.aborted ||
        elapsedMs() > (Number.isFinite(limitMs) ? limitMs * share.shrinking : Number.POSITIVE_INFINITY),
      onRun: tally => {
        isFound = tally.signatures.size > 0 && [...tally.signatures].some(signature => !known.has(signature))
        sofar = tally
      },
    })
    progress.end()
    const findings: Awaited<ReturnType<typeof told>>[] = []
    for (const one of found.slice(0, findingsTold)) {
      findings.push(await told(one, { broker, seed, known, folder: options.output }))
    }
    const seconds = elapsedMs() / 1000
    return brokerReport({
      broker,
      probed,
      oddities: subject.oddities(),
      givenUp,
      seed,
      seconds,
      lanes,
      tally,
      findings,
      found,
      isInterrupted: interrupt.signal.aborted,
    })
  } finally {
    progress.end()
    interrupt.stop()
  }
}

/** Findings that are written down already, by their signatures: a JSON object of signature and where it is explained. */
function knownFindings(path: string | undefined): ReadonlyMap<string, string> {
  if (path === undefined) return new Map()
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new UsageError(
      `--known ${path} cannot be read: ${error instanceof Error ? error.message : error}. Give a JSON file.`,
    )
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const entries = isObject ? Object.entries(value as object) : []
  const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string'
  if (!isObject || !entries.every(isText)) {
    throw new UsageError(
      `--known ${path} is no object of texts: write {"signature of a finding": "where it is explained"}.`,
    )
  }
  return new Map(entries.filter(isText))
}

/** Writes the trace of a finding, and how it went. */
async function told(
  { run, finding, index, from, failingRuns }: LiveFound,
  {
    broker,
    seed,
    known,
    folder,
  }: {
    readonly broker: ValidatedBroker
    readonly seed: number
    readonly known: ReadonlyMap<string, string>
    readonly folder: string | undefined
  },
): Promise<ConformanceFinding & { readonly signature: string }> {
  const { verdict, signature } = finding
  const { claim, sentence, settings } = verdict
  const trace: ServiceTrace = {
    format: 'kafka-lockstep-trace',
    version: traceVersion,
    scope: serviceScope,
    note: signature,
    ...run,
    expect: { verdict: 'violation', claim },
    origin: { seed, run: index, subject: broker.name },
  }
  const name = `service-${signature
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 80)}-${seed}-${index}.json`
  const path = folder === undefined ? join('traces', 'found', name) : join(folder, name)
  writeTrace(path, trace)
  const explained = known.get(signature)
  const sides = sideBySide(verdict, broker.name)
  const origin = `seed ${seed}, run ${index}, shrunk from ${counted(from, 'operation')} to ${run.operations.length}`
  const choice = { subject: `${brokerPrefix}${broker.bootstrap}`, wire: false }
  const picture = await pictureHere(path, {
    ...pictured(path, { kind: 'trace', trace }, choice, origin),
    seen: { steps: [], findings: [finding], gone: null, leftovers: [] },
  })
  const lines = [
    ...headline(verdict),
    `${origin}; in ${counted(failingRuns, 'run')}`,
    ...(explained === undefined ? [] : [`known: ${explained}`]),
    '',
    ...serviceLines(run.operations, []),
    '',
    ...sides,
    ...(sides.length === 0 ? [] : ['']),
    `replay   ${replayCommand(path, choice)}`,
    `written  ${path}`,
    picture,
  ]
  return {
    claim,
    sentence,
    settings,
    seed,
    run: index,
    operations: run.operations.length,
    failingRuns,
    trace: path,
    lines,
    signature,
    ...(explained === undefined ? {} : { known: explained }),
  }
}

/** How far it is of so many runs, or of the time. */
function sofarOf(tally: LiveTally | null, ms: number, limitMs: number, wanted: number | undefined): Sofar {
  const runs = tally?.runs ?? 0
  const found = tally?.signatures.size ?? 0
  const unknown = [...(tally?.gone.values() ?? [])].reduce((sum, part) => sum + part.runs, 0)
  return {
    done: wanted === undefined ? ms / limitMs : runs / wanted,
    parts: [
      ...(wanted === undefined ? [leftPart((limitMs - ms) / 1000)] : []),
      { text: `${counted(found, 'kind')} of findings`, short: `${found} found`, ...(found > 0 ? red : {}) },
      ...(unknown === 0 ? [] : [{ text: `${unknown} unknown`, style: 'yellow' as const }]),
      { text: counted(runs, 'run') },
      { text: counted(tally?.operations ?? 0, 'operation') },
    ],
  }
}

const red = { style: 'red' } as const
