// Marks stand beside each other, and beside what arrives.
import { expect, test } from 'vitest'
import { message, smallFilm, step } from '../testing/films.ts'
import { rowsOf } from './lanes.ts'
import { markAt, placedMarks } from './marks.ts'
import { columnsOf, xOf } from './time.ts'

const film = smallFilm()
const at = { step: 2, moment: 0 }
const nothing = { nodes: {}, partitions: [], groups: [], cuts: [], raw: null }
const act = (lane: string, text: string) => ({ lane, at, kind: 'act' as const, text })
const marked = [act('b1', 'one'), act('b1', 'two'), act('b2', 'three'), act('gone', 'nowhere')]
const steps = [step('start', nothing), step('none', nothing), step('acts', nothing, { marks: marked })]

test('marks of one moment do not cover each other, and a lane that there is not has none', () => {
  const columns = columnsOf(steps, 1)
  const marks = placedMarks(
    { ...film, steps, messages: [message('b1', 'b2', [1, 0], [2, 0], 'delivered')] },
    columns,
    rowsOf(film.lanes),
  )
  const x = xOf(columns, at)
  expect(marks.map(mark => [mark.mark.text, mark.x])).toEqual([
    ['one', x],
    ['two', x + 16],
    ['three', x + 16 * 0.7],
  ])
  const [, two] = marks
  expect(markAt(marks, x + 17, (two?.y ?? 0) + 3)).toBe(two)
  expect(markAt(marks, x - 20, two?.y ?? 0)).toBeNull()
})
