// Films of live brokers: who asked what, what was answered, and all that may be answered.
import { expect, test } from 'vitest'
import type { ServiceOperation } from '../../model/vocabulary/service.ts'
import { runLive } from '../../properties/validation/run.ts'
import { type Lie, modelBroker, standingTime } from '../../properties/validation/testing/model-broker.ts'
import type { ServiceTrace } from '../service.ts'
import { serviceFilm } from './service.ts'
import { about } from './testing/runs.ts'

const operations: readonly ServiceOperation[] = [
  { kind: 'createTopic', topic: 't1', partitions: 1, replicationFactor: 1, config: {} },
  { kind: 'initProducer', producer: 'p1' },
  {
    kind: 'produce',
    topic: 't1',
    partition: 0,
    stamp: { producer: 'p1', producerEpoch: 0, baseSequence: 0 },
    acks: -1,
    codec: 'none',
    fault: 'none',
    records: [{ key: null, value: '</script>', timestamp: 0 }],
  },
  { kind: 'heartbeat', group: 'g1', client: 'c1', memberId: 'c1#9', groupInstanceId: null, generationId: 3 },
  { kind: 'readAll', topic: 't1', partition: 0 },
]

const trace: ServiceTrace = {
  format: 'kafka-lockstep-trace',
  version: 1,
  scope: 'service',
  setup: { scope: 'service', brokers: 1, versions: { Fetch: 12 } },
  operations,
  expect: { verdict: 'violation', claim: 'O1' },
  note: 'a kind of finding',
}

async function filmWith(lie?: Lie) {
  const { setup } = trace
  const result = await runLive({ setup, operations }, modelBroker(1, lie), standingTime())
  return serviceFilm(trace, { result, subject: 'somebody' }, about)
}

test('whoever asks has a lane, and is answered', async () => {
  const film = await filmWith()
  expect(film.verdict).toMatchObject({ kind: 'agree', step: null })
  expect(film.lanes.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'broker broker',
    'c1 consumer',
    'client client',
    'p1 producer',
  ])
  expect(film.messages.map(({ from, to, kind, fate, why }) => [from, to, kind, fate, why])).toEqual([
    ['client', 'broker', 'CreateTopics', 'delivered', null],
    ['broker', 'client', 'CreateTopicsResponse', 'delivered', null],
    ['p1', 'broker', 'InitProducerId', 'delivered', null],
    ['broker', 'p1', 'InitProducerIdResponse', 'delivered', null],
    ['p1', 'broker', 'Produce', 'delivered', null],
    ['broker', 'p1', 'ProduceResponse', 'delivered', null],
    ['c1', 'broker', 'Heartbeat', 'refused', 'UNKNOWN_MEMBER_ID'],
    ['broker', 'c1', 'HeartbeatResponse', 'refused', 'UNKNOWN_MEMBER_ID'],
    ['client', 'broker', 'Fetch', 'delivered', null],
    ['broker', 'client', 'FetchResponse', 'delivered', null],
  ])
  for (const { outcome } of film.steps.slice(1)) expect(outcome.model).toContainEqual(outcome.subject)
})

test('a wrong answer ends the film, beside all that are allowed', async () => {
  const film = await filmWith((operation, outcome) =>
    operation.kind === 'produce' && outcome.kind === 'appended' ? { ...outcome, baseOffset: 7 } : outcome,
  )
  expect(film.verdict).toMatchObject({ kind: 'violation', step: 3 })
  expect(film.steps.length).toBe(4)
  expect(film.steps[3]?.outcome.subject).toEqual({ kind: 'appended', baseOffset: 7 })
  expect(film.steps[3]?.outcome.model).toContainEqual({ kind: 'appended', baseOffset: 0 })
  expect(film.steps[3]?.differences).toEqual([{ path: 'outcome.baseOffset', model: 0, subject: 7 }])
})

test('without a broker the sequence is drawn, with what the model allows as long as that is one answer', () => {
  const film = serviceFilm(trace, null, about)
  expect(film.verdict).toEqual({
    kind: 'unknown',
    title: 'O1 one record per offset, as the trace says',
    sentence: 'No broker was asked: --subject broker:HOST:PORT asks one.',
    settings: [],
    step: null,
  })
  expect(film.steps.length).toBe(operations.length + 1)
  expect(film.subject).toBeNull()
  expect(film.steps[1]?.did).toEqual(['the model allows: done'])
  expect(film.messages.every(({ to }) => to === 'broker')).toBe(true)
})
