// Nothing is said before it may be said, and then everything in its order.
import { expect, test } from 'vitest'
import type { Network } from '../ports/network.ts'
import { Outbox } from './outbox.ts'

function recording(): { readonly network: Network; readonly sent: string[] } {
  const sent: string[] = []
  const network: Network = {
    send: (_, to, request) =>
      sent.push(`${to} ${request.kind} ${'image' in request ? request.image.metadataOffset : ''}`),
    respond: (_, to, connection, response) => sent.push(`${to}/${connection} ${response.kind}`),
  }
  return { network, sent }
}

function image(metadataOffset: number) {
  const empty = { brokers: [], topics: [], partitions: [] }
  return { kind: 'MetadataUpdate', correlationId: 0, image: { metadataOffset, controllerEpoch: 1, ...empty } } as const
}

const answer = { kind: 'BrokerHeartbeatResponse', correlationId: 1, error: 'NONE', fenced: false } as const

test('messages leave in their order when they are released, of several images for a broker only the last', () => {
  const { network, sent } = recording()
  const outbox = new Outbox(network)
  outbox.send('ctl', 'b1', image(1))
  outbox.send('ctl', 'b2', image(1))
  outbox.respond('ctl', 'b1', 7, answer)
  outbox.send('ctl', 'b1', image(2))
  expect(sent).toEqual([])
  outbox.release()
  expect(sent).toEqual(['b2 MetadataUpdate 1', 'b1/7 BrokerHeartbeatResponse', 'b1 MetadataUpdate 2'])
  outbox.send('ctl', 'b1', image(3))
  outbox.release()
  expect(sent.slice(3)).toEqual(['b1 MetadataUpdate 3'])
})

test('what is discarded is never said', () => {
  const { network, sent } = recording()
  const outbox = new Outbox(network)
  outbox.send('ctl', 'b1', image(1))
  outbox.discard()
  outbox.send('ctl', 'b1', image(2))
  outbox.release()
  expect(sent).toEqual(['b1 MetadataUpdate 2'])
})
