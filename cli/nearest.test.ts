import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

const known = ['unfenced-fetch', 'zombie-commits', 'negative-hash']

test('a slip of the keyboard leads to the name that was meant', () => {
  expect(nearest('zombi-comits', known)).toBe('zombie-commits')
  expect(nearest('unfenced_fetch', known)).toBe('unfenced-fetch')
})

test('part of a name is enough', () => {
  expect(nearest('hash', known)).toBe('negative-hash')
})

test('what is like nothing leads nowhere', () => {
  expect(nearest('xyz', known)).toBeNull()
  expect(nearest('zombie-commits', [])).toBeNull()
})
