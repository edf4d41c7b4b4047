// Arrows begin where a message was sent and end where it arrived; how they end says what became of it.
import { expect, test } from 'vitest'
import { longFilm, message, smallFilm } from '../testing/films.ts'
import { type Arrow, arrowsOf, batchesOf, headPath, nearestArrow } from './arrows.ts'
import { rowsOf } from './lanes.ts'
import { columnsOf, xOf } from './time.ts'

const film = smallFilm()
const columns = columnsOf(film.steps, 1)
const rows = rowsOf(film.lanes)
const arrows = arrowsOf(film, columns, rows)
const ends = (arrow: Arrow | undefined) => [arrow?.points[0], arrow?.points.at(-1)]

test('a delivered message goes from lane to lane', () => {
  const delivered = [
    [xOf(columns, { step: 1, moment: 0 }), rows.y('p1')],
    [xOf(columns, { step: 1, moment: 1 }), 49],
  ]
  expect(ends(arrows[0])).toEqual(delivered)
})

test('a lost one does not arrive, one under way has hardly left', () => {
  const [lost, waiting] = [arrows[2], arrows[4]]
  const [, lostAt = 0] = lost?.points.at(-1) ?? []
  expect(lostAt).toBeGreaterThan(rows.y('b1') ?? 0)
  expect(lostAt).toBeLessThan((rows.y('p1') ?? 0) - 5)
  const [sent, stub] = waiting?.points ?? []
  expect((stub?.[0] ?? 0) - (sent?.[0] ?? 0)).toBe(18)
})

test('what is long under way waits beside the lane that it goes to, and every line goes forward', () => {
  const late = arrows[3]
  expect(late?.points).toHaveLength(4)
  expect(late?.points[1]?.[1]).toBe((rows.y('b2') ?? 0) - 9)
  for (const { points } of arrows) {
    expect(points.map(([x]) => x)).toEqual(points.map(([x]) => x).sort((one, another) => one - another))
  }
})

test('each fate has an end of its own', () => {
  const arrow = arrows[0]
  if (arrow === undefined) throw new Error('no arrow')
  const paths = (['delivered', 'refused', 'lost', 'waiting'] as const).map(fate =>
    headPath({ ...arrow, message: { ...arrow.message, fate } }),
  )
  expect(new Set(paths).size).toBe(4)
})

test('a message to oneself is a loop; one between lanes that there are not is left out', () => {
  const odd = {
    ...film,
    messages: [message('b1', 'b1', [1, 0], [1, 1], 'delivered'), message('b1', 'x', [1, 0], null, 'lost')],
  }
  const drawn = arrowsOf(odd, columns, rows)
  expect(drawn).toHaveLength(1)
  expect(Math.min(...(drawn[0]?.points.map(([, y]) => y) ?? []))).toBe((rows.y('b1') ?? 0) - 12)
})

test('the nearest arrow within reach is found, and none beyond', () => {
  const [x, y] = arrows[0]?.points[0] ?? [0, 0]
  expect(nearestArrow(arrows, [x + 1, y - 2], 6)).toBe(arrows[0])
  expect(nearestArrow(arrows, [x - 40, y], 6)).toBeNull()
})

test('thousands of messages are a few elements for each step', () => {
  const long = longFilm(200, 5, 1)
  const wide = columnsOf(long.steps, 1)
  const many = arrowsOf(long, wide, rowsOf(long.lanes))
  expect(many.length).toBeGreaterThan(4000)
  const batches = batchesOf(many, wide)
  expect(batches.length).toBeLessThan(350)
  expect(batches.some(batch => batch.dense)).toBe(true)
})
