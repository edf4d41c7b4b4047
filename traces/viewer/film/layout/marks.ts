// Where marks are: on their lane at their moment; those of one moment beside each other, and beside the head of a message that
// arrives there just then.
import type { Film, Mark, Moment } from '../../../film/film.ts'
import type { Rows } from './lanes.ts'
import { type Columns, columnAt, xOf } from './time.ts'

export type PlacedMark = { readonly mark: Mark; readonly x: number; readonly y: number }

export function placedMarks(film: Film, columns: Columns, rows: Rows): readonly PlacedMark[] {
  const taken = new Map<string, number>()
  const arrivals = new Set(film.messages.flatMap(({ to, ended }) => (ended === null ? [] : [placeOf(to, ended)])))
  return film.steps.flatMap(step =>
    step.marks.flatMap(mark => {
      const y = rows.y(mark.lane)
      if (y === undefined) return []
      const place = placeOf(mark.lane, mark.at)
      const beside = arrivals.has(place) ? markWidth * 0.7 : 0
      const before = taken.get(place) ?? 0
      taken.set(place, before + 1)
      const { left, width } = columnAt(columns, mark.at.step)
      return [{ mark, x: Math.min(xOf(columns, mark.at) + beside + before * markWidth, left + width - 8), y }]
    }),
  )
}

/** The mark at a point, if there is one. */
export function markAt(marks: readonly PlacedMark[], x: number, y: number): PlacedMark | null {
  return marks.find(mark => Math.abs(mark.x - x) <= 9 && Math.abs(mark.y - y) <= 9) ?? null
}

function placeOf(lane: string, { step, moment }: Moment): string {
  return `${lane} ${step} ${moment}`
}

const markWidth = 16
