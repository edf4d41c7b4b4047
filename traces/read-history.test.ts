import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { goodOperations, historyOf, strongSettings } from '../properties/history/examples.ts'
import { HistoryError, isHistory, parseHistory, readHistory } from './read-history.ts'
import { historyText } from './write-history.ts'

const good = historyText({ ...historyOf(goodOperations), note: 'a note' })
const lines = good.trimEnd().split('\n')
const [header = '', first = ''] = lines

function complaint(text: string): string {
  try {
    parseHistory(text, 'h.ndjson')
  } catch (error) {
    if (error instanceof HistoryError) return error.message
    throw error
  }
  return 'no complaint'
}

test('what was written is read again', () => {
  expect(parseHistory(good, 'h')).toEqual({ ...historyOf(goodOperations), note: 'a note' })
  expect(parseHistory(good.trimEnd(), 'h').operations).toEqual(goodOperations)
  expect(isHistory(good)).toBe(true)
})

test('a file is read in pieces, whatever a piece begins with', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-history-'))
  try {
    const path = join(folder, 'h.ndjson')
    // More than one piece, with characters of several bytes.
    const operations = Array.from({ length: 9000 }, (_, index) => ({
      ...goodOperations.filter(({ kind }) => kind === 'send')[0],
      error: `…${'ü'.repeat(index % 50)}`,
    })) as typeof goodOperations
    writeFileSync(path, historyText({ ...historyOf(operations), note: null }))
    expect(readHistory(path).operations).toEqual(operations)
    expect(() => readHistory(folder)).toThrow('it is a folder')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

const withSettings = (settings: object) =>
  header.replace(/"settings":\{.*?\}/, `"settings":${JSON.stringify(settings)}`)
const { acks: _, ...noAcks } = strongSettings
const noKey = withSettings({ ...strongSettings, cleanupPolicy: 'compact' })
const aSend = lines.find(line => line.includes('"send"')) ?? ''

test.each([
  ['nothing', '', 'h.ndjson is empty. Its first line must be the header'],
  ['a trace', '{"format":"kafka-lockstep-trace"}', 'line 1 has no "format": "kafka-lockstep-history"'],
  ['a newer version', header.replace('"version":1', '"version":2'), 'of version 2; this program reads 1: update'],
  ['no version', header.replace('"version":1,', ''), 'line 1 has no version'],
  ['a setting that is missing', withSettings(noAcks), 'the field "settings" of line 1 lacks the field "acks". Add it.'],
  [
    'a wrong setting',
    withSettings({ ...strongSettings, isolation: 'serializable' }),
    'the field "settings/isolation" of line 1 must be one of',
  ],
  ['a torn last line', `${header}\n${first}\n${aSend.slice(0, 40)}`, 'line 3, the last one, is torn'],
  ['a broken line', `${header}\n${first.slice(0, 40)}\n${first}`, 'line 2 is not JSON, from column 41 on'],
  ['an empty line', `${header}\n\n${first}\n`, 'line 2 is empty. Remove it.'],
  ['an unknown kind', `${header}\n{"kind":"sned"}\n`, 'line 2 has an unknown kind ("sned")'],
  [
    'a misspelt field',
    `${header}\n${aSend.replace('"client"', '"process"')}\n`,
    'line 2 lacks the field "client". Add it.',
  ],
  [
    'an unknown outcome',
    `${header}\n${aSend.replace('"ok"', '"done"')}\n`,
    'the field "completed" of line 2 must be one',
  ],
  ['times turned around', `${header}\n${aSend.replace('"end":11', '"end":1')}\n`, 'line 2 ends at 1, before it starts'],
  ['no keys with compaction', `${noKey}\n${aSend}\n`, 'line 2 has a record without "key"'],
])('%s is refused with a sentence that says where, and what to do', (_name, text, expected) => {
  expect(complaint(text)).toContain(expected)
})
