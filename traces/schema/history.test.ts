import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { HistoryOperation, HistorySettings } from '../../properties/history/history.ts'
import type { TypeOf } from './build.ts'
import { type historyOperation, historySchema, type historySettings } from './history.ts'

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : 'the schema is too wide') : 'the types are too wide'

test('the schema of histories has the types of the checks', () => {
  const settings: Same<HistorySettings, TypeOf<typeof historySettings>> = true
  const operation: Same<HistoryOperation, TypeOf<typeof historyOperation>> = true
  expect([settings, operation]).toEqual([true, true])
})

test('the schema of histories is published as traces/history-schema.json', () => {
  const published = new URL('../history-schema.json', import.meta.url)
  const text = `${JSON.stringify(historySchema(), null, 1)}\n`
  if (process.env.LOCKSTEP_REWRITE === '1') writeFileSync(published, text)
  expect(readFileSync(published, 'utf8')).toBe(text)
})
