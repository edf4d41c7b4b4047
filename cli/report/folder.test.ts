import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkFolder, writeFiles } from './folder.ts'

const root = mkdtempSync(join(tmpdir(), 'lockstep-folder-'))
afterAll(() => rmSync(root, { recursive: true }))

test('a report that fails half-way leaves no page of an older one', () => {
  const folder = join(root, 'half')
  writeFiles(folder, [
    ['report.json', 'older'],
    ['report.html', 'older'],
  ])
  // Nothing can be written where a folder is.
  mkdirSync(join(folder, 'blocked'))
  const files = [
    ['report.json', 'newer'],
    ['blocked', ''],
    ['report.html', 'newer'],
  ] as const
  expect(() => writeFiles(folder, files)).toThrow('the report is not whole')
  expect(existsSync(join(folder, 'report.html'))).toBe(false)
})

test('a folder in which a report was killed after its traces is taken, one with other traces is not', () => {
  const folder = join(root, 'killed')
  mkdirSync(join(folder, 'traces'), { recursive: true })
  writeFileSync(join(folder, 'traces', 'log-L1-7-31.json'), '{}')
  expect(() => checkFolder(folder)).not.toThrow()
  writeFileSync(join(folder, 'traces', 'notes.txt'), 'mine')
  expect(() => checkFolder(folder)).toThrow('holds traces, which is no part of a report')
})
