// Making a finding on a live broker smaller, on that broker: the same candidates as everywhere, executed one after the other
// for as long as there is time.
import { reduce } from '../reduce.ts'
import { withoutChunk } from '../shrink-candidates.ts'
import { simplerValues } from '../simplify.ts'
import type { LiveRun, LiveSubject } from './live.ts'
import { type LiveFinding, type LiveOptions, runLive } from './run.ts'

export type LiveShrunk = { readonly run: LiveRun; readonly finding: LiveFinding; readonly executions: number }

type Failure = { readonly step: number; readonly finding: LiveFinding }

/** Pairs are tried in short runs only: there are many, and each is a run on a broker. */
const pairsMost = 8

/** The smallest run found with a finding of the same signature; the run itself when time is up at once. */
export async function shrinkLive(
  run: LiveRun,
  finding: LiveFinding,
  subject: LiveSubject,
  options: LiveOptions & { readonly executionsMost: number; readonly isTimeUp: () => boolean },
): Promise<LiveShrunk> {
  const steps = reduce<LiveRun, Failure>(
    run,
    { step: finding.verdict.step, finding },
    { pairs, setups: () => [], simplerAt: simplerServiceRuns, restructured: () => [] },
    options.executionsMost,
  )
  const whole = { ...run, operations: run.operations.slice(0, finding.verdict.step + 1) }
  let last: LiveShrunk = { run: whole, finding, executions: 1 }
  for (let step = steps.next(); ; ) {
    if (step.done === true)
      return { run: step.value.run, finding: step.value.failure.finding, executions: step.value.executions }
    const candidate = step.value
    const failure = options.isTimeUp() ? null : await failureOf(candidate, finding.signature, subject, options)
    if (failure !== null) {
      const operations = candidate.operations.slice(0, failure.step + 1)
      last = { run: { ...candidate, operations }, finding: failure.finding, executions: last.executions + 1 }
    }
    if (options.isTimeUp()) return last
    step = steps.next(failure)
  }
}

async function failureOf(
  run: LiveRun,
  signature: string,
  subject: LiveSubject,
  options: LiveOptions,
): Promise<Failure | null> {
  const { findings } = await runLive(run, subject, options)
  const found = findings.find(one => one.signature === signature)
  return found === undefined ? null : { step: found.verdict.step, finding: found }
}

function* pairs(run: LiveRun): Iterable<LiveRun> {
  const { length } = run.operations
  if (length > pairsMost) return
  for (let later = length - 1; later > 0; later--) {
    for (let earlier = later - 1; earlier >= 0; earlier--) {
      yield withoutChunk(withoutChunk(run, later, later + 1), earlier, earlier + 1)
    }
  }
}

/** The run with a simpler version of one operation. */
export function* simplerServiceRuns(run: LiveRun, index: number): Iterable<LiveRun> {
  const operation = run.operations[index]
  for (const simpler of simplerValues(operation, '')) {
    // A simpler value of an operation is an operation: the schema of traces holds for it.
    const operations = run.operations.with(index, simpler as LiveRun['operations'][number])
    if (isSensible(operation, operations[index])) yield { ...run, operations }
  }
}

type Operation = LiveRun['operations'][number]

/** What a batch, a topic or an offer cannot be without must stay, unless it was wrong from the start. */
function isSensible(before: Operation | undefined, after: Operation | undefined): boolean {
  if (before === undefined || after === undefined) return false
  return isWhole(after) || !isWhole(before)
}

function isWhole(operation: Operation): boolean {
  switch (operation.kind) {
    case 'produce':
      return operation.records.length > 0
    case 'createTopic':
      return operation.partitions > 0 && operation.replicationFactor > 0
    case 'join':
      return operation.protocols.length > 0 && operation.protocols.every(({ topics }) => topics.length > 0)
    default:
      return true
  }
}
