// A lane is interrupted while its broker is down.
import { expect, test } from 'vitest'
import { smallFilm } from '../testing/films.ts'
import { rowsOf, segmentsOf } from './lanes.ts'
import { columnsOf, xOf } from './time.ts'

test('a lane is whole until the crash, and again from the restart on', () => {
  const film = smallFilm()
  const columns = columnsOf(film.steps, 1)
  const crash = xOf(columns, { step: 2, moment: 0 })
  const restart = xOf(columns, { step: 3, moment: 0 })
  expect(segmentsOf(film, columns).filter(segment => segment.lane === 'b1')).toEqual([
    { lane: 'b1', status: 'up', from: 0, to: crash },
    { lane: 'b1', status: 'down', from: crash, to: restart },
    { lane: 'b1', status: 'up', from: restart, to: columns.width },
  ])
  expect(segmentsOf(film, columns).filter(segment => segment.lane === 'ctl')).toHaveLength(1)
})

test('what no mark tells, scenes do', () => {
  const film = smallFilm()
  const steps = film.steps.map((step, index) =>
    index === 1
      ? { ...step, model: { ...step.model, nodes: { b2: { status: 'fenced' as const, facts: [], logs: [] } } } }
      : step,
  )
  const columns = columnsOf(steps, 1)
  const segments = segmentsOf({ ...film, steps }, columns).filter(segment => segment.lane === 'b2')
  expect(segments.map(segment => segment.status)).toEqual(['up', 'fenced', 'up'])
  expect(segments[1]?.from).toBe(xOf(columns, { step: 1, moment: 3 }))
})

test('lanes lie below each other in the order of the film, and no other name has a place', () => {
  const rows = rowsOf(smallFilm().lanes)
  expect(['ctl', 'b1', 'b2', 'p1'].map(rows.y)).toEqual([16, 48, 80, 112])
  expect(rows.height).toBe(128)
  expect(rows.y('nobody')).toBeUndefined()
  expect(rowsOf([]).height).toBe(0)
})
