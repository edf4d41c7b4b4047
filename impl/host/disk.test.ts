import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LogConfig } from '../../model/vocabulary/log.ts'
import { decodeBatches, encodeUnplacedBatch } from '../log/codec.ts'
import { openLog } from '../log/open.ts'
import { DiskFailure } from '../ports/disk.ts'
import { HostDisk } from './disk.ts'

const config: LogConfig = {
  segmentBytes: 150,
  indexIntervalBytes: 10,
  maxMessageBytes: 1000,
  cleanupPolicy: 'delete',
  retentionMs: -1,
  retentionBytes: -1,
  deleteRetentionMs: 0,
}
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'host-disk-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('what is appended is in the file at once, and is read back from any position', () => {
  const file = new HostDisk(folder).open('t-0/a.log')
  expect([file.append(ascii('hello ')), file.append(ascii('world')), file.size]).toEqual([6, 5, 11])
  expect(readFileSync(join(folder, 't-0/a.log'), 'latin1')).toBe('hello world')
  expect(text(file.read(4, 5))).toBe('o wor')
  expect(text(file.read(8, 100))).toBe('rld')
  file.truncate(7)
  file.append(ascii('W'))
  expect(text(file.read(0, 100))).toBe('hello wW')
  file.close()
})

test('a sync is completed later, also when the file was closed meanwhile', async () => {
  const file = new HostDisk(folder).open('t-0/a.log')
  file.append(ascii('x'))
  const order: string[] = []
  const done = new Promise<boolean>(resolve =>
    file.sync(durable => {
      order.push('done')
      resolve(durable)
    }),
  )
  file.close()
  order.push('asked')
  expect(await done).toBe(true)
  expect(order).toEqual(['asked', 'done'])
})

test('a folder goes with what interrupted replacements left in it, and with nothing else', () => {
  const disk = new HostDisk(folder)
  disk.writeAtomic('t-0/b', ascii('one'))
  writeFileSync(join(folder, 't-0/b.tmp'), 'half')
  writeFileSync(join(folder, 't-0/c.17-3.tmp'), 'half')
  expect(() => disk.removeFolder('t-0')).toThrow(DiskFailure)
  disk.remove(['t-0/b'])
  disk.removeFolder('t-0')
  disk.removeFolder('t-0')
  expect(disk.folders()).toEqual([])
})

test('a file is replaced as a whole, and an interrupted replacement is not seen', () => {
  const disk = new HostDisk(folder)
  disk.writeAtomic('t-0/b', ascii('one'))
  disk.writeAtomic('t-0/b', ascii('two'))
  writeFileSync(join(folder, 't-0/b.1-0.tmp'), 'half')
  expect([text(disk.readWhole('t-0/b') ?? ascii('')), disk.readWhole('t-0/c'), disk.list('t-0')]).toEqual([
    'two',
    null,
    ['t-0/b'],
  ])
})

test('a hint is there at once, and an empty one, as a machine that died may leave it, is none', () => {
  const disk = new HostDisk(folder)
  disk.writeHint('t-0/b', ascii('one'))
  disk.writeHint('t-0/b', ascii('two'))
  expect([text(disk.readWhole('t-0/b') ?? ascii('')), disk.list('t-0')]).toEqual(['two', ['t-0/b']])
  disk.writeHint('t-0/replication-offset-checkpoint', ascii(''))
  const log = openLog(disk, 't-0', config)
  expect([log.highWatermark, log.logStartOffset]).toEqual([0, 0])
  log.close()
})

test('files are renamed over others, removed and listed', () => {
  const disk = new HostDisk(folder)
  for (const name of ['b', 'a', 'c']) disk.writeAtomic(`t-0/${name}`, ascii(name))
  disk.rename('t-0/a', 't-0/b')
  disk.remove(['t-0/c', 't-0/none'])
  expect([disk.list('t-0'), disk.list('u-0'), text(disk.readWhole('t-0/b') ?? ascii(''))]).toEqual([['t-0/b'], [], 'a'])
})

test('a disk that refuses says so in words', () => {
  const disk = new HostDisk(folder)
  writeFileSync(join(folder, 'file'), '')
  expect(() => disk.open('file/x.log')).toThrow(DiskFailure)
  expect(() => disk.rename('none', 'other')).toThrow(/^cannot rename .*none: ENOENT/)
})

// The device that is always full.
test.runIf(process.platform === 'linux')('a full device takes fewer bytes than were given', () => {
  const problems: string[] = []
  const file = new HostDisk('/dev', problem => problems.push(problem)).open('full')
  expect(file.append(ascii('hello'))).toBe(0)
  expect(problems).toEqual(['/dev/full took 0 of 5 bytes: ENOSPC: no space left on device, write'])
  file.close()
})

test('a log on files is the same after a clean restart and after a kill', async () => {
  const disk = new HostDisk(folder)
  const log = openLog(disk, 't-0', config)
  for (const value of 'abcde') log.appendAsLeader(batchOf(value), 0)
  expect(log.flush()).toBe('NONE')
  await expect.poll(() => log.recoveryPoint).toBe(5)
  log.updateHighWatermark(5)
  log.close()

  const restarted = openLog(disk, 't-0', config)
  expect([restarted.logEndOffset, restarted.highWatermark, valuesOf(restarted)]).toEqual([5, 5, 'abcde'])
  restarted.appendAsLeader(batchOf('f'), 1)
  // A kill: nothing is closed, and a batch was half written.
  disk.open('t-0/00000000000000000004.log').append(batchOf('g').subarray(0, 40))
  const recovered = openLog(disk, 't-0', config)
  expect([recovered.logEndOffset, recovered.highWatermark, valuesOf(recovered), recovered.epochs.entries]).toEqual([
    6,
    5,
    'abcdef',
    [
      { epoch: 0, startOffset: 0 },
      { epoch: 1, startOffset: 5 },
    ],
  ])
  recovered.close()
})

function batchOf(value: string): Uint8Array {
  const records = [{ key: 'k', value, timestamp: 0 }]
  return encodeUnplacedBatch({ producerId: -1, producerEpoch: -1, baseSequence: -1, records })
}

function valuesOf(log: ReturnType<typeof openLog>): string {
  let values = ''
  for (let offset = 0; offset < log.logEndOffset; ) {
    const batches = decodeBatches(log.read(offset, log.logEndOffset, 1000).bytes)
    for (const { records } of batches) values += records[0]?.value
    offset = (batches.at(-1)?.lastOffset ?? log.logEndOffset) + 1
  }
  return values
}

function ascii(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
