// The implementation's producer as a subject of a run, alone: the sequence plays the brokers. Bytes become values and
// values bytes here.
import { decodeBatch, encodeBatch } from '../../impl/log/codec.ts'
import type { WireRequest } from '../../impl/ports/network.ts'
import { ProducerClient } from '../../impl/producer/client.ts'
import type { ProducerOperation, ProducerOutcome, ProducerSetup } from '../../model/vocabulary/clients.ts'
import type { RecordsValue, Request, Response } from '../../model/vocabulary/messages.ts'
import type { UnplacedBatch } from '../../model/vocabulary/records.ts'
import type { Side } from '../verdict.ts'

/** Starts one producer, closed. */
export function startProducerSubject(setup: ProducerSetup): Side<'producer'> {
  let now = 0
  let requests: ProducerOutcome['requests'][number][] = []
  const producer = new ProducerClient({
    name: 'p1',
    brokers: setup.brokers,
    config: setup.config,
    now: () => now,
    send: (broker, request) => {
      requests.push({ broker, request: requestValue(request) })
    },
  })
  const carryOut = (operation: ProducerOperation): void => {
    switch (operation.kind) {
      case 'open':
        producer.open(operation.session)
        return
      case 'send':
        producer.send(operation.topic, operation.partition, operation.records, operation.draw)
        return
      case 'respond':
        producer.receive(operation.broker, responseBytes(operation.response))
        return
      case 'disconnected':
        producer.disconnected(operation.broker)
        return
      case 'advance':
        if (operation.ms < 0) return
        now += operation.ms
        producer.tick()
    }
  }
  const apply = (operation: ProducerOperation): ProducerOutcome => {
    requests = []
    carryOut(operation)
    return { kind: 'sent', requests }
  }
  return { apply, observe: () => producer.observe() }
}

/** A client's request with its records as values: a Produce request carries one batch without an offset. */
function requestValue(request: WireRequest): Request<RecordsValue> {
  switch (request.kind) {
    case 'Produce':
      return { ...request, records: [unplacedBatch(request.records)] }
    case 'Metadata':
      return request
    default:
      throw new Error(`a producer has no use for ${request.kind}`)
  }
}

function unplacedBatch(bytes: Uint8Array): UnplacedBatch {
  const { producerId, producerEpoch, baseSequence, records } = decodeBatch(bytes)
  return {
    producerId,
    producerEpoch,
    baseSequence,
    records: records.map(({ key, value, timestamp }) => ({ key, value, timestamp })),
  }
}

/** A response with its records as bytes. */
function responseBytes(response: Response<RecordsValue>): Response<Uint8Array> {
  if (response.kind !== 'FetchResponse') return response
  const batches = response.records.flatMap(batch => ('corrupt' in batch ? [encodeBatch(batch)] : []))
  const bytes = new Uint8Array(batches.reduce((sum, batch) => sum + batch.length, 0))
  let at = 0
  for (const batch of batches) {
    bytes.set(batch, at)
    at += batch.length
  }
  return { ...response, records: bytes }
}
