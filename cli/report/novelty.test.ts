import { expect, test } from 'vitest'
import { noveltyOf } from './novelty.ts'

/** Pairs that were first reached in these runs. */
function pairs(firsts: readonly number[]): ReadonlyMap<string, number> {
  return new Map(firsts.map((run, index) => [`pair ${index}`, run]))
}

const early = Array.from({ length: 500 }, (_, index) => index % 100)

test('a campaign whose last tenth brought nothing is saturated', () => {
  expect(noveltyOf(pairs(early), 1000, [])).toMatchObject({
    pairs: 500,
    lastTenth: { runs: 100, pairs: 0 },
    sentence: 'Saturated: the last tenth of the runs (100) reached no new pair. All 500 had been reached before.',
  })
})

test('one whose last tenth hardly brought anything is nearly so', () => {
  expect(noveltyOf(pairs([...early, 899, 900, 999]), 1000, []).sentence).toBe(
    'Nearly saturated: the last tenth of the runs (100) reached 2 new of 503 pairs, one in 50 runs.',
  )
})

test('one that goes on finding is not', () => {
  const { sentence, newest } = noveltyOf(pairs(Array.from({ length: 1000 }, (_, run) => run)), 1000, [])
  expect(sentence).toBe(
    'Not saturated: the last tenth of the runs (100) reached 100 new of 1000 pairs, 1.0 a run. A longer campaign will reach states that this one has not.',
  )
  expect(newest.slice(0, 2)).toEqual([
    { pair: 'pair 999', run: 999 },
    { pair: 'pair 998', run: 998 },
  ])
})

test('of few runs nothing is said', () => {
  expect(noveltyOf(pairs([0, 1]), 99, []).sentence).toContain('too few runs to say')
})

test('the last tenth is where the runs end, however many were lost before', () => {
  expect(noveltyOf(pairs([250, 539, 540, 599]), 600, [{ firstRun: 0, runs: 250 }])).toMatchObject({
    lastTenth: { runs: 60, pairs: 2 },
    sentence: '4 pairs in 600 runs. Nothing is said of saturation: nothing is known of 250 of them.',
  })
})

test('a last tenth of which runs are unknown shows nothing new, and is not called saturated', () => {
  const unknown = [
    { firstRun: 7, runs: 1 },
    { firstRun: 850, runs: 100 },
  ]
  expect(noveltyOf(pairs(early), 1000, unknown).sentence).toBe(
    '500 pairs in 1000 runs. Nothing is said of saturation: nothing is known of 101 of them, 50 of those in the last tenth (100).',
  )
})
