// What a step shows of each partition.
import { expect, test } from 'vitest'
import { longFilm, smallFilm } from '../testing/films.ts'
import { alike, partitionPanels, sidesOf } from './partitions.ts'

const panelsAt = (film: ReturnType<typeof smallFilm>, step: number) => {
  const sides = sidesOf(film, step)
  return sides === null ? [] : partitionPanels(film, sides)
}

test('at the divergence a log that differs has a row for each side, the others one', () => {
  const [panel] = panelsAt(smallFilm(), 3)
  expect(panel?.rows.map(({ lane, side }) => [lane, side])).toEqual([
    ['b1', 'model'],
    ['b1', 'subject'],
    ['b2', null],
  ])
  expect([panel?.differs, panel?.changed]).toEqual([true, true])
})

test('a broker that lost its log is still shown once, with what is gone', () => {
  const [panel] = panelsAt(smallFilm(), 2)
  expect(panel?.rows[0]).toMatchObject({ lane: 'b1', log: null, before: { logEndOffset: 2 } })
})

test('nothing changed, nothing is marked', () => {
  const [panel] = panelsAt(smallFilm(), 4)
  expect([panel?.differs, panel?.changed]).toEqual([false, false])
})

test('each partition has its panel, however many there are', () => {
  expect(panelsAt(longFilm(4, 3, 40), 4)).toHaveLength(40)
  expect(panelsAt(smallFilm(), 0)).toEqual([])
  expect(sidesOf(smallFilm(), 99)).toBeNull()
})

test('values are compared whole', () => {
  expect(alike({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toBe(true)
  for (const other of [{ a: [1, { b: 0 }] }, { a: [1] }, { c: [1, { b: null }] }, null]) {
    expect(alike({ a: [1, { b: null }] }, other)).toBe(false)
  }
})
