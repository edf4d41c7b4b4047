import { execFileSync } from 'node:child_process'
import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { writeWhole } from './write.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-write-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a file is written as a whole', () => {
  test('in a folder that is made for it, and over an older one', () => {
    const path = join(folder, 'deep', 'in', 'a.json')
    writeWhole(path, 'one')
    writeWhole(path, 'two')
    expect(readFileSync(path, 'utf8')).toBe('two')
    expect(readdirSync(join(folder, 'deep', 'in'))).toEqual(['a.json'])
  })

  test('where a link leads to, and the link stays', () => {
    const [link, target] = [join(folder, 'link'), join(folder, 'target')]
    writeFileSync(target, 'old')
    symlinkSync(target, link)
    writeWhole(link, 'new')
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(readFileSync(target, 'utf8')).toBe('new')
  })

  test('and nothing is left of one that could not be', () => {
    const path = join(folder, 'taken')
    mkdirSync(path)
    expect(() => writeWhole(path, 'x')).toThrow('EISDIR')
    expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])
  })
})

test.skipIf(process.platform === 'win32')('what is no file is written to, and never replaced', () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK)
  writeWhole(pipe, 'through')
  const read = Buffer.alloc(16)
  expect(read.toString('utf8', 0, readSync(reader, read))).toBe('through')
  closeSync(reader)
  expect(lstatSync(pipe).isFIFO()).toBe(true)
})
