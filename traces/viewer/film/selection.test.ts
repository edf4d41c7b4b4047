// Which step is selected.
import { expect, test } from 'vitest'
import { announcement, firstShown, linkTo, stepOfKey, stepOfLink } from './selection.ts'
import { emptyFilm, longFilm, smallFilm } from './testing/films.ts'

test('a failure opens where the sides part, a tale at its first operation, what came to no verdict at its end', () => {
  expect(firstShown(smallFilm())).toBe(3)
  expect(firstShown(longFilm(20, 2, 1))).toBe(1)
  expect(firstShown(emptyFilm())).toBe(0)
  const unknown = { kind: 'unknown', title: 'gone', sentence: '', settings: [], step: null } as const
  expect(firstShown(smallFilm({ verdict: unknown }))).toBe(4)
})

test('a link selects a step, or the nearest that there is', () => {
  expect(stepOfLink(linkTo(7), 9)).toBe(7)
  expect(stepOfLink('#step=10', 9)).toBe(9)
  expect(stepOfLink('#step=9999999999', 9)).toBe(9)
  expect(stepOfLink('#step=-1', 9)).toBe(0)
  for (const other of ['', '#', '#step=', '#step=1.5', '#step=7&x', '#other=7']) {
    expect(stepOfLink(other, 9)).toBeNull()
  }
})

test('keys walk, and stop at both ends', () => {
  const film = smallFilm()
  const walk = (...keys: readonly string[]) => keys.reduce((step, key) => stepOfKey(key, step, film) ?? -1, 1)
  expect([walk('ArrowRight'), walk('j'), walk('n'), walk('ArrowDown')]).toEqual([2, 2, 2, 2])
  expect([walk('ArrowLeft'), walk('k'), walk('p'), walk('ArrowUp')]).toEqual([0, 0, 0, 0])
  expect([walk('End'), walk('End', 'j'), walk('Home'), walk('Home', 'k'), walk('PageDown'), walk('d')]).toEqual([
    4, 4, 0, 0, 4, 3,
  ])
  expect(stepOfKey('x', 1, film)).toBeNull()
  expect(stepOfKey('d', 1, longFilm(3, 2, 1))).toBeNull()
})

test('a step is told in words', () => {
  expect(announcement(smallFilm(), 1)).toBe('Step 1 of 4: send p1 t/0 a b. p1: acknowledged.')
  expect(announcement(smallFilm(), 3)).toBe('Step 3 of 4: settle. Here: L1 acknowledged means kept.')
  expect(announcement(smallFilm(), 9)).toBe('')
})
