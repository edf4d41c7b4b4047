import { expect, test } from 'vitest'
import { pointSizes, sharesOf } from './points.ts'

test('each point is a share of its own runs', () => {
  expect(sharesOf({ counts: [4, 1, 2], of: [4, 4, 2] })).toEqual([1, 0.25, 1])
})

test('a last point of few runs counts with the one before it', () => {
  expect(sharesOf({ counts: [2, 1, 1], of: [4, 4, 1] })).toEqual([0.5, 0.4])
})

test('nothing of nothing, and one point alone, stay what they are', () => {
  expect(sharesOf({ counts: [], of: [] })).toEqual([])
  expect(sharesOf({ counts: [0], of: [0] })).toEqual([0])
  expect(sharesOf({ counts: [1], of: [1] })).toEqual([1])
})

test('the last point of a campaign stands for what is left of its runs', () => {
  expect(pointSizes({ runs: 10, runsInPoint: 4 })).toEqual([4, 4, 2])
  expect(pointSizes({ runs: 0, runsInPoint: 1 })).toEqual([])
})
