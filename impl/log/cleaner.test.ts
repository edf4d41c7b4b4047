// Compaction, and a kill between any two of its steps; docs/protocol/log.md §12.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { LogConfig, LogObservation } from '../../model/vocabulary/log.ts'
import type { Batch } from '../../model/vocabulary/records.ts'
import { SimulatedDisk } from '../../properties/simulation/disk.ts'
import { type LogSubject, startLogSubject } from '../../properties/subjects/log.ts'
import { HostDisk } from '../host/disk.ts'
import type { Disk, DiskFile } from '../ports/disk.ts'
import { decodeBatches, encodeUnplacedBatch } from './codec.ts'
import type { Log } from './log.ts'
import { openLog } from './open.ts'

const config: LogConfig = {
  segmentBytes: 150,
  indexIntervalBytes: 64,
  maxMessageBytes: 150,
  cleanupPolicy: 'compact',
  retentionMs: -1,
  retentionBytes: -1,
  deleteRetentionMs: 100,
}

describe('compaction', () => {
  test('keeps the last record of each key below the active segment, also when a segment is left empty', () => {
    const log = logOf('a1 b1', 'a2', 'b2', 'c1', 'a3')
    expect(log.observe().segments.map(({ baseOffset }) => baseOffset)).toEqual([0, 2, 4])
    clean(log, 0)
    const { batches, segments, firstDirtyOffset, recoveryPoint } = log.observe()
    expect({ texts: texts(batches), segments, firstDirtyOffset, recoveryPoint }).toEqual({
      texts: ['2:a2', '3:b2', '4:c1', '5:a3'],
      segments: [
        { baseOffset: 0, sizeBytes: 0 },
        { baseOffset: 2, sizeBytes: 142 },
        { baseOffset: 4, sizeBytes: 142 },
      ],
      firstDirtyOffset: 4,
      recoveryPoint: 4,
    })
  })

  test('groups segments by their sizes before cleaning', () => {
    const log = logOf('a1 b1', 'a2', 'b2', 'c1', 'a3', 'd1', 'e1')
    clean(log, 0)
    expect(log.observe().segments.map(({ baseOffset, sizeBytes }) => [baseOffset, sizeBytes])).toEqual([
      [0, 0],
      [2, 71],
      [4, 142],
      [6, 142],
    ])
    for (const value of ['f1', 'g1', 'h1']) append(log, value)
    clean(log, 0)
    // 0 and 71 bytes fit into 150 together; with 142 more they do not.
    expect(log.observe().segments.map(({ baseOffset, sizeBytes }) => [baseOffset, sizeBytes])).toEqual([
      [0, 71],
      [4, 142],
      [6, 142],
      [8, 142],
      [10, 71],
    ])
  })

  test('merges small neighbours under the base of the first', () => {
    const log = logOf('a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1')
    clean(log, 0)
    for (const value of ['d1', 'd2', 'd3']) append(log, value)
    clean(log, 0)
    const { segments, batches } = log.observe()
    expect({ segments, texts: texts(batches) }).toEqual({
      segments: [
        { baseOffset: 0, sizeBytes: 142 },
        { baseOffset: 6, sizeBytes: 142 },
        { baseOffset: 8, sizeBytes: 142 },
      ],
      texts: ['3:a4', '5:b2', '6:c1', '7:d1', '8:d2', '9:d3'],
    })
  })

  test('gives a tombstone its horizon the first time, and removes it when that has passed', () => {
    const log = logOf('a1', 'a-', 'b1')
    clean(log, 50)
    const [tombstone] = log.observe().batches
    expect(tombstone).toEqual({
      ...{ baseOffset: 1, lastOffset: 1, leaderEpoch: 0, producerId: -1, producerEpoch: -1, baseSequence: -1 },
      ...{ deleteHorizon: 150, corrupt: false, records: [{ offset: 1, key: 'a', value: null, timestamp: 7 }] },
    })
    for (const now of [149, 150]) {
      append(log, 'c1')
      log.apply({ kind: 'roll' })
      append(log, 'd1')
      clean(log, now)
      expect(texts(log.observe().batches).includes('1:a-')).toBe(now < 150)
    }
  })

  test('keeps the newest batch of a producer, empty, so that its sequence is remembered', () => {
    const log = startLogSubject({ scope: 'log', config })
    for (const sequence of [0, 1]) append(log, 'a1', sequence)
    append(log, 'a2')
    log.apply({ kind: 'roll' })
    append(log, 'b1')
    const { producers } = log.observe()
    clean(log, 0)
    expect(log.observe().batches.map(({ baseOffset, records }) => [baseOffset, records.length])).toEqual([
      [1, 0],
      [2, 1],
      [3, 1],
    ])
    expect(log.observe().producers).toEqual(producers)
  })

  test('drops records without a key, which a leader with another policy let in', () => {
    const log = startLogSubject({ scope: 'log', config })
    const keyed = [{ offset: 0, key: 'a', value: '1.', timestamp: 7 }]
    const keyless = [{ offset: 1, key: null, value: '2.', timestamp: 7 }]
    const stamp = { producerId: -1, producerEpoch: -1, baseSequence: -1, leaderEpoch: 0 }
    const batch = { ...stamp, baseOffset: 0, lastOffset: 1, deleteHorizon: null, corrupt: false }
    log.apply({ kind: 'replicate', batches: [{ ...batch, records: [...keyed, ...keyless] }] })
    log.apply({ kind: 'roll' })
    clean(log, 0)
    expect(log.observe().batches).toEqual([{ ...batch, records: keyed }])
  })

  test('touches nothing when a batch that it must read is corrupt', () => {
    const log = logOf('a1', 'a2', 'a3')
    log.apply({ kind: 'rot', offset: 0 })
    const before = log.observe()
    log.apply({ kind: 'updateHighWatermark', offset: 3 })
    expect(log.apply({ kind: 'clean', now: 0 })).toEqual({ kind: 'error', error: 'CORRUPT_MESSAGE' })
    expect(log.observe()).toEqual({ ...before, highWatermark: 3 })
  })
})

describe('a kill between two steps of compaction', () => {
  test('leaves a log with the same last value of every key, which a second cleaning makes the same', () => {
    const cut = killEverywhere(() => new SimulatedDisk())
    expect(cut).toBeGreaterThan(15)
  })

  test('does so on files too', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cleaner-'))
    let run = 0
    try {
      const cut = killEverywhere(() => new HostDisk(join(folder, String(run++))))
      expect(cut).toBeGreaterThan(15)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

/** Kills at every step of a cleaning in turn, until one gets through. Answers how many were killed. */
function killEverywhere(freshDisk: () => Disk): number {
  const whole = dirtyLog(freshDisk())
  whole.clean(0)
  for (let steps = 0; ; steps++) {
    const disk = freshDisk()
    const mortal = new MortalDisk(disk)
    const log = dirtyLog(mortal)
    const before = lastValues(log)
    mortal.stepsLeft = steps
    try {
      log.clean(0)
      return steps
    } catch (death) {
      if (!(death instanceof Killed)) throw death
    }
    const reopened = openLog(disk, 't-0', config)
    expect([steps, lastValues(reopened), reopened.logEndOffset]).toEqual([steps, before, log.logEndOffset])
    reopened.updateHighWatermark(reopened.logEndOffset)
    reopened.clean(0)
    expect([steps, reopened.firstDirtyOffset, texts(contents(reopened))]).toEqual([
      steps,
      whole.firstDirtyOffset,
      texts(contents(whole)),
    ])
    expect(disk.list('t-0').filter(name => /cleaned|swap/.test(name))).toEqual([])
    reopened.close()
  }
}

function dirtyLog(disk: Disk): Log {
  const log = openLog(disk, 't-0', config)
  for (const text of ['a1', 'b1', 'a2', 'a3', 'b2', 'c1', 'a4']) log.appendAsLeader(encoded(text), 0)
  log.updateHighWatermark(log.logEndOffset)
  log.checkpoint()
  return log
}

function contents(log: Log): readonly Batch[] {
  return log.segments.flatMap(segment => decodeBatches(segment.readRange(0, segment.size)))
}

function lastValues(log: Log): readonly (readonly [string | null, string | null])[] {
  const values = new Map<string | null, string | null>()
  for (const { records } of contents(log)) for (const { key, value } of records) values.set(key, value)
  return [...values].sort()
}

class Killed extends Error {}

/** Dies instead of doing one more thing that changes a file. */
class MortalDisk implements Disk {
  readonly #disk: Disk
  stepsLeft = Number.POSITIVE_INFINITY

  constructor(disk: Disk) {
    this.#disk = disk
  }

  open(name: string): DiskFile {
    this.#step()
    const file = this.#disk.open(name)
    return {
      get size() {
        return file.size
      },
      append: bytes => {
        this.#step()
        return file.append(bytes)
      },
      read: (position, length) => file.read(position, length),
      truncate: size => {
        this.#step()
        file.truncate(size)
      },
      sync: done => file.sync(done),
      syncNow: () => {
        this.#step()
        file.syncNow()
      },
      close: () => file.close(),
    }
  }

  readWhole(name: string): Uint8Array | null {
    return this.#disk.readWhole(name)
  }

  writeAtomic(name: string, bytes: Uint8Array): void {
    this.#step()
    this.#disk.writeAtomic(name, bytes)
  }

  writeHint(name: string, bytes: Uint8Array): void {
    this.writeAtomic(name, bytes)
  }

  rename(from: string, to: string): void {
    this.#step()
    this.#disk.rename(from, to)
  }

  /** One by one: a kill may come between two of them. */
  remove(names: readonly string[]): void {
    for (const name of names) {
      this.#step()
      this.#disk.remove([name])
    }
  }

  list(folder: string): readonly string[] {
    return this.#disk.list(folder)
  }

  #step(): void {
    if (this.stepsLeft-- <= 0) throw new Killed()
  }
}

/** Records as `<key><value>` in one letter each, `-` for a tombstone. */
function logOf(...batches: string[]): LogSubject {
  const log = startLogSubject({ scope: 'log', config })
  for (const text of batches) append(log, text)
  return log
}

function append(log: LogSubject, text: string, sequence = -1): void {
  const producer = sequence < 0 ? { producerId: -1, producerEpoch: -1 } : { producerId: 4, producerEpoch: 0 }
  log.apply({ kind: 'append', leaderEpoch: 0, ...producer, baseSequence: sequence, records: recordsOf(text) })
}

function encoded(text: string): Uint8Array {
  return encodeUnplacedBatch({ producerId: -1, producerEpoch: -1, baseSequence: -1, records: recordsOf(text) })
}

function recordsOf(
  text: string,
): { readonly key: string; readonly value: string | null; readonly timestamp: number }[] {
  return text.split(' ').map(record => {
    const value = record.slice(1)
    return { key: record.slice(0, 1), value: value === '-' ? null : `${value}.`, timestamp: 7 }
  })
}

function texts(batches: LogObservation['batches']): readonly string[] {
  return batches.flatMap(({ records }) =>
    records.map(({ offset, key, value }) => `${offset}:${key}${value === null ? '-' : value.slice(0, -1)}`),
  )
}

function clean(log: LogSubject, now: number): void {
  log.apply({ kind: 'updateHighWatermark', offset: log.observe().logEndOffset })
  log.apply({ kind: 'clean', now })
}
