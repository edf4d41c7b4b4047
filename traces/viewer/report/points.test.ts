import { expect, test } from 'vitest'
import { sharesOf } from './points.ts'

test('each point is a share of its own runs', () => {
  expect(sharesOf({ counts: [4, 1, 2], of: [4, 4, 2] })).toEqual([1, 0.25, 1])
})

test('a last point of few runs counts with the one before it', () => {
  expect(sharesOf({ counts: [2, 1, 1], of: [4, 4, 1] })).toEqual([0.5, 0.4])
})

test('nothing of nothing, and one point alone, stay what they are', () => {
  expect(sharesOf({ counts: [], of: [] })).toEqual([])
  expect(sharesOf({ counts: [1], of: [1] })).toEqual([1])
})

test('a point of which no run is known is a gap, also at the end', () => {
  expect(sharesOf({ counts: [0, 1, 0], of: [0, 4, 0] })).toEqual([null, 0.25, null])
})
