// Two clusters never hold one folder, whatever processes do in between.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FolderLock } from './folder-lock.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The number of a process that is no more. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid
}

test('it is taken once, and again when it was given back', () => {
  const lock = FolderLock.take(folder)
  expect(readFileSync(join(folder, '.lock.1'), 'utf8')).toBe(String(process.pid))
  const message = `${folder} is in use by process ${process.pid}: stop that one, or give another folder with --data`
  expect(() => FolderLock.take(folder)).toThrow(message)
  lock.release()
  expect(readdirSync(folder)).toEqual([])
  FolderLock.take(folder).release()
})

test.each([
  ['a dead process', () => String(deadPid())],
  ['an earlier process with our number', () => String(process.pid)],
  ['nobody, as a kill within a write left it long ago', () => ''],
  ['nonsense', () => 'nonsense'],
])('a lock of %s counts for nothing', (_whose, text) => {
  writeFileSync(join(folder, '.lock.1'), text())
  const lock = FolderLock.take(folder)
  expect(readdirSync(folder)).toEqual(['.lock.2'])
  lock.release()
})

test('a lock of a living process counts', () => {
  writeFileSync(join(folder, '.lock.1'), String(process.ppid))
  expect(() => FolderLock.take(folder)).toThrow(`is in use by process ${process.ppid}`)
  expect(readdirSync(folder)).toEqual(['.lock.1'])
})

test('of many processes that want a folder with a stale lock, one gets it', () => {
  writeFileSync(join(folder, '.lock.1'), String(deadPid()))
  const file = join(import.meta.dirname, 'folder-lock.ts')
  // Each holds what it has got until the last one has tried.
  const script = `
    import { FolderLock } from ${JSON.stringify(file)}
    const until = Number(process.argv[2])
    while (Date.now() < until);
    try { FolderLock.take(process.argv[1]); console.log('got') } catch (error) { console.log(error.message) }
    setTimeout(() => {}, 4000)
  `
  const at = Date.now() + 2500
  const runner = `
    import { spawn } from 'node:child_process'
    for (let k = 0; k < 6; k++)
      spawn(process.execPath, ['--input-type=module', '-e', ${JSON.stringify(script)}, ${JSON.stringify(folder)}, '${at}'], { stdio: 'inherit' })
  `
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', runner], { encoding: 'utf8' })
  const lines = stdout.trim().split('\n')
  expect(lines.length).toBe(6)
  expect(lines.filter(line => line === 'got').length).toBe(1)
  expect(lines.filter(line => line.includes('is in use by process')).length).toBe(5)
}, 30_000)
