// The simulated network, alone: who is told what, and when. docs/protocol/cluster.md §1.
import { expect, test } from 'vitest'
import type { Requester, WireRequest } from '../../impl/ports/network.ts'
import { SimulatedNetwork } from './network.ts'

function start() {
  const seen: string[] = []
  const requesters: Requester[] = []
  const down = new Set<string>()
  const network = new SimulatedNetwork(['b2', 'b1', 'p1'], {
    status: endpoint => (down.has(endpoint) ? 'down' : 'running'),
    receive: (endpoint, from, message) => {
      requesters.push(from)
      seen.push(`${from.endpoint}>${endpoint} ${message.kind} ${message.correlationId}`)
    },
    disconnected: (endpoint, other) => void seen.push(`${endpoint} lost ${other}`),
  })
  return { network, seen, requesters, down }
}

const ask = (correlationId: number): WireRequest => ({ kind: 'Metadata', correlationId })
const answer = { kind: 'MetadataResponse', correlationId: 1, brokers: [], partitions: [] } as const

test('messages of one direction arrive in the order in which they were sent', () => {
  const { network, seen } = start()
  network.send('p1', 'b1', ask(1))
  network.send('p1', 'b1', ask(2))
  expect(network.deliver('b1', 'p1')).toBe(false)
  expect(network.deliver('p1', 'b1')).toBe(true)
  expect(network.settle()).toBe(1)
  expect(seen).toEqual(['p1>b1 Metadata 1', 'p1>b1 Metadata 2'])
})

test('an answer to a request of a broken connection is lost', () => {
  const { network, requesters } = start()
  network.send('p1', 'b1', ask(1))
  network.settle()
  network.disconnect('p1', 'b1', false)
  network.respond('b1', 'p1', requesters[0]?.connection ?? -1, answer)
  expect(network.settle()).toBe(0)
})

test('a broken connection loses what is in flight, but for requests that were read already', () => {
  const { network, seen } = start()
  network.send('p1', 'b1', ask(1))
  network.respond('b1', 'p1', 0, answer)
  network.disconnect('p1', 'b1', true)
  expect(network.settle()).toBe(0)
  expect(network.deliverLate('b1', 'p1')).toBe(false)
  expect(network.deliverLate('p1', 'b1')).toBe(true)
  expect(seen).toEqual(['b1 lost p1', 'p1 lost b1', 'p1>b1 Metadata 1'])
})

test('a cut holds one direction back and loses nothing', () => {
  const { network, seen } = start()
  network.setCut('p1', 'b1', true)
  network.send('p1', 'b1', ask(1))
  network.send('b1', 'p1', ask(2))
  expect(network.settle()).toBe(1)
  network.healAll()
  expect(network.settle()).toBe(1)
  expect(seen).toEqual(['b1>p1 Metadata 2', 'p1>b1 Metadata 1'])
})

test('who is down refuses the connection, which counts as a message', () => {
  const { network, seen, down } = start()
  down.add('b1')
  network.send('p1', 'b1', ask(1))
  network.send('p1', 'b1', ask(2))
  expect(network.settle()).toBe(1)
  expect(seen).toEqual(['p1 lost b1'])
})

test('settling goes round by round over the directions, in order of sender and receiver', () => {
  const { network, seen } = start()
  for (const [from, to] of [
    ['p1', 'b1'],
    ['b2', 'b1'],
    ['b1', 'p1'],
    ['b1', 'b2'],
  ] as const) {
    network.send(from, to, ask(1))
    network.send(from, to, ask(2))
  }
  expect(network.settle()).toBe(8)
  const round = (n: number): readonly string[] =>
    ['b1>b2', 'b1>p1', 'b2>b1', 'p1>b1'].map(way => `${way} Metadata ${n}`)
  expect(seen).toEqual([...round(1), ...round(2)])
})
