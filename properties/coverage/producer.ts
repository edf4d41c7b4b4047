// The behaviours of one producer that a campaign counts.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { Hit, Scope, Transition } from '../scope.ts'

/** What a campaign over producers should reach. */
export const producerLabels: Scope<'producer'>['labels'] = {
  'batch acknowledged': 'required',
  'batch acknowledged out of turn': 'required',
  'acks=0 completed as sent': 'required',
  'batch waits for metadata': 'required',
  'topic unknown after metadata': 'required',
  'partition without a leader': 'required',
  'stale metadata ignored': 'required',
  'in-flight limit reached': 'required',
  'batch retried': 'required',
  'retry kept its sequence': 'required',
  'retry went to another broker': 'required',
  'out-of-order answer retried': 'required',
  'batch failed': 'required',
  'outcome of a batch unknown': 'required',
  'session failed': 'required',
  'send after the session failed': 'required',
  'delivery timed out before sending': 'required',
  'delivery timed out after sending': 'required',
  'connection broke with batches in flight': 'required',
  'answer ignored': 'required',
  'session replaced with batches open': 'required',
  'unknown partition refused': 'required',
}

/** Labels one operation on a producer; remembers which broker each batch was sent to. */
export function startProducerLabeller(): ReturnType<Scope<'producer'>['startLabeller']> {
  const sentTo = new Map<string, number>()
  return (transition, _model, hit) => {
    labelCompletions(transition, hit)
    labelOperation(transition, hit)
    for (const { broker, request } of transition.outcome.requests) {
      if (request.kind !== 'Produce') continue
      const batch = transition.after.queues
        .flatMap(({ batches }) => batches)
        .find(({ correlationId, state }) => state === 'inFlight' && correlationId === request.correlationId)
      if (batch === undefined) continue
      const name = `${transition.after.session?.producerId} ${batch.batch}`
      const before = sentTo.get(name)
      if (before !== undefined) hit('batch retried')
      if (before !== undefined && batch.baseSequence >= 0) hit('retry kept its sequence')
      if (before !== undefined && before !== broker) hit('retry went to another broker')
      sentTo.set(name, broker)
    }
  }
}

function labelCompletions({ before, operation, after }: Transition<'producer'>, hit: Hit): void {
  if (before.completed === after.completed) return
  for (const { result, batch, partition } of after.completed.slice(before.completed.length)) {
    const wasSent = before.queues.some(({ batches }) =>
      batches.some(known => known.batch === batch && known.state !== 'waiting'),
    )
    const queue = before.queues.find(({ batches }) => batches.some(known => known.batch === batch))
    switch (result.kind) {
      case 'acknowledged':
        hit(result.offset === -1 ? 'acks=0 completed as sent' : 'batch acknowledged')
        if (queue !== undefined && queue.batches[0]?.batch !== batch) hit('batch acknowledged out of turn')
        break
      case 'failed':
        hit('batch failed')
        if (operation.kind === 'send' && before.session?.failed === true) hit('send after the session failed')
        if (operation.kind === 'send' && result.error === 'UNKNOWN_TOPIC_OR_PARTITION') hit('unknown partition refused')
        if (operation.kind === 'advance' && isTimeOut(result.error)) hit('delivery timed out before sending')
        break
      case 'unknown':
        hit('outcome of a batch unknown')
        if (operation.kind === 'advance' && isTimeOut(result.error) && wasSent) hit('delivery timed out after sending')
        break
    }
    if (partition === -1 && operation.kind === 'respond') hit('unknown partition refused')
  }
  if (operation.kind === 'open') hit('session replaced with batches open')
}

function isTimeOut(error: ErrorName): boolean {
  return error === 'REQUEST_TIMED_OUT'
}

function labelOperation({ setup, before, operation, outcome, after }: Transition<'producer'>, hit: Hit): void {
  if (before.session?.failed !== true && after.session?.failed === true) hit('session failed')
  if (before.unassigned.length < after.unassigned.length) hit('batch waits for metadata')
  const inFlight = after.queues.flatMap(({ batches }) => batches.filter(({ state }) => state === 'inFlight'))
  const waiting = after.queues.some(({ batches }) => batches.some(({ state }) => state === 'waiting'))
  if (waiting && inFlight.length >= setup.config.maxInFlight) hit('in-flight limit reached')
  switch (operation.kind) {
    case 'disconnected':
      if (
        before.queues.some(({ batches }) =>
          batches.some(({ state, broker }) => state === 'inFlight' && broker === operation.broker),
        )
      ) {
        hit('connection broke with batches in flight')
      }
      break
    case 'respond': {
      const { response } = operation
      if (before === after && outcome.requests.length === 0) hit('answer ignored')
      if (response.kind === 'ProduceResponse' && response.error === 'OUT_OF_ORDER_SEQUENCE_NUMBER') {
        const isRetried = after.queues.some(({ batches }) =>
          batches.some(({ state, retryAt }) => state === 'retry' && retryAt !== null),
        )
        if (isRetried && after.session?.failed === false) hit('out-of-order answer retried')
      }
      if (response.kind !== 'MetadataResponse') break
      if (after.metadataRetryAt !== null && before.metadataRetryAt === null) hit('topic unknown after metadata')
      for (const named of response.partitions) {
        const cached = before.metadata.find(
          ({ topic, partition }) => topic === named.topic && partition === named.partition,
        )
        if (cached !== undefined && cached.leaderEpoch > named.leaderEpoch) hit('stale metadata ignored')
        if (named.leader === -1) hit('partition without a leader')
      }
      break
    }
    default:
  }
}
