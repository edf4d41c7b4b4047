import { expect, test } from 'vitest'
import type { Mutant } from './mutant.ts'
import { type Judged, killersTable, scoreTable, survivorLines } from './report.ts'

const mutant: Mutant = { file: 'model/log/a.ts', line: 3, rule: 'boundary', start: 5, end: 6, before: '<', after: '<=' }
const other: Mutant = { ...mutant, file: 'impl/log/b.ts' }
const judged: readonly Judged[] = [
  {
    mutant,
    outcome: { kind: 'killed', kill: { by: 'corpus', how: 'disagreement', at: 'a.json', sentence: '' } },
    ms: 1,
    units: null,
  },
  { mutant, outcome: { kind: 'timed out', doing: 'log run 3' }, ms: 1, units: null },
  { mutant, outcome: { kind: 'survived' }, ms: 1, units: ['a.test.ts: a > b'] },
  { mutant: other, outcome: { kind: 'survived' }, ms: 1, units: [] },
]

test('scores count what was noticed, and say apart what only unit tests notice', () => {
  expect(scoreTable(judged).split('\n').slice(2)).toEqual([
    '| impl/log | 1 | 0 | 0 | 0 | 1 | 0 % |',
    '| model/log | 3 | 1 | 1 | 1 | 0 | 67 % |',
    '| all | 4 | 1 | 1 | 1 | 1 | 50 % |',
  ])
  expect(killersTable(judged).split('\n').slice(2)).toEqual(['| corpus | 1 | 1 | 0 | 0 | 0 |'])
})

test('survivors stand in the order of their places', () => {
  expect(survivorLines(judged)).toEqual([
    'impl/log/b.ts:3 boundary: < → <=',
    'model/log/a.ts:3 boundary: < → <= (unit test: a.test.ts: a > b)',
  ])
})
