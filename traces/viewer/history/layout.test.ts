// Where marks stand.
import { expect, test } from 'vitest'
import { badgesOf, type Layout, layoutOf, nearestMark, plot } from './layout.ts'
import { emptyPicture, smallPicture } from './testing/pictures.ts'
import { nearer, type View, wholeTime } from './view.ts'

const picture = smallPicture()
const frame = { left: 84, width: 684 + plot.right }
const nobody: ReadonlySet<number> = new Set()

function layout(view: View = wholeTime(picture), hidden = nobody, partition = 0): Layout {
  const shown = picture.partitions[partition]
  if (shown === undefined) throw new Error('there is no such partition')
  return layoutOf(picture, shown, { ...frame, view }, hidden)
}

test('time goes from left to right and offsets upwards; a mark covers all its offsets', () => {
  const { placed } = layout()
  expect(placed.map(({ operation, x, since }) => [operation, x, since])).toEqual([
    [0, 184, 174],
    [1, 284, 84],
    [4, 584, 574],
    [4, 584, 574],
    [2, 384, 374],
    [5, 684, 674],
  ])
  const [low, high] = [placed[0], placed[3]]
  expect(low?.low).toBe(plot.height - plot.bottom)
  expect(high?.high).toBe(plot.top)
  expect(placed[1]?.low).toBeGreaterThan(placed[1]?.high ?? 0)
})

test('sends of which nobody knows the offset stand below the axis', () => {
  const axis = plot.height - plot.bottom
  for (const { operation, high } of layout().placed) expect(high > axis).toBe(operation === 2 || operation === 5)
})

test('each client has its own paths, filled and hollow, and a consumer its way', () => {
  const { strokes, ways, whiskers } = layout()
  expect(strokes.map(({ client, isFilled }) => [client, isFilled])).toEqual([
    [0, true],
    [1, false],
    [0, false],
  ])
  expect(ways.map(({ client }) => client)).toEqual([1])
  expect(whiskers[0]?.path).toContain('M84 ')
})

test('who is hidden is not drawn', () => {
  const { placed, ways } = layout(wholeTime(picture), new Set([1]))
  expect(placed.map(({ operation }) => operation)).toEqual([0, 1, 2, 5])
  expect(ways).toEqual([])
})

test('an anomaly is marked at the operation that shows it and its offset; one of no partition is not', () => {
  const whole = layout()
  const [partition] = picture.partitions
  if (partition === undefined) throw new Error('there is no partition')
  const badges = badgesOf(picture, partition, whole, { ...frame, view: wholeTime(picture) }, null)
  expect(badges).toMatchObject([{ anomaly: 0, x: 584, judgement: 'forbidden' }])
  expect(badges[0]?.y).toBe(whole.placed[1]?.low)
})

test('of anomalies that would stand upon each other the chosen is marked, or the weightiest', () => {
  const [first] = picture.anomalies
  if (first === undefined) throw new Error('there is no anomaly')
  const many = smallPicture({ anomalies: [first, first, { ...first, offsets: [4] }] })
  const [partition] = many.partitions
  if (partition === undefined) throw new Error('there is no partition')
  const seen = { ...frame, view: wholeTime(many) }
  const marked = (chosen: number | null) =>
    badgesOf(many, partition, layoutOf(many, partition, seen, nobody), seen, chosen).map(({ anomaly }) => anomaly)
  expect(marked(null)).toEqual([0, 2])
  expect(marked(1)).toEqual([1, 2])
})

test('the nearer one comes the fewer marks there are, and offsets have more room', () => {
  const near = layout(nearer(wholeTime(picture), 4, 12))
  expect(near.placed.map(({ operation }) => operation)).toEqual([0])
  expect(near.offsets).toEqual([0, 1])
})

test('the nearest mark is found within reach, along the whole of its bar', () => {
  const one = layout()
  const bar = one.placed[1]
  if (bar === undefined) throw new Error('there is no mark')
  expect(nearestMark(one, bar.x + 3, (bar.high + bar.low) / 2)?.operation).toBe(1)
  expect(nearestMark(one, bar.x + 50, (bar.high + bar.low) / 2)).toBeNull()
})

test('an empty partition, and an empty history, have axes all the same', () => {
  expect(layout(wholeTime(picture), nobody, 1).offsets).toEqual([0, 1])
  expect(wholeTime(emptyPicture())).toEqual({ from: 0, to: 1 })
})

test('what is in sight stays within the history, whatever is in the middle', () => {
  const whole = { from: 0, to: 100 }
  expect(nearer(whole, 4, 50)).toEqual({ from: 37.5, to: 62.5 })
  expect(nearer(whole, 4, 0)).toEqual({ from: 0, to: 25 })
  expect(nearer(whole, 4, 100)).toEqual({ from: 75, to: 100 })
  expect(nearer(whole, 1, 3)).toEqual(whole)
})
