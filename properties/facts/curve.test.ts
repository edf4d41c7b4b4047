import { expect, test } from 'vitest'
import { Curve, pointsMost, widthFor } from './curve.ts'

test('a curve has no more points than are drawn, and loses nothing', () => {
  for (const runs of [1, 49, 50, 51, 750, 100_000]) {
    const curve = new Curve()
    for (let run = 0; run < runs; run++) if (run % 3 === 0) curve.add(run)
    const points = curve.points(runs)
    expect(points.length).toBeLessThanOrEqual(pointsMost)
    expect(points).toHaveLength(Math.ceil(runs / widthFor(runs)))
    expect(points.reduce((sum, count) => sum + count, 0)).toBe(Math.ceil(runs / 3))
  }
})

test('a point counts its own runs, however late the campaign turned out to be long', () => {
  const curve = new Curve()
  for (const run of [0, 1, 2, 3, 199]) curve.add(run)
  expect(widthFor(200)).toBe(4)
  expect(curve.points(200)).toEqual([4, ...Array.from({ length: 48 }, () => 0), 1])
  expect({ total: curve.total, first: curve.first }).toEqual({ total: 5, first: 0 })
})

test('what was seen early only is a curve as long as the campaign', () => {
  const curve = new Curve()
  curve.add(2)
  expect(curve.points(100)).toEqual([0, 1, ...Array.from({ length: 48 }, () => 0)])
})

test('a curve that is asked to end before its last run refuses: the points would be wider than it says', () => {
  const curve = new Curve()
  curve.add(599)
  expect(curve.points(600)).toHaveLength(Math.ceil(600 / widthFor(600)))
  expect(() => curve.points(350)).toThrow('run 599 of a campaign that ends before run 350')
})
