// The log through its subject: operations in, outcomes and whole observations out. The numbers are the sections of
// docs/protocol/log.md.
import { describe, expect, test } from 'vitest'
import type { LogConfig, LogOperation, LogOutcome } from '../../model/vocabulary/log.ts'
import type { Batch, PlainRecord } from '../../model/vocabulary/records.ts'
import { type LogSubject, startLogSubject } from '../../properties/subjects/log.ts'

const config: LogConfig = {
  segmentBytes: 200,
  indexIntervalBytes: 64,
  maxMessageBytes: 180,
  cleanupPolicy: 'delete',
  retentionMs: -1,
  retentionBytes: -1,
  deleteRetentionMs: 100,
}
// One record with a one-letter key and value: 61 + 1 + 9 bytes.
const oneRecordBytes = 70

describe('appending', () => {
  test('a leader numbers records from the end of the log, and stamps its epoch', () => {
    const log = start()
    expect([append(log, 0, 'a', 'b'), append(log, 1, 'c')]).toEqual([appended(0, 1), appended(2, 2)])
    expect(log.observe()).toEqual({
      logStartOffset: 0,
      logEndOffset: 3,
      highWatermark: 0,
      recoveryPoint: 0,
      firstDirtyOffset: 0,
      segments: [{ baseOffset: 0, sizeBytes: 2 * oneRecordBytes + 9 }],
      epochs: [
        { epoch: 0, startOffset: 0 },
        { epoch: 1, startOffset: 2 },
      ],
      producers: [],
      batches: [batch(0, 0, 'a', 'b'), batch(2, 1, 'c')],
      offline: false,
    })
  })

  test('a segment that the batch would overfill is closed and synced first', () => {
    const log = start()
    for (const value of 'abc') append(log, 0, value)
    expect(log.observe().segments).toEqual([
      { baseOffset: 0, sizeBytes: 2 * oneRecordBytes },
      { baseOffset: 2, sizeBytes: oneRecordBytes },
    ])
    expect(log.observe().recoveryPoint).toBe(2)
  })

  test('what cannot be appended is refused by the first rule that it breaks', () => {
    const log = start({ cleanupPolicy: 'compact' })
    append(log, 1, 'a')
    const large = 'x'.repeat(120)
    expect(append(log, 0)).toEqual(error('INVALID_RECORD'))
    expect(log.apply(produce(0, [{ key: null, value: large, timestamp: 0 }]))).toEqual(error('INVALID_RECORD'))
    expect(append(log, 0, large)).toEqual(error('MESSAGE_TOO_LARGE'))
    expect(append(log, 0, 'b')).toEqual(error('FENCED_LEADER_EPOCH'))
  })

  test('a follower keeps the offsets of its leader, gaps included, and checks everything before it writes', () => {
    const log = start()
    expect(replicate(log, batch(3, 1, 'a'), batch(7, 1, 'b', 'c'))).toEqual({ kind: 'done' })
    expect(replicate(log, batch(9, 1, 'd'), { ...batch(12, 1, 'e'), corrupt: true })).toEqual(error('CORRUPT_MESSAGE'))
    expect(replicate(log, batch(9, 1, 'd'), batch(9, 1, 'e'))).toEqual(error('OFFSET_OUT_OF_RANGE'))
    expect(replicate(log, batch(9, 2, 'd'), batch(10, 1, 'e'))).toEqual(error('FENCED_LEADER_EPOCH'))
    const { batches, logEndOffset, segments } = log.observe()
    expect({ batches, logEndOffset, segments }).toEqual({
      batches: [batch(3, 1, 'a'), batch(7, 1, 'b', 'c')],
      logEndOffset: 9,
      segments: [{ baseOffset: 0, sizeBytes: 2 * oneRecordBytes + 9 }],
    })
  })
})

describe('idempotent producers', () => {
  test('a batch that is sent again is answered with the original offsets', () => {
    const log = start()
    for (const [sequence, value] of [...'abcdef'].entries()) send(log, 0, sequence, value)
    expect(send(log, 0, 1, 'b')).toEqual({ kind: 'appended', baseOffset: 1, lastOffset: 1, duplicate: true })
    expect(send(log, 0, 0, 'a')).toEqual(error('OUT_OF_ORDER_SEQUENCE_NUMBER'))
    expect(send(log, 0, 7, 'h')).toEqual(error('OUT_OF_ORDER_SEQUENCE_NUMBER'))
    expect(log.observe().producers[0]?.batches.map(({ baseSequence }) => baseSequence)).toEqual([1, 2, 3, 4, 5])
  })

  test('a new epoch begins at sequence 0 and fences the old one', () => {
    const log = start()
    send(log, 0, 0, 'a')
    expect(send(log, 1, 1, 'b')).toEqual(error('OUT_OF_ORDER_SEQUENCE_NUMBER'))
    expect(send(log, 1, 0, 'b')).toEqual(appended(1, 1))
    expect(send(log, 0, 1, 'c')).toEqual(error('INVALID_PRODUCER_EPOCH'))
  })

  test('without an entry any sequence is accepted, and 0 follows 2^31-1', () => {
    const log = start()
    expect(send(log, 0, 2 ** 31 - 1, 'a')).toEqual(appended(0, 0))
    expect(send(log, 0, 0, 'b')).toEqual(appended(1, 1))
  })

  test('the state outlives the records that retention removed, across truncation, a clean restart and a crash', () => {
    const log = start({ retentionBytes: 0 })
    send(log, 0, 0, 'a')
    log.apply({ kind: 'roll' })
    append(log, 0, 'x')
    log.apply({ kind: 'updateHighWatermark', offset: 1 })
    log.apply({ kind: 'retain', now: 0 })
    const remembered = [
      {
        producerId: 9,
        producerEpoch: 0,
        batches: [{ baseSequence: 0, lastSequence: 0, baseOffset: 0, lastOffset: 0 }],
      },
    ]
    expect(log.observe().batches).toEqual([batch(1, 0, 'x')])
    for (const operation of [
      { kind: 'truncate', offset: 1 },
      { kind: 'close' },
      { kind: 'crash', damage: { kind: 'lost' }, indexes: 'lost' },
    ] satisfies LogOperation[]) {
      send(log, 0, 1, 'b')
      if (operation.kind === 'close') log.apply({ kind: 'truncate', offset: 1 })
      log.apply(operation)
      expect([operation.kind, log.observe().producers]).toEqual([operation.kind, remembered])
    }
  })
})

describe('leader epochs', () => {
  test('an epoch without records is forgotten when the log is truncated at its end', () => {
    const log = start()
    append(log, 0, 'a')
    log.apply({ kind: 'assignEpoch', leaderEpoch: 3 })
    expect(log.observe().epochs).toEqual([
      { epoch: 0, startOffset: 0 },
      { epoch: 3, startOffset: 1 },
    ])
    log.apply({ kind: 'truncate', offset: 1 })
    expect(log.observe().epochs).toEqual([{ epoch: 0, startOffset: 0 }])
  })

  test('the end offset of an epoch is the start of the next one that the log has', () => {
    const log = start()
    log.apply({ kind: 'assignEpoch', leaderEpoch: 1 })
    append(log, 1, 'a')
    append(log, 4, 'b')
    const end = (leaderEpoch: number): LogOutcome => log.apply({ kind: 'endOffsetForEpoch', leaderEpoch })
    expect([-1, 0, 1, 3, 4, 5].map(end)).toEqual(
      [
        { epoch: -1, endOffset: -1 },
        { epoch: 0, endOffset: 0 },
        { epoch: 1, endOffset: 1 },
        { epoch: 1, endOffset: 1 },
        { epoch: 4, endOffset: 2 },
        { epoch: -1, endOffset: -1 },
      ].map(answer => ({ kind: 'epochEnd', end: answer })),
    )
  })

  test('an epoch goes on from the new log start when its first records are deleted', () => {
    const log = start()
    for (const [epoch, value] of [...'abc'].entries()) append(log, epoch, value)
    log.apply({ kind: 'updateHighWatermark', offset: 3 })
    log.apply({ kind: 'deleteRecords', offset: 2 })
    expect(log.observe().epochs).toEqual([{ epoch: 2, startOffset: 2 }])
  })
})

describe('truncating', () => {
  test('a batch that holds the offset goes as a whole', () => {
    const log = start()
    append(log, 0, 'a')
    append(log, 1, 'b', 'c')
    log.apply({ kind: 'truncate', offset: 2 })
    const { batches, logEndOffset, epochs } = log.observe()
    expect({ batches, logEndOffset, epochs }).toEqual({
      batches: [batch(0, 0, 'a')],
      logEndOffset: 1,
      epochs: [{ epoch: 0, startOffset: 0 }],
    })
  })

  test('in a gap an empty segment keeps the end where it was asked to be, and what is before it is synced', () => {
    const log = start()
    replicate(log, batch(0, 0, 'a'), batch(5, 0, 'b'))
    log.apply({ kind: 'truncate', offset: 3 })
    const { segments, logEndOffset, recoveryPoint } = log.observe()
    expect({ segments, logEndOffset, recoveryPoint }).toEqual({
      segments: [
        { baseOffset: 0, sizeBytes: oneRecordBytes },
        { baseOffset: 3, sizeBytes: 0 },
      ],
      logEndOffset: 3,
      recoveryPoint: 3,
    })
    log.apply({ kind: 'crash', damage: { kind: 'lost' }, indexes: 'lost' })
    expect(log.observe().batches).toEqual([batch(0, 0, 'a')])
  })

  test('a sync that was asked for before makes durable only what is left', () => {
    const log = start()
    append(log, 0, 'a')
    append(log, 0, 'b')
    log.apply({ kind: 'flush' })
    log.apply({ kind: 'truncate', offset: 1 })
    append(log, 0, 'c')
    log.apply({ kind: 'synced' })
    expect(log.observe().recoveryPoint).toBe(1)
    log.apply({ kind: 'crash', damage: { kind: 'lost' }, indexes: 'kept' })
    expect(log.observe().batches).toEqual([batch(0, 0, 'a')])
  })

  test('truncating fully begins anew with nothing remembered', () => {
    const log = start()
    send(log, 0, 0, 'a')
    log.apply({ kind: 'truncateFully', offset: 40 })
    expect(log.observe()).toEqual({
      logStartOffset: 40,
      logEndOffset: 40,
      highWatermark: 40,
      recoveryPoint: 40,
      firstDirtyOffset: 40,
      segments: [{ baseOffset: 40, sizeBytes: 0 }],
      epochs: [],
      producers: [],
      batches: [],
      offline: false,
    })
  })
})

describe('reading', () => {
  test('whole batches of one segment are read, the first even if it is too large', () => {
    const log = start()
    append(log, 0, 'a', 'b')
    for (const value of 'cde') append(log, 0, value)
    const read = (offset: number, endOffset: number, bytesMax: number): LogOutcome =>
      log.apply({ kind: 'read', offset, endOffset, bytesMax })
    expect(read(1, 9, 0)).toEqual({ kind: 'batches', batches: [batch(0, 0, 'a', 'b')] })
    expect(read(0, 9, 10_000)).toEqual({
      kind: 'batches',
      batches: [batch(0, 0, 'a', 'b'), batch(2, 0, 'c')],
    })
    expect(read(3, 4, 10_000)).toEqual({ kind: 'batches', batches: [batch(3, 0, 'd')] })
    expect(read(1, 1, 10_000)).toEqual({ kind: 'batches', batches: [] })
    expect(read(5, 9, 10_000)).toEqual({ kind: 'batches', batches: [] })
    expect([read(-1, 9, 1), read(6, 9, 1)]).toEqual([error('OFFSET_OUT_OF_RANGE'), error('OFFSET_OUT_OF_RANGE')])
  })

  test('a search by time skips batches by their largest timestamp, and reads no other corrupt ones', () => {
    const log = start()
    for (const timestamp of [10, 30, 20]) log.apply(produce(0, [{ key: 'k', value: 'v', timestamp }]))
    const find = (timestamp: number, endOffset = 9): LogOutcome =>
      log.apply({ kind: 'listOffsets', timestamp, endOffset })
    log.apply({ kind: 'rot', offset: 0 })
    expect([find(11), find(15, 1), find(31), find(-2), find(-1, 2)]).toEqual(
      [{ offset: 1, timestamp: 30 }, null, null, { offset: 0, timestamp: -1 }, { offset: 2, timestamp: -1 }].map(
        record => ({
          kind: 'found',
          record,
        }),
      ),
    )
    expect([find(5), find(-3)]).toEqual([error('CORRUPT_MESSAGE'), error('INVALID_REQUEST')])
  })
})

describe('retention', () => {
  test('segments go by age, from the oldest, while the high watermark is behind them', () => {
    const log = start({ retentionMs: 10, segmentBytes: 80 })
    for (const timestamp of [1, 2, 3]) log.apply(produce(0, [{ key: 'k', value: 'v', timestamp }]))
    log.apply({ kind: 'updateHighWatermark', offset: 2 })
    log.apply({ kind: 'retain', now: 100 })
    const { segments, logStartOffset, epochs } = log.observe()
    expect({ segments, logStartOffset, epochs }).toEqual({
      segments: [{ baseOffset: 2, sizeBytes: oneRecordBytes }],
      logStartOffset: 2,
      epochs: [{ epoch: 0, startOffset: 2 }],
    })
  })

  test('segments go by size, and when all go an empty one is rolled', () => {
    const log = start({ retentionBytes: 0, segmentBytes: 80 })
    for (const value of 'abc') append(log, 0, value)
    log.apply({ kind: 'updateHighWatermark', offset: 3 })
    log.apply({ kind: 'retain', now: 0 })
    const { segments, logStartOffset, recoveryPoint } = log.observe()
    expect({ segments, logStartOffset, recoveryPoint }).toEqual({
      segments: [{ baseOffset: 3, sizeBytes: 0 }],
      logStartOffset: 3,
      recoveryPoint: 3,
    })
  })

  test('segments below the log start go under any policy', () => {
    const log = start({ cleanupPolicy: 'compact', segmentBytes: 80 })
    for (const value of 'abc') append(log, 0, value)
    log.apply({ kind: 'updateHighWatermark', offset: 3 })
    log.apply({ kind: 'deleteRecords', offset: -1 })
    log.apply({ kind: 'retain', now: 0 })
    expect(log.observe().segments).toEqual([{ baseOffset: 2, sizeBytes: oneRecordBytes }])
  })
})

function start(changes: Partial<LogConfig> = {}): LogSubject {
  return startLogSubject({ scope: 'log', config: { ...config, ...changes } })
}

function produce(leaderEpoch: number, records: readonly PlainRecord[]): LogOperation {
  return { kind: 'append', leaderEpoch, producerId: -1, producerEpoch: -1, baseSequence: -1, records }
}

function append(log: LogSubject, leaderEpoch: number, ...values: string[]): LogOutcome {
  return log.apply(
    produce(
      leaderEpoch,
      values.map(value => ({ key: 'k', value, timestamp: 0 })),
    ),
  )
}

function send(log: LogSubject, producerEpoch: number, baseSequence: number, value: string): LogOutcome {
  const records = [{ key: 'k', value, timestamp: 0 }]
  return log.apply({ kind: 'append', leaderEpoch: 0, producerId: 9, producerEpoch, baseSequence, records })
}

function replicate(log: LogSubject, ...batches: Batch[]): LogOutcome {
  return log.apply({ kind: 'replicate', batches })
}

function batch(baseOffset: number, leaderEpoch: number, ...values: string[]): Batch {
  return {
    baseOffset,
    lastOffset: baseOffset + values.length - 1,
    leaderEpoch,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    deleteHorizon: null,
    corrupt: false,
    records: values.map((value, index) => ({ offset: baseOffset + index, key: 'k', value, timestamp: 0 })),
  }
}

function appended(baseOffset: number, lastOffset: number): LogOutcome {
  return { kind: 'appended', baseOffset, lastOffset, duplicate: false }
}

function error(name: Extract<LogOutcome, { kind: 'error' }>['error']): LogOutcome {
  return { kind: 'error', error: name }
}
