// Columns are bounded, and moments are in order within them.
import { expect, test } from 'vitest'
import { longFilm } from '../testing/films.ts'
import { columnAt, columnsOf, momentSpacing, spansOf, stepAt, unboundedZoom, xOf } from './time.ts'

const { steps } = longFilm(40, 3, 1)
const columns = columnsOf(steps, 1)

test('a column is as wide as its moments need, within bounds', () => {
  const widths = steps.map((_, step) => columnAt(columns, step).width)
  expect(Math.min(...widths)).toBe(108)
  expect(Math.max(...widths)).toBe(320)
  expect(columns.width).toBe(widths.reduce((sum, width) => sum + width))
})

test('wide enough, every moment has room', () => {
  const wide = columnsOf(steps, unboundedZoom)
  expect(Math.min(...steps.map((_, step) => momentSpacing(wide, step)))).toBeGreaterThan(20)
})

test('time goes from left to right: each moment is right of the one before, and within its column', () => {
  let before = -1
  for (const [step, { moments }] of steps.entries()) {
    const { left, width } = columnAt(columns, step)
    for (let moment = 0; moment < moments; moment++) {
      const x = xOf(columns, { step, moment })
      expect(x).toBeGreaterThan(Math.max(before, left))
      expect(x).toBeLessThan(left + width)
      before = x
    }
  }
})

test('the step at a place is the one whose column is there', () => {
  for (const step of steps.keys()) {
    const { left, width } = columnAt(columns, step)
    expect([stepAt(columns, left), stepAt(columns, left + width - 1)]).toEqual([step, step])
  }
  expect(stepAt(columns, -50)).toBe(0)
  expect(stepAt(columns, columns.width + 50)).toBe(steps.length - 1)
})

test('lines of a page hold every step once, and are no wider than they may be', () => {
  const spans = spansOf(columns, 700)
  expect(spans.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index))).toEqual([
    ...steps.keys(),
  ])
  for (const { from, to } of spans) {
    const right = columnAt(columns, to)
    expect(right.left + right.width - columnAt(columns, from).left).toBeLessThanOrEqual(700)
  }
})
