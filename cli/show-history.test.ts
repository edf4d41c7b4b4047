// `lockstep show` of a recorded history, as its users run it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { goodOperations, historyOf, poll } from '../properties/history/examples.ts'
import { historyText } from '../traces/write-history.ts'
import { lastJson, lockstep } from './testing/lockstep.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-show-history-'))
afterAll(() => rmSync(folder, { recursive: true }))

const good = historyText({ ...historyOf(goodOperations), note: null })
const bad = historyText({ ...historyOf([...goodOperations, poll('c3', { start: 100 }, 0, ['other', 2])]), note: null })

function show(name: string, text: string, ...more: readonly string[]) {
  writeFileSync(join(folder, name), text)
  return lockstep(['show', name, ...more], { cwd: folder })
}

test('the picture stands beside the history, and 0 says that it is written, whatever it shows', async () => {
  for (const [text, verdict] of [
    [good, 'agree'],
    [bad, 'violation'],
  ] as const) {
    const ended = await show('h.ndjson', text, '--json')
    expect(ended.stderr).toContain('picture  h.html')
    expect(ended.code).toBe(0)
    expect(lastJson(ended)).toEqual({ history: 'h.ndjson', picture: 'h.html', verdict })
    expect(readFileSync(join(folder, 'h.html'), 'utf8')).toContain('kafka-lockstep-history-picture')
  }
})

test('a history is known by how it begins, whatever it is called', async () => {
  const ended = await show('recorded.log', good, '-o', 'out.html')
  expect(ended.stderr).toContain('picture  out.html')
  expect(ended.code).toBe(0)
})

test.each([
  ['a file that is no history', '{"format":"other"}', [], 'h.ndjson is not a history'],
  ['a torn one', bad.slice(0, -5), [], 'is torn'],
  ['one with a subject', good, ['--subject', 'zoo:zombie-commits'], 'has no subject. Leave --subject'],
  ['one that would be written over', good, ['-o', 'h.ndjson'], 'would be written over h.ndjson itself'],
  ['one without a place', good, ['-o', 'h.ndjson/x.html'], 'cannot be written'],
])('%s is bad usage', async (_, text, more, says) => {
  const ended = await show('h.ndjson', text, ...more)
  expect(ended.stderr).toContain(says)
  expect(ended.code).toBe(2)
})

test('a history that there is not is bad input', async () => {
  const ended = await lockstep(['show', 'nowhere.ndjson'], { cwd: folder })
  expect(ended.stderr).toContain('nowhere.ndjson cannot be read: there is no such file')
  expect(ended.code).toBe(2)
})
