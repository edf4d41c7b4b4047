import { expect, test } from 'vitest'
import { MemberBook } from './member-book.ts'
import { Names } from './names.ts'

const legal = /^[a-zA-Z0-9._-]{1,249}$/

test('names go there and back, and no two runs share one', () => {
  const [a, b] = [new Names('lockstep'), new Names('lockstep')]
  expect(a.symbol(a.real('t1'))).toBe('t1')
  expect(a.real('t1')).toMatch(legal)
  expect(a.real('t1')).not.toBe(b.real('t1'))
  expect(b.symbol(a.real('t1'))).toBeNull()
  expect(b.shown(a.real('t1'))).toBe(a.real('t1'))
  expect(a.client(a.clientId('c1'))).toBe('c1')
  expect(a.clientId('c1')).toMatch(/-c1$/)
  expect(b.client(a.clientId('c1'))).toBeNull()
})

test.each(['', '.', '..', 'a/b', 'a b', 'ä', 'x'.repeat(250)])('what is illegal stays illegal: "%s"', symbol => {
  const names = new Names('lockstep')
  expect(legal.test(names.real(symbol)) && !['.', '..'].includes(names.real(symbol))).toBe(false)
})

test.each([149, 150, 248, 249])('a name of %i characters is legal, and goes there and back', length => {
  const names = new Names('lockstep')
  const symbol = 'x'.repeat(length)
  expect(names.real(symbol)).toMatch(legal)
  expect(names.symbol(names.real(symbol))).toBe(symbol)
})

test('member ids are counted by the client that was told them', () => {
  const book = new MemberBook()
  expect(book.told('c1', 'uuid-a')).toBe('c1#1')
  expect(book.told('c2', 'uuid-b')).toBe('c2#1')
  expect(book.told('c1', 'uuid-c')).toBe('c1#2')
  expect(book.told('c1', 'uuid-a')).toBe('c1#1')
  // An id is one member's, whoever is told it.
  expect(book.told('c2', 'uuid-a')).toBe('c1#1')
  expect(book.told('c2', '')).toBe('')
  expect(book.real('c1#2')).toBe('uuid-c')
  expect(book.real('')).toBe('')
  expect(book.real('c1#3')).toBe('nobody-has-c1-3')
  expect(book.symbol('uuid-b')).toBe('c2#1')
  expect(book.symbol('uuid-z', 'c7')).toBe('c7#?')
  expect(book.symbol('uuid-z')).toBe('#?')
  expect(book.symbol('')).toBe('')
})
