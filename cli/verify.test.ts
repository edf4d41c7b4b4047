// `lockstep verify` as its users run it.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { goodOperations, historyOf, poll, send } from '../properties/history/examples.ts'
import type { History } from '../properties/history/history.ts'
import { historyText } from '../traces/write-history.ts'
import { lastJson, lockstep } from './testing/lockstep.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-verify-'))
afterAll(() => rmSync(folder, { recursive: true }))

function verify(history: History | string, ...more: readonly string[]) {
  writeFileSync(
    join(folder, 'h.ndjson'),
    typeof history === 'string' ? history : historyText({ ...history, note: null }),
  )
  return lockstep(['verify', 'h.ndjson', '--json', ...more], { cwd: folder })
}

const lossy = [send('p3', { start: 17 }, 0, ['lost', 3]), ...goodOperations]

test('a good history agrees', async () => {
  const ended = await verify(historyOf(goodOperations))
  expect(ended.stderr).toContain('agree      20 operations of 5 clients, 6 records acknowledged, 7 read')
  expect(ended.code).toBe(0)
  expect(lastJson(ended)).toMatchObject({ verdict: 'agree', anomalies: [] })
})

test('a lost write is a violation, with the settings and the lines that prove it', async () => {
  const ended = await verify(historyOf(lossy))
  expect(ended.code).toBe(1)
  expect(ended.stderr).toBe(`violation  L1 acknowledged means kept
           under acks=all, enable.idempotence=true, min.insync.replicas=2, unclean.leader.election.enable=false, isolation.level=read_uncommitted
           lost-write: "lost" was acknowledged in t/0 at offset 3 (line 2), consumers read on beyond it (line 16), and nobody ever read it

  line      2  p3 sends to t/0: "lost" at offset 3, 17 to 18 ms
  line     16  c1 is given t/0 offset 5: "a2", t/0 offset 6: "maybe", 32 to 33 ms

  anomaly           claim  forbidden  undecided  allowed  since
  lost-write        L1             1          0        0
  poll-skip         F4             1          0        1  the group may have given the partition to others in between
  skipped-by-group  L7             1          0        0

picture  h.html
`)
  expect(lastJson(ended)).toMatchObject({ verdict: 'violation', settings: { acks: -1 }, picture: 'h.html' })
  expect(readFileSync(join(folder, 'h.html'), 'utf8')).toContain('<title>h.ndjson: L1 acknowledged means kept</title>')
})

test('a good history gets a picture only when one is asked for', async () => {
  rmSync(join(folder, 'h.html'), { force: true })
  expect(lastJson(await verify(historyOf(goodOperations)))).toMatchObject({ picture: null })
  expect(existsSync(join(folder, 'h.html'))).toBe(false)
  const asked = await verify(historyOf(goodOperations), '-o', 'good.html')
  expect(asked.stderr).toContain('picture  good.html')
  expect(readFileSync(join(folder, 'good.html'), 'utf8')).toMatch(/^<!doctype html>/)
  expect(asked.code).toBe(0)
})

test('a picture that cannot be written hides no finding, and is missed by who asked for it', async () => {
  mkdirSync(join(folder, 'taken.html'), { recursive: true })
  const found = await verify(historyOf(lossy), '-o', 'taken.html')
  expect(found.stderr).toContain('violation  L1')
  expect(found.stderr).toContain('picture  not written: taken.html cannot be written')
  expect(found.code).toBe(1)
  expect((await verify(historyOf(goodOperations), '-o', 'taken.html')).code).toBe(2)
  const over = await verify(historyOf(lossy), '-o', 'h.ndjson')
  expect(over.stderr).toContain('would be written over h.ndjson itself')
  expect(over.code).toBe(2)
})

test('the same is legal with acks=1 and a change of the leader, and said', async () => {
  const ended = await verify(historyOf(lossy, { acks: 1, idempotent: false }))
  expect(ended.code).toBe(0)
  expect(ended.stderr).toContain('acks=1, and the leader changed')
})

test('what the header leaves open is unknown, and the setting is named', async () => {
  const ended = await verify(historyOf(lossy, { replicasLost: null }))
  expect(ended.code).toBe(3)
  expect(ended.stderr).toContain('whether that is legal depends on "replicasLost", which the header does not tell')
})

test('a file that is no history is bad input', async () => {
  const ended = await verify('{}')
  expect(ended.code).toBe(2)
  expect(ended.stderr).toContain('h.ndjson is not a history')
})

test('what a value holds does not reach the terminal as it is', async () => {
  const hostile = '\u001b[2J'
  const ended = await verify(historyOf([...goodOperations, poll('c3', { start: 100 }, 0, [hostile, 2])]))
  expect(ended.code).toBe(1)
  expect(ended.stderr).not.toContain(hostile)
})
