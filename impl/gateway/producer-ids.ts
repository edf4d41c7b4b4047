// InitProducerId for idempotent producers: ids out of blocks that the controller gives. Follows `ProducerIdManager`
// (KIP-730). Transactions are not offered.
import type { ProducerId } from '../../model/vocabulary/units.ts'
import type { Broker } from '../broker/broker.ts'
import type { initProducerId } from '../wire/apis/init-producer-id.ts'
import { errorCode, type KafkaErrorName } from '../wire/errors.ts'
import type { ControllerLink } from './controller-link.ts'
import type { Call } from './session.ts'

type InitCall = Call<typeof initProducerId>

/** The ids that one broker hands out. */
export class ProducerIds {
  readonly #controller: ControllerLink
  readonly #broker: Broker
  #next: ProducerId = 0
  #end: ProducerId = 0
  /** Calls that wait for a block. */
  #waiting: InitCall[] = []

  constructor(controller: ControllerLink, broker: Broker) {
    this.#controller = controller
    this.#broker = broker
  }

  /** Carries out InitProducerId. A producer that asks for another epoch gets a new id, which is as good (KIP-360). */
  handle(call: InitCall): void {
    if (call.request.transactionalId === '') refuse(call, 'INVALID_REQUEST')
    else if (call.request.transactionalId !== null) {
      // Clients take this one as final, and show it.
      refuse(call, 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
    } else if (this.#next < this.#end) answer(call, this.#next++)
    else {
      this.#waiting.push(call)
      if (this.#waiting.length === 1) this.#fetchBlock()
    }
  }

  #fetchBlock(): void {
    const { brokerId, brokerEpoch } = this.#broker
    const failed = (error: KafkaErrorName): void => {
      const waiting = this.#waiting
      this.#waiting = []
      for (const call of waiting) refuse(call, error)
    }
    this.#controller.ask(
      administration => administration.allocateProducerIds(brokerId, brokerEpoch),
      block => {
        if ('error' in block) {
          failed('COORDINATOR_NOT_AVAILABLE')
          return
        }
        this.#next = block.firstProducerId
        this.#end = block.firstProducerId + block.count
        const waiting = this.#waiting
        this.#waiting = []
        for (const call of waiting) this.handle(call)
      },
      () => failed('COORDINATOR_NOT_AVAILABLE'),
    )
  }
}

function answer({ answer: respond }: InitCall, producerId: ProducerId): void {
  respond({ throttleTimeMs: 0, errorCode: 0, producerId, producerEpoch: 0 })
}

function refuse({ answer: respond }: InitCall, error: KafkaErrorName): void {
  respond({ throttleTimeMs: 0, errorCode: errorCode(error), producerId: -1, producerEpoch: -1 })
}
