// Messages as bytes in the simulated network.

import { expect, test } from 'vitest'
import type { Wire } from '../../impl/ports/network.ts'
import { SimulatedNetwork } from './network.ts'
import { asBytes } from './wire.ts'

const produce: Wire = {
  kind: 'Produce',
  correlationId: 1,
  topic: 't',
  partition: 0,
  acks: -1,
  timeoutMs: 1000,
  records: new Uint8Array(10_000).fill(1),
}

test('what arrives is equal to what was sent, and shares nothing with it', () => {
  const arrived = asBytes(produce)
  expect(arrived).toEqual(produce)
  expect(arrived).not.toBe(produce)
  if (arrived.kind !== 'Produce') throw new Error('another message')
  produce.records.fill(2)
  expect(arrived.records.every(byte => byte === 1)).toBe(true)
})

test('requests, answers and late requests all go through it, each once, when they are sent', () => {
  const carried: string[] = []
  const seen: string[] = []
  const network = new SimulatedNetwork(
    ['b1', 'p1'],
    {
      status: () => 'running',
      receive: (endpoint, _from, { kind }) => void seen.push(`${endpoint} ${kind}`),
      disconnected: () => {},
    },
    message => {
      carried.push(message.kind)
      return message
    },
  )
  network.send('p1', 'b1', { kind: 'Metadata', correlationId: 1 })
  network.respond('b1', 'p1', 0, { kind: 'MetadataResponse', correlationId: 1, brokers: [], partitions: [] })
  expect(carried).toEqual(['Metadata', 'MetadataResponse'])
  network.disconnect('b1', 'p1', true)
  network.deliverLate('p1', 'b1')
  expect(seen).toEqual(['b1 Metadata'])
  expect(carried).toHaveLength(2)
})

test('a message that no frame can hold is an error of the sender, and nothing is in flight', () => {
  const network = new SimulatedNetwork(
    ['b1', 'p1'],
    { status: () => 'running', receive: () => {}, disconnected: () => {} },
    asBytes,
  )
  const impossible: Wire = { kind: 'Metadata', correlationId: 2 ** 31 }
  expect(() => network.send('p1', 'b1', impossible)).toThrow('2147483648 is not an int32')
  expect(network.settle()).toBe(0)
})
