import { expect, test } from 'vitest'
import { FactsSum } from '../../properties/facts/sum.ts'
import { scopePart } from './scope-part.ts'

const result = { operations: 1, declined: 0, runsToAsk: 500, isAsked: false, missing: [] }

test('that the sides agree was tried by every run but those that were lost', () => {
  const lost = [{ firstRun: 2, runs: 3 }]
  const failing = new Map([['lockstep', 1]])
  const part = scopePart(new FactsSum('partitioner'), { ...result, runs: 5, endRun: 8, failing, lost, unknown: lost })
  const runsOver = [1, 1, 0, 0, 0, 1, 1, 1]
  expect(part).toMatchObject({ runs: 5, endRun: 8, runsInPoint: 1, runsOver })
  expect(part.claims.find(({ claim }) => claim === 'lockstep')).toMatchObject({ runs: 5, firstRun: 0, over: runsOver })
})
