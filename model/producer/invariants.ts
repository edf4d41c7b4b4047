// The claims of docs/claims.md that can be seen on one producer. They look at observations only, so that they hold the
// model and the implementation to the same account.
import type { Violation } from '../vocabulary/claims.ts'
import type { ProducerObservation, ProducerOperation } from '../vocabulary/clients.ts'
import type { ErrorName } from '../vocabulary/errors.ts'
import type { RecordsValue, Request } from '../vocabulary/messages.ts'
import { sequencesAreDense, sequencesRise } from './sequences.ts'
import type { ProducerTransition } from './transition.ts'

/** Every claim on one producer, in the order in which they are checked. */
export const producerInvariants: readonly ((transition: ProducerTransition) => Violation | null)[] = [
  nothingIsForgotten,
  resultsAreFinal,
  completedIsNeverSent,
  resultsAreTrue,
  queuesKeepOrder,
  sequencesRise,
  sequencesAreDense,
]

/** The first claim that one operation broke, or null. */
export function checkProducer(transition: ProducerTransition): Violation | null {
  for (const invariant of producerInvariants) {
    const violation = invariant(transition)
    if (violation !== null) return violation
  }
  return null
}

/**
 * P3: every batch that the application handed over is in exactly one place: unassigned, in one queue, or completed. A send
 * to an open producer makes one; nothing else makes or loses any. It looks at what was open before, for the results told
 * by then stay (`resultsAreFinal`).
 */
export function nothingIsForgotten({ before, operation, after }: ProducerTransition): Violation | null {
  const openBefore = openBatches(before)
  const made = openBefore.length + before.completed.length
  const isHandedOver = operation.kind === 'send' && operation.records.length > 0 && before.session !== null
  const expected = [...openBefore, ...(isHandedOver ? [made] : [])].sort(byNumber)
  const completed = after.completed.slice(before.completed.length).map(({ batch }) => batch)
  const found = [...openBatches(after), ...completed].sort(byNumber)
  if (found.length === expected.length && found.every((batch, index) => batch === expected[index])) return null
  const [are, were] = [found, expected].map(batches => batches.join(', ') || 'none')
  return violated('P3', `open or just completed after ${operation.kind} are the batches ${are}, not ${were}`)
}

/** L8: a result, once told, stays. */
export function resultsAreFinal({ before, after }: ProducerTransition): Violation | null {
  const changed = before.completed.find((old, index) => {
    const present = after.completed[index]
    if (present === old) return false
    return present?.batch !== old.batch || JSON.stringify(present.result) !== JSON.stringify(old.result)
  })
  return changed === undefined ? null : violated('L8', `the result of batch ${changed.batch} changed`)
}

/**
 * L8: a batch that was acknowledged, or has failed, is never sent again: every request that leaves is that of a batch in
 * flight, or of one that left with `acks` 0 just now.
 */
export function completedIsNeverSent({ before, outcome, after }: ProducerTransition): Violation | null {
  const flying = after.queues.flatMap(({ batches }) => batches.filter(({ state }) => state === 'inFlight'))
  for (const { broker, request } of outcome.requests) {
    if (request.kind !== 'Produce') continue
    if (request.acks === 0) continue
    const { correlationId } = request
    if (flying.some(batch => batch.correlationId === correlationId && batch.broker === broker)) continue
    return violated('L8', `request ${correlationId} to broker ${broker} is of no batch in flight`)
  }
  const unanswered = outcome.requests.filter(({ request }) => request.kind === 'Produce' && request.acks === 0)
  if (unanswered.length <= after.completed.length - before.completed.length) return null
  return violated('L8', `${unanswered.length} batches left with acks=0, and fewer were completed`)
}

/**
 * L8: results say what is known. `acknowledged`: the leader said so just now (or nobody was asked to). `failed`: the batch
 * was never sent, or has just been refused for good, with an error that promises that the log does not have it. Whatever
 * was sent and is given up otherwise is `unknown`.
 */
export function resultsAreTrue({ before, operation, outcome, after }: ProducerTransition): Violation | null {
  for (const { batch, result } of after.completed.slice(before.completed.length)) {
    const queued = before.queues.flatMap(({ batches }) => batches).find(old => old.batch === batch) ?? null
    const answer = queued?.state === 'inFlight' ? answerTo(queued.correlationId, operation) : null
    switch (result.kind) {
      case 'acknowledged': {
        const isUnasked = result.offset === -1 && outcome.requests.some(({ request }) => isUnanswered(request))
        if (isUnasked || (answer?.error === 'NONE' && answer.baseOffset === result.offset)) continue
        return violated('L8', `batch ${batch} is acknowledged at ${result.offset}, which no leader said`)
      }
      case 'failed': {
        if (queued === null || (queued.state === 'waiting' && queued.baseSequence === -1)) continue
        if (answer !== null && answer.error === result.error && !openErrors.has(answer.error)) continue
        return violated('L8', `batch ${batch} failed with ${result.error}, but it may be in the log`)
      }
      case 'unknown':
        if (queued !== null && queued.state !== 'waiting') continue
        return violated('L8', `batch ${batch} was never sent, and yet its result is unknown`)
    }
  }
  return null
}

/** O3: a partition's queue holds its batches in the order in which the application handed them over. */
export function queuesKeepOrder({ after }: ProducerTransition): Violation | null {
  for (const { topic, partition, batches } of after.queues) {
    const numbers = batches.map(({ batch }) => batch)
    const isInOrder = numbers.every((batch, index) => index === 0 || batch > (numbers[index - 1] ?? -1))
    if (!isInOrder)
      return violated('O3', `the queue of ${topic}/${partition} is ${numbers.join(', ')}: not as handed over`)
  }
  return null
}

/** Errors after which a batch may be in the log all the same. */
const openErrors: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'NONE',
  'REQUEST_TIMED_OUT',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'NOT_LEADER_OR_FOLLOWER',
  'KAFKA_STORAGE_ERROR',
])

function openBatches({ unassigned, queues }: ProducerObservation): readonly number[] {
  return [...unassigned, ...queues.flatMap(({ batches }) => batches.map(({ batch }) => batch))]
}

function byNumber(a: number, b: number): number {
  return a - b
}

function answerTo(
  correlationId: number | null,
  operation: ProducerOperation,
): { readonly error: ErrorName; readonly baseOffset: number } | null {
  if (operation.kind !== 'respond' || operation.response.kind !== 'ProduceResponse') return null
  return operation.response.correlationId === correlationId ? operation.response : null
}

function isUnanswered(request: Request<RecordsValue>): boolean {
  return request.kind === 'Produce' && request.acks === 0
}

function violated(claim: string, sentence: string): Violation {
  return { claim, sentence }
}
