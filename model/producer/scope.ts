// Scope `producer`: one producer, and brokers that the sequence plays.
import { unreachable } from '../unreachable.ts'
import type { ProducerObservation, ProducerOperation, ProducerOutcome, ProducerSetup } from '../vocabulary/clients.ts'
import { observeProducer } from './observe.ts'
import {
  closedProducer,
  openProducer,
  producerDisconnected,
  receiveByProducer,
  sendRecords,
  tickProducer,
} from './producer.ts'
import type { ProducerState, ProducerStep } from './state.ts'

/** A closed producer at time 0. */
export function initialProducerScope(setup: ProducerSetup): ProducerState {
  return closedProducer('p1', setup.brokers, setup.config)
}

/** The producer after one operation (the same object if nothing changed) and what it sent. Total. */
export function stepProducerScope(
  state: ProducerState,
  operation: ProducerOperation,
): { readonly state: ProducerState; readonly outcome: ProducerOutcome } {
  const step = stepProducer(state, operation)
  return { state: step.state, outcome: { kind: 'sent', requests: step.requests } }
}

/** What can be seen. Parts that did not change are the same objects as before. */
export function observeProducerScope(state: ProducerState): ProducerObservation {
  return observeProducer(state)
}

function stepProducer(state: ProducerState, operation: ProducerOperation): ProducerStep {
  switch (operation.kind) {
    case 'open':
      return openProducer(state, operation.session)
    case 'send':
      return sendRecords(state, operation)
    case 'respond':
      return receiveByProducer(state, operation.broker, operation.response)
    case 'disconnected':
      return producerDisconnected(state, operation.broker)
    case 'advance':
      return operation.ms >= 0 ? tickProducer(state, state.now + operation.ms) : { state, requests: [], applied: false }
    default:
      return unreachable(operation)
  }
}
