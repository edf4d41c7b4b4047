import { expect, test } from 'vitest'
import { meantText, nearest } from './nearest.ts'

const known = ['unfenced-fetch', 'zombie-commits', 'negative-hash']

test('a slip of the keyboard leads to the name that was meant', () => {
  expect(nearest('zombi-comits', known)).toBe('zombie-commits')
  expect(nearest('unfenced_fetch', known)).toBe('unfenced-fetch')
})

test('two letters that changed places are one slip', () => {
  expect(nearest('lgo', ['log', 'group'])).toBe('log')
})

test('the sentence names the one that was meant, or all of them', () => {
  expect(meantText('zombie', known, 'The bugs are')).toBe('Did you mean zombie-commits?')
  expect(meantText('xyz', known, 'The bugs are')).toBe(`The bugs are: ${known.join(', ')}.`)
})

test('part of a name is enough, also with a slip in its beginning', () => {
  expect(nearest('hash', known)).toBe('negative-hash')
  expect(nearest('truncate-to', [...known, 'truncates-to-the-high-watermark'])).toBe('truncates-to-the-high-watermark')
})

test('capital letters are a slip, and one letter is no part of a name', () => {
  expect(nearest('CLUSTER', ['log', 'cluster'])).toBe('cluster')
  expect(nearest('maxrecords', ['maxRecords'])).toBe('maxRecords')
  expect(nearest('x', ['exact-time-missed', 'negative-hash'])).toBeNull()
})

test('of two that are as near the shorter one is meant', () => {
  expect(nearest('kip-32', ['kip-320-messages', 'kip-320'])).toBe('kip-320')
})

test('what is like nothing leads nowhere', () => {
  expect(nearest('xyz', known)).toBeNull()
  expect(nearest('zombie-commits', [])).toBeNull()
  expect(nearest('', known)).toBeNull()
})
