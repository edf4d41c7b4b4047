// Scope `producer`: one producer, whose brokers the sequence plays.
import { checkProducer } from '../../model/producer/invariants.ts'
import { initialProducerScope, observeProducerScope, stepProducerScope } from '../../model/producer/scope.ts'
import type { ProducerState } from '../../model/producer/state.ts'
import { producerLabels, startProducerLabeller } from '../coverage/producer.ts'
import { startProducerWalker } from '../generation/producer.ts'
import { namesOf } from '../premises/premise.ts'
import { producerPremises } from '../premises/producer.ts'
import {
  modelSide,
  type ObservationOf,
  type OperationOf,
  type Scope,
  type Specification,
  statelessChecker,
} from '../scope.ts'
import { startProducerSubject } from '../subjects/producer.ts'

/** The model of a producer. */
export const producerSpecification: Specification<'producer', ProducerState> = {
  initial: initialProducerScope,
  step: stepProducerScope,
  observe: observeProducerScope,
}

export const producerScope: Scope<'producer'> = {
  name: 'producer',
  startModel: setup => modelSide(producerSpecification, setup),
  subject: { name: 'impl', start: startProducerSubject },
  wireSubject: null,
  startChecker: () => statelessChecker(checkProducer, producerPremises),
  premises: namesOf(producerPremises),
  startLabeller: startProducerLabeller,
  labels: producerLabels,
  labelledEvery: 1,
  startWalker: startProducerWalker,
  abstractState,
  settings: ({ setup, operations }) =>
    settingsOf(operations).concat(`max.in.flight.requests.per.connection=${setup.config.maxInFlight}`),
  plainSetup: {
    scope: 'producer',
    brokers: 1,
    config: {
      retryBackoffMs: 100,
      deliveryTimeoutMs: 2000,
      requestTimeoutMs: 300,
      maxInFlight: 5,
      heartbeatIntervalMs: 300,
      sessionTimeoutMs: 1000,
      rebalanceTimeoutMs: 1000,
    },
  },
  shrinking: {
    isSensible: operation =>
      operation.kind !== 'open' || !operation.session.idempotent || operation.session.acks === -1,
    arePaired: (earlier, later) => earlier.kind === 'send' && later.kind === 'respond',
    smallerRuns: function* ({ setup, operations }) {
      if (setup.brokers > 1) yield { setup: { ...setup, brokers: setup.brokers - 1 }, operations }
    },
    restructured: () => [],
  },
}

function settingsOf(operations: readonly OperationOf<'producer'>[]): readonly string[] {
  const last = operations.findLast(operation => operation.kind === 'open')
  if (last === undefined) return []
  return [
    `acks=${last.session.acks === -1 ? 'all' : last.session.acks}`,
    `enable.idempotence=${last.session.idempotent}`,
  ]
}

function abstractState({
  session,
  queues,
  unassigned,
  needsMetadata,
  metadataRetryAt,
}: ObservationOf<'producer'>): string {
  if (session === null) return 'closed'
  const states = queues.flatMap(({ batches }) => batches.map(({ state }) => state))
  const count = (wanted: string) => Math.min(2, states.filter(state => state === wanted).length)
  return [
    session.acks,
    session.idempotent,
    session.failed,
    count('waiting'),
    count('inFlight'),
    count('retry'),
    Math.min(2, unassigned.length),
    needsMetadata,
    metadataRetryAt !== null,
  ].join(' ')
}
