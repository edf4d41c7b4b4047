// The network between nodes: who is heard, in which order, and what a cut or a slow link does.
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Requester, Wire } from '../ports/network.ts'
import { PeerDirectory, Peers } from './peers.ts'

type Heard = { readonly from: Requester; readonly message: Wire }
type Node = { readonly peers: Peers; readonly heard: Heard[]; readonly lost: string[]; readonly said: string[] }

let directory: PeerDirectory
const open: Peers[] = []
beforeEach(() => {
  directory = new PeerDirectory('secret')
})
afterEach(async () => {
  for (const peers of open.splice(0)) await peers.close()
})

async function node(endpoint: string): Promise<Node> {
  const [heard, lost, said]: [Heard[], string[], string[]] = [[], [], []]
  const peers = await Peers.open(endpoint, directory, {
    receive: (from, message) => heard.push({ from, message }),
    disconnected: peer => lost.push(peer),
    report: problem => said.push(problem),
  })
  open.push(peers)
  return { peers, heard, lost, said }
}

const ids = ({ heard }: Node): number[] =>
  heard.map(({ message }) => ('correlationId' in message ? message.correlationId : -1))
const ask = (from: Node, to: string, correlationId: number): void =>
  from.peers.send(from.peers.endpoint, to, { kind: 'Metadata', correlationId })

describe('a link', () => {
  test('carries requests there and answers back, in order', async () => {
    const [a, b] = [await node('a'), await node('b')]
    for (let id = 0; id < 50; id++) ask(a, 'b', id)
    await expect.poll(() => ids(b).length).toBe(50)
    expect(ids(b)).toEqual(Array.from({ length: 50 }, (_, id) => id))
    for (const { from, message } of b.heard) {
      const correlationId = 'correlationId' in message ? message.correlationId : -1
      const response = { kind: 'MetadataResponse', correlationId, brokers: [], partitions: [] } as const
      b.peers.respond('b', from.endpoint, from.connection, response)
    }
    await expect.poll(() => ids(a).length).toBe(50)
    expect(ids(a)).toEqual(ids(b))
  })

  test('to nobody is lost at once, and one that breaks is lost on both sides', async () => {
    const a = await node('a')
    ask(a, 'b', 1)
    await expect.poll(() => a.lost).toEqual(['b'])
    const b = await node('b')
    ask(a, 'b', 2)
    await expect.poll(() => ids(b)).toEqual([2])
    await a.peers.close()
    await expect.poll(() => b.lost.length).toBe(1)
    expect(b.said).toEqual([])
  })

  test('that is cut holds everything back, in one direction, and lets it through in order when it is healed', async () => {
    const [a, b] = [await node('a'), await node('b')]
    directory.setCut('a', 'b', true)
    for (let id = 0; id < 5; id++) ask(a, 'b', id)
    ask(b, 'a', 100)
    await expect.poll(() => ids(a)).toEqual([100])
    await pause(30)
    expect(ids(b)).toEqual([])
    directory.setCut('a', 'b', false)
    ask(a, 'b', 5)
    await expect.poll(() => ids(b)).toEqual([0, 1, 2, 3, 4, 5])
  })

  test('that is slow lets nothing overtake, also when it becomes faster meanwhile', async () => {
    const [a, b] = [await node('a'), await node('b')]
    ask(a, 'b', 0)
    await expect.poll(() => ids(b)).toEqual([0])
    directory.setDelay('a', 'b', 150)
    const started = performance.now()
    ask(a, 'b', 1)
    directory.setDelay('a', 'b', 20)
    ask(a, 'b', 2)
    directory.healAll()
    ask(a, 'b', 3)
    await expect.poll(() => ids(b)).toEqual([0, 1, 2, 3])
    expect(performance.now() - started).toBeGreaterThan(140)
    ask(a, 'b', 4)
    await expect.poll(() => ids(b)).toEqual([0, 1, 2, 3, 4])
  })
})

describe('whoever does not know the secret', () => {
  test.each([
    ['a wrong secret', 'guess broker-1'],
    ['nothing', ''],
    ['a secret and no name', 'secret'],
  ])('is not heard: %s', async (_what, text) => {
    const a = await node('a')
    const socket = connect(directory.portOf('a') ?? 0, '127.0.0.1')
    const size = Buffer.alloc(4)
    size.writeInt32BE(text.length)
    socket.write(Buffer.concat([size, Buffer.from(text)]))
    const isClosed = new Promise(resolve => socket.on('close', resolve))
    socket.resume().on('error', () => {})
    await isClosed
    expect(a.said).toEqual(['refused a connection to the port between brokers from 127.0.0.1'])
    expect(a.heard).toEqual([])
  })

  test('nor who knows it and then talks nonsense', async () => {
    const a = await node('a')
    const socket = connect(directory.portOf('a') ?? 0, '127.0.0.1')
    const frames = ['secret stranger', 'nonsense'].map(text => {
      const size = Buffer.alloc(4)
      size.writeInt32BE(text.length)
      return Buffer.concat([size, Buffer.from(text)])
    })
    socket.write(Buffer.concat(frames))
    const isClosed = new Promise(resolve => socket.on('close', resolve))
    socket.resume().on('error', () => {})
    await isClosed
    await expect.poll(() => a.lost.length).toBe(1)
    expect(a.said).toEqual([expect.stringContaining('cannot be read')])
    expect(a.heard).toEqual([])
  })
})
