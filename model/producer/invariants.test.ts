import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ProducerObservation, ProducerOperation } from '../vocabulary/clients.ts'
import type { ErrorName } from '../vocabulary/errors.ts'
import { advance, answer, idempotent, metadata, open, plain, send, setup } from './examples.ts'
import { checkProducer } from './invariants.ts'
import { initialProducerScope, observeProducerScope, stepProducerScope } from './scope.ts'

const errors: readonly ErrorName[] = [
  'NOT_LEADER_OR_FOLLOWER',
  'REQUEST_TIMED_OUT',
  'NOT_ENOUGH_REPLICAS',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'INVALID_RECORD',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
]

type Wish = { readonly what: number; readonly which: number; readonly error: number; readonly ms: number }

const wishes = fc.array(
  fc.record({ what: fc.nat(20), which: fc.nat(5), error: fc.nat(30), ms: fc.constantFrom(0, 1, 50, 100, 500, 2_000) }),
  { minLength: 20, maxLength: 60 },
)

/** Answers go to what is in flight, or to what is thought to be asked; now and then to nothing. */
function operationFor({ what, which, error, ms }: Wish, seen: ProducerObservation, asked: number): ProducerOperation {
  const flying = seen.queues.flatMap(({ batches }) => batches).filter(({ state }) => state === 'inFlight')
  const correlationId = flying[which % Math.max(1, flying.length)]?.correlationId ?? which
  if (seen.session === null || (what === 0 && which === 0)) {
    return open(ms === 0 ? { ...plain, acks: which % 2 === 0 ? 0 : 1 } : idempotent)
  }
  if (what < 7) return send(which < 3 ? which : null, ...['a', 'b', 'c'].slice(0, which % 4))
  if (what < 10) return metadata(asked, which === 0 ? [] : [1, which % 2 === 0 ? 2 : -1, 3], error % 4)
  if (what < 16) return answer(correlationId, errors[error] ?? 'NONE', ms)
  if (what === 16) return { kind: 'disconnected', broker: 1 + (which % 3) }
  return advance(ms === 2_000 && which > 0 ? 100 : ms)
}

test('every claim holds after every operation on a producer', () => {
  const reached = new Set<string>()
  fc.assert(
    fc.property(wishes, all => {
      let state = initialProducerScope(setup)
      for (const wish of all) {
        const before = observeProducerScope(state)
        const operation = operationFor(wish, before, state.metadataRequest?.correlationId ?? -1)
        const { state: next, outcome } = stepProducerScope(state, operation)
        const after = observeProducerScope(next)
        expect(checkProducer({ before, operation, outcome, after })).toBeNull()
        for (const { result } of after.completed) {
          reached.add(result.kind === 'acknowledged' ? result.kind : `${result.kind} ${result.error}`)
        }
        state = next
      }
    }),
    { numRuns: 400, seed: 7 },
  )
  expect([...reached].sort()).toEqual(
    expect.arrayContaining([
      'acknowledged',
      'failed INVALID_PRODUCER_EPOCH',
      'failed INVALID_RECORD',
      'failed REQUEST_TIMED_OUT',
      'unknown INVALID_PRODUCER_EPOCH',
      'unknown INVALID_RECORD',
      'unknown REQUEST_TIMED_OUT',
    ]),
  )
})

/** The observations around the last of some operations. */
function last(...operations: readonly ProducerOperation[]) {
  let state = initialProducerScope(setup)
  for (const operation of operations.slice(0, -1)) state = stepProducerScope(state, operation).state
  const before = observeProducerScope(state)
  const operation = operations[operations.length - 1] ?? advance(0)
  const { state: next, outcome } = stepProducerScope(state, operation)
  return { before, operation, outcome, after: observeProducerScope(next) }
}

const started = [open(idempotent), send(0, 'a'), metadata(1, [1])]

test('a batch that vanishes breaks P3', () => {
  const seen = last(...started, advance(1))
  expect(checkProducer(seen)).toBeNull()
  expect(checkProducer({ ...seen, after: { ...seen.after, queues: [] } })).toEqual({
    claim: 'P3',
    sentence: 'open or just completed after advance are the batches none, not 0',
  })
})

test('a batch that was sent and is called failed when it is only too old breaks L8', () => {
  const seen = last(...started, advance(2_000))
  const completed = seen.after.completed.map(one => ({
    ...one,
    result: { kind: 'failed' as const, error: 'REQUEST_TIMED_OUT' as const },
  }))
  expect(checkProducer(seen)).toBeNull()
  expect(checkProducer({ ...seen, after: { ...seen.after, completed } })).toEqual({
    claim: 'L8',
    sentence: 'batch 0 failed with REQUEST_TIMED_OUT, but it may be in the log',
  })
})

test('a batch that is sent when it was acknowledged breaks L8', () => {
  const seen = last(...started, answer(2, 'NONE', 0))
  const again = last(...started).outcome
  expect(checkProducer({ ...seen, outcome: again })).toEqual({
    claim: 'L8',
    sentence: 'request 2 to broker 1 is of no batch in flight',
  })
})

test('a sequence that is left out breaks O3', () => {
  const waiting = last(open(idempotent), send(0, 'a'), send(0, 'b', 'c'), metadata(1, [1]))
  expect(checkProducer(waiting)).toBeNull()
  const requests = waiting.outcome.requests.map(sent => {
    const { request } = sent
    if (request.kind !== 'Produce' || request.correlationId !== 3) return sent
    return { ...sent, request: { ...request, records: request.records.map(one => ({ ...one, baseSequence: 2 })) } }
  })
  expect(checkProducer({ ...waiting, outcome: { kind: 'sent', requests } })).toEqual({
    claim: 'O3',
    sentence: 't/0: sequence 2 left where 1 was next',
  })
})

test('a result that changes once it was told breaks L8', () => {
  const seen = last(...started, answer(2, 'NONE', 0), advance(1))
  expect(checkProducer(seen)).toBeNull()
  const completed = seen.after.completed.map(one => ({ ...one, result: { kind: 'acknowledged' as const, offset: 7 } }))
  expect(checkProducer({ ...seen, after: { ...seen.after, completed } })).toEqual({
    claim: 'L8',
    sentence: 'the result of batch 0 changed',
  })
})
