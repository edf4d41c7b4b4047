import { expect, test } from 'vitest'
import {
  brokenConnection,
  healed,
  linkBetween,
  type Network,
  quietNetwork,
  type Send,
  sendAll,
  withCut,
  withoutHead,
  withoutLateHead,
  withoutLateTo,
} from './network.ts'

const quiet = quietNetwork(['b1', 'c1', 'ctl'])

function ask(to: string, correlationId: number): Send {
  return { kind: 'request', to, message: { kind: 'Metadata', correlationId } }
}

function answer(to: string, correlationId: number, connection = 0): Send {
  const message = { kind: 'MetadataResponse', correlationId, brokers: [], partitions: [] } as const
  return { kind: 'respond', to: { endpoint: to, connection }, message }
}

/** A link's queue and late list, as connection and correlation id. */
function seen(network: Network, from: string, to: string) {
  const link = linkBetween(network, from, to)
  const shown = (list: 'queue' | 'late') =>
    link?.[list].map(({ connection, message }) => `${connection}/${message.correlationId}`)
  return { queue: shown('queue'), late: shown('late') }
}

test('messages from one endpoint to another stay in the order sent, requests and responses alike', () => {
  const network = sendAll(sendAll(quiet, 'b1', [ask('c1', 1), answer('c1', 2)]), 'b1', [ask('c1', 3)])
  expect(seen(network, 'b1', 'c1')).toEqual({ queue: ['0/1', '0/2', '0/3'], late: [] })
  expect(seen(network, 'c1', 'b1')).toEqual({ queue: [], late: [] })
  const link = linkBetween(network, 'b1', 'c1')
  if (link === null) throw new Error('no link')
  expect(seen(withoutHead(network, link), 'b1', 'c1').queue).toEqual(['0/2', '0/3'])
})

test('nothing leads to a stranger or to oneself', () => {
  expect(linkBetween(quiet, 'b1', 'b9')).toBeNull()
  expect(linkBetween(quiet, 'x', 'b1')).toBeNull()
  expect(linkBetween(quiet, 'b1', 'b1')).toBeNull()
  expect(sendAll(quiet, 'b1', [ask('b9', 1), ask('b1', 2)])).toBe(quiet)
})

test('a broken connection loses what was in flight both ways, and the responses to what it had carried', () => {
  const busy = sendAll(sendAll(quiet, 'b1', [answer('c1', 1)]), 'c1', [ask('b1', 2)])
  const broken = brokenConnection(busy, 'c1', 'b1', false)
  expect(seen(broken, 'b1', 'c1')).toEqual({ queue: [], late: [] })
  expect(seen(broken, 'c1', 'b1')).toEqual({ queue: [], late: [] })
  const answered = sendAll(broken, 'b1', [answer('c1', 3, 0), answer('c1', 4, 1)])
  expect(seen(answered, 'b1', 'c1').queue).toEqual(['1/4'])
  expect(linkBetween(broken, 'b1', 'ctl')?.connection).toBe(0)
})

test('requests that were read already are kept late, in order, under their old connection', () => {
  const busy = sendAll(sendAll(quiet, 'c1', [ask('b1', 1), ask('b1', 2)]), 'b1', [answer('c1', 9)])
  const once = brokenConnection(busy, 'b1', 'c1', true)
  expect(seen(once, 'c1', 'b1')).toEqual({ queue: [], late: ['0/1', '0/2'] })
  expect(seen(once, 'b1', 'c1')).toEqual({ queue: [], late: [] })
  const twice = brokenConnection(sendAll(once, 'c1', [ask('b1', 3)]), 'b1', 'c1', true)
  expect(seen(twice, 'c1', 'b1')).toEqual({ queue: [], late: ['0/1', '0/2', '1/3'] })
  const link = linkBetween(twice, 'c1', 'b1')
  if (link === null) throw new Error('no link')
  expect(seen(withoutLateHead(twice, link), 'c1', 'b1').late).toEqual(['0/2', '1/3'])
})

test('the connection of two endpoints breaks without touching what was late before', () => {
  const late = brokenConnection(sendAll(quiet, 'c1', [ask('b1', 1)]), 'b1', 'c1', true)
  expect(seen(brokenConnection(late, 'b1', 'c1', false), 'c1', 'b1').late).toEqual(['0/1'])
})

test('what a process had read dies with it; what it had sent does not', () => {
  const busy = sendAll(sendAll(quiet, 'c1', [ask('b1', 1)]), 'b1', [ask('c1', 2)])
  const late = brokenConnection(busy, 'b1', 'c1', true)
  const dead = withoutLateTo(late, 'b1')
  expect(seen(dead, 'c1', 'b1').late).toEqual([])
  expect(seen(dead, 'b1', 'c1').late).toEqual(['0/2'])
  expect(withoutLateTo(dead, 'b1')).toBe(dead)
})

test('a cut concerns one direction and keeps what is queued; healing ends every cut', () => {
  const busy = sendAll(quiet, 'c1', [ask('b1', 1)])
  const link = linkBetween(busy, 'c1', 'b1')
  if (link === null) throw new Error('no link')
  const cut = withCut(busy, link, true)
  expect(linkBetween(cut, 'c1', 'b1')).toMatchObject({ cut: true, connection: 0 })
  expect(linkBetween(cut, 'b1', 'c1')?.cut).toBe(false)
  expect(seen(sendAll(cut, 'c1', [ask('b1', 2)]), 'c1', 'b1').queue).toEqual(['0/1', '0/2'])
  expect(healed(cut)).toEqual(busy)
})
