import { expect, test } from 'vitest'
import { assign } from './assign.ts'
import { member, named, partitions } from './examples.ts'

const topics = [
  { topic: 't', count: 4 },
  { topic: 'u', count: 2 },
]

test('round robin deals all partitions in one row, past members that do not subscribe', () => {
  const members = [member('a', ['t']), member('b', ['t', 'u']), member('c', ['u'])]
  expect(named(assign('roundrobin', members, topics))).toEqual({
    a: ['t-0', 't-2'],
    b: ['t-1', 't-3', 'u-1'],
    c: ['u-0'],
  })
})

test('a first sticky assignment deals in member order', () => {
  const members = [member('a', ['t']), member('b', ['t']), member('c', ['t'])]
  expect(named(assign('sticky', members, topics))).toEqual({ a: ['t-0', 't-3'], b: ['t-1'], c: ['t-2'] })
})

test('a member that joins takes from those that have most, and everything else stays', () => {
  const members = [member('a', ['t'], 't-0', 't-3'), member('b', ['t'], 't-1', 't-2'), member('c', ['t'])]
  expect(named(assign('sticky', members, topics))).toEqual({ a: ['t-0', 't-3'], b: ['t-1'], c: ['t-2'] })
})

test('a cooperative member revokes a partition before another gets it', () => {
  const members = [member('a', ['t'], 't-0', 't-3'), member('b', ['t'], 't-1', 't-2'), member('c', ['t'])]
  expect(named(assign('cooperative-sticky', members, topics))).toEqual({ a: ['t-0', 't-3'], b: ['t-1'], c: [] })
})

test('a cooperative member that lists a partition keeps it, and one that does not waits for everybody who does', () => {
  const one = [{ topic: 't', count: 1 }]
  const leaver = member('b', [], 't-0')
  expect(named(assign('cooperative-sticky', [member('a', ['t']), leaver], one))).toEqual({ a: [], b: [] })
  expect(named(assign('cooperative-sticky', [member('a', ['t'], 't-0'), leaver], one))).toEqual({ a: ['t-0'], b: [] })
  const liar = member('b', ['t'], 't-0')
  expect(named(assign('cooperative-sticky', [member('a', ['t'], 't-0'), liar], one))).toEqual({ a: ['t-0'], b: [] })
})

test('of two claims the higher generation counts, and of two in one generation none', () => {
  const zombie = { ...member('a', ['u']), owned: partitions('u-0', 'u-1'), generationId: 1 }
  const owner = { ...member('b', ['u']), owned: partitions('u-0'), generationId: 2 }
  expect(named(assign('sticky', [zombie, owner], topics))).toEqual({ a: ['u-1'], b: ['u-0'] })
  expect(
    named(assign('sticky', [zombie, { ...owner, owned: partitions('u-1', 'u-0'), generationId: 1 }], topics)),
  ).toEqual({
    a: ['u-0'],
    b: ['u-1'],
  })
})

test('claims to partitions that do not exist or are not subscribed do not count', () => {
  const members = [member('a', ['t'], 't-9', 'u-0', 't-2', 't-2'), member('b', ['t'])]
  expect(named(assign('sticky', members, topics))).toEqual({ a: ['t-1', 't-2'], b: ['t-0', 't-3'] })
})

test('with different subscriptions partitions move while two shares can be made more even', () => {
  const members = [member('a', ['t'], 't-0', 't-1', 't-2', 't-3'), member('b', ['t', 'u']), member('c', ['u'])]
  expect(named(assign('sticky', members, topics))).toEqual({ a: ['t-1', 't-2', 't-3'], b: ['t-0', 'u-0'], c: ['u-1'] })
})

test('a group without members has an empty assignment', () => {
  for (const assignor of ['range', 'roundrobin', 'sticky', 'cooperative-sticky'] as const) {
    expect(assign(assignor, [], topics)).toEqual([])
  }
})
