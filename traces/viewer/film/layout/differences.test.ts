// The tree of both observations leads to what differs.
import { expect, test } from 'vitest'
import { branchesBelow, brief, hasBranches } from './differences.ts'

const model = { brokers: { b1: { log: [{ end: 1 }, { end: 2 }] }, b10: { up: true } } }
const subject = { brokers: { b1: { log: [{ end: 1 }] }, b10: { up: false } }, more: 1 }
const differing = ['brokers.b1.log[1]', 'brokers.b10.up', 'more']

test('branches are those of both sides, and say where differences are', () => {
  expect(branchesBelow('', model, subject, differing)).toMatchObject([
    { path: 'brokers', differs: false, leadsToDifference: true },
    { path: 'more', model: undefined, subject: 1, differs: true, leadsToDifference: false },
  ])
  const below = branchesBelow('brokers.b1.log', model.brokers.b1.log, subject.brokers.b1.log, differing)
  expect(below).toMatchObject([
    { name: '[0]', path: 'brokers.b1.log[0]', differs: false, leadsToDifference: false },
    { name: '[1]', path: 'brokers.b1.log[1]', model: { end: 2 }, subject: undefined, differs: true },
  ])
  expect(branchesBelow('brokers.b1.log[1]', { end: 2 }, undefined, differing)).toMatchObject([{ differs: true }])
})

test('one name that begins like another is another', () => {
  const [b1, b10] = branchesBelow('brokers', model.brokers, subject.brokers, ['brokers.b10.up'])
  expect([b1?.leadsToDifference, b10?.leadsToDifference]).toEqual([false, true])
})

test('plain values and empty ones have nothing below', () => {
  for (const value of [null, 0, '', 'text', [], {}, undefined]) expect(hasBranches(value)).toBe(false)
  expect(hasBranches([0])).toBe(true)
  expect(branchesBelow('a', 1, 'x', [])).toEqual([])
  expect([brief(undefined), brief('x')]).toEqual(['missing', '"x"'])
})
