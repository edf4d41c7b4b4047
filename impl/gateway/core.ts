// The gateway's way into its broker: core messages for one partition or group each, and their answers by callback.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { CorrelationId, Milliseconds, Offset, PartitionIndex } from '../../model/vocabulary/units.ts'
import type { Broker } from '../broker/broker.ts'
import type { WireRequest, WireResponse } from '../ports/network.ts'
import { type ClientSession, guarded } from './session.ts'

type Answered = (response: WireResponse) => void
type Produce = {
  readonly topic: string
  readonly partition: PartitionIndex
  readonly acks: -1 | 0 | 1
  readonly timeoutMs: Milliseconds
  readonly records: Uint8Array
}
/** A request that has its correlation id here. */
export type Unnumbered<Request = WireRequest> = Request extends WireRequest ? Omit<Request, 'correlationId'> : never

/** One broker's core, as its gateway speaks with it. */
export class Core {
  readonly broker: Broker
  readonly #waiting = new Map<CorrelationId, { readonly client: ClientSession; readonly answered: Answered }>()
  #correlationId: CorrelationId = 0

  constructor(broker: Broker) {
    this.broker = broker
  }

  /** Sends a request in the name of a client; `answered` is called once, at once or later, or never if the client goes. */
  ask(client: ClientSession, request: Unnumbered, answered: Answered): void {
    const correlationId = ++this.#correlationId
    this.#waiting.set(correlationId, { client, answered })
    this.broker.receive({ endpoint: client.name, connection: 0 }, { ...request, correlationId } as WireRequest)
  }

  /** The broker answered a client. */
  answered(response: WireResponse): void {
    const waiting = this.#waiting.get(response.correlationId)
    if (waiting === undefined) return
    this.#waiting.delete(response.correlationId)
    // Whoever answers is in the midst of an event of the broker, which must go on whatever a client's answer comes to.
    guarded(waiting.client, () => waiting.answered(response))
  }

  /** A client is gone: nobody waits for its answers. */
  forget(client: ClientSession): void {
    for (const [id, waiting] of this.#waiting) if (waiting.client === client) this.#waiting.delete(id)
  }

  /** Appends to one partition; with `acks` 0 and 1 the callback comes at once. */
  produce(client: ClientSession, produce: Produce, done: (error: ErrorName, baseOffset: Offset) => void): void {
    // Who wants no acknowledgement is not told of errors, but we are: with `acks` 0 they end the connection.
    const acks = produce.acks === 0 ? 1 : produce.acks
    this.ask(client, { kind: 'Produce', ...produce, acks }, response => {
      if (response.kind === 'ProduceResponse') done(response.error, response.baseOffset)
    })
  }

  /** Where a partition's log starts; -1 where there is no replica. */
  logStartOffset(topic: string, partition: PartitionIndex): Offset {
    return this.broker.replica(topic, partition)?.log.logStartOffset ?? -1
  }
}
