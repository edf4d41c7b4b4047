import { expect, test } from 'vitest'
import { SimulatedDisk } from './disk.ts'

test('a crash keeps what was synced, and of the rest all, nothing or the first bytes in order of writing', () => {
  const left = (damage: Parameters<SimulatedDisk['crash']>[0]): string[] => {
    const disk = new SimulatedDisk()
    const [a, b] = [disk.open('t-0/a.log'), disk.open('t-0/b.log')]
    a.append(ascii('12'))
    a.syncNow()
    a.append(ascii('34'))
    b.append(ascii('56'))
    a.append(ascii('78'))
    disk.crash(damage, 'kept')
    return [text(disk, 't-0/a.log'), text(disk, 't-0/b.log')]
  }
  expect([
    left({ kind: 'kept' }),
    left({ kind: 'lost' }),
    ...[1, 3, 5, 99].map(bytes => left({ kind: 'torn', bytes })),
  ]).toEqual([
    ['123478', '56'],
    ['12', ''],
    ['123', ''],
    ['1234', '5'],
    ['12347', '56'],
    ['123478', '56'],
  ])
})

test('a sync covers what was written when it was asked for, less what was cut off since', () => {
  const disk = new SimulatedDisk()
  const file = disk.open('t-0/a.log')
  const done: boolean[] = []
  file.append(ascii('123'))
  file.sync(durable => done.push(durable))
  file.truncate(1)
  file.append(ascii('45'))
  expect([done, disk.outstandingSyncs]).toEqual([[], 1])
  disk.completeSyncs()
  disk.crash({ kind: 'lost' }, 'kept')
  expect([done, disk.outstandingSyncs, text(disk, 't-0/a.log')]).toEqual([[true], 0, '1'])
})

test('bytes that are written again after a truncation are unsynced, whatever was synced before', () => {
  const disk = new SimulatedDisk()
  const file = disk.open('t-0/a.log')
  file.append(ascii('12'))
  disk.crash({ kind: 'kept' }, 'kept')
  file.append(ascii('34'))
  file.truncate(0)
  file.append(ascii('5678'))
  disk.crash({ kind: 'torn', bytes: 1 }, 'kept')
  expect(text(disk, 't-0/a.log')).toBe('5')
})

test('index files are lost or torn as wholes, and atomic files never', () => {
  for (const [fate, index] of [
    ['kept', 'abcd'],
    ['torn', 'ab'],
    ['lost', null],
  ] as const) {
    const disk = new SimulatedDisk()
    disk.open('t-0/a.index').append(ascii('abcd'))
    disk.writeAtomic('t-0/epochs', ascii('ef'))
    disk.crash({ kind: 'kept' }, fate)
    const bytes = disk.readWhole('t-0/a.index')
    expect([bytes === null ? null : new TextDecoder().decode(bytes), text(disk, 't-0/epochs')]).toEqual([index, 'ef'])
  }
})

test('a full disk takes the bytes that fit, of logs only', () => {
  const disk = new SimulatedDisk()
  disk.fill(3)
  expect([disk.open('t-0/a.log').append(ascii('12')), disk.open('t-0/b.log').append(ascii('34'))]).toEqual([2, 1])
  expect(disk.open('t-0/a.log.cleaned').append(ascii('12345'))).toBe(5)
  disk.fill(null)
  expect(disk.open('t-0/a.log').append(ascii('67'))).toBe(2)
})

test('many small writes to many files are remembered in order, in little memory', () => {
  const disk = new SimulatedDisk()
  const files = ['a', 'b', 'c'].map(name => disk.open(`t-0/${name}.log`))
  for (let i = 0; i < 3000; i++) {
    const file = files[i % 3]
    file?.append(ascii(String(i % 10)))
    if (i % 100 < 97) file?.syncNow()
  }
  disk.crash({ kind: 'torn', bytes: 1 }, 'kept')
  // 2997, 2998 and 2999 go to a, b and c, and only the first byte of those survives.
  expect(files.map(file => file.size)).toEqual([1000, 999, 999])
})

test('a read is a copy, and a flipped bit is seen by the next one', () => {
  const disk = new SimulatedDisk()
  const file = disk.open('t-0/a.log')
  file.append(ascii('aa'))
  const before = file.read(0, 2)
  disk.rot('t-0/a.log', 1)
  expect([before, file.read(0, 2)]).toEqual([ascii('aa'), ascii('a`')])
})

function ascii(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

function text(disk: SimulatedDisk, name: string): string {
  return new TextDecoder().decode(disk.readWhole(name) ?? new Uint8Array(0))
}
