// The process that `check --disk real` kills: the implementation's log on real files. Reads one JSON line for each thing to
// do and answers with one: first the set-up (answer: what recovery found), then operations (answer: their outcomes).
import { createInterface } from 'node:readline'
import { HostDisk } from '../impl/host/disk.ts'
import { decodeBatches, encodeBatch, encodeUnplacedBatch } from '../impl/log/codec.ts'
import type { Log } from '../impl/log/log.ts'
import { openLog } from '../impl/log/open.ts'
import type { ErrorName } from '../model/vocabulary/errors.ts'
import type { LogObservation, LogOutcome, LogSetup } from '../model/vocabulary/log.ts'
import { type Death, FatalDisk } from './fatal-disk.ts'
import type { DiskOperation } from './real-disk-run.ts'

/** What the process is told first. */
export type Birth = { readonly setup: LogSetup; readonly folder: string; readonly death: Death }

const partition = 't-0'

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const first = await lines.next()
if (first.done !== true) {
  // The parent is this program: what it says is not checked again.
  const { setup, folder, death } = JSON.parse(first.value) as Birth
  const disk = new FatalDisk(new HostDisk(folder), death)
  let log = openLog(disk, partition, setup.config)
  answer(observe(log))
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    const operation = JSON.parse(next.value) as DiskOperation
    if (operation.kind === 'close') {
      const error = log.close()
      if (error === 'NONE') log = openLog(disk, partition, setup.config)
      answer(outcomeOf(error))
    } else answer(apply(log, operation))
  }
}

function answer(value: LogObservation | LogOutcome): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

function apply(log: Log, operation: Exclude<DiskOperation, { readonly kind: 'close' }>): LogOutcome {
  switch (operation.kind) {
    case 'append': {
      const result = log.appendAsLeader(encodeUnplacedBatch(operation), operation.leaderEpoch)
      if (result.error !== 'NONE') return { kind: 'error', error: result.error }
      const { baseOffset, lastOffset, duplicate } = result
      return { kind: 'appended', baseOffset, lastOffset, duplicate }
    }
    case 'replicate':
      return outcomeOf(log.appendAsFollower(Buffer.concat(operation.batches.map(batch => encodeBatch(batch)))))
    case 'truncate':
      return outcomeOf(log.truncate(operation.offset))
    case 'truncateFully':
      return outcomeOf(log.truncateFully(operation.offset))
    case 'updateHighWatermark':
      return outcomeOf(log.updateHighWatermark(operation.offset))
    case 'deleteRecords':
      return outcomeOf(log.deleteRecords(operation.offset))
    case 'assignEpoch':
      return outcomeOf(log.assignEpoch(operation.leaderEpoch))
    case 'roll':
      return outcomeOf(log.roll())
    case 'retain':
      return outcomeOf(log.retain(operation.now))
    case 'clean':
      return outcomeOf(log.clean(operation.now))
    case 'flush':
      return outcomeOf(log.flush())
    case 'checkpoint':
      return outcomeOf(log.checkpoint())
  }
}

function outcomeOf(error: ErrorName): LogOutcome {
  return error === 'NONE' ? { kind: 'done' } : { kind: 'error', error }
}

function observe(log: Log): LogObservation {
  return {
    logStartOffset: log.logStartOffset,
    logEndOffset: log.logEndOffset,
    highWatermark: log.highWatermark,
    recoveryPoint: log.recoveryPoint,
    firstDirtyOffset: log.firstDirtyOffset,
    segments: log.segments.map(({ baseOffset, size }) => ({ baseOffset, sizeBytes: size })),
    epochs: log.epochs.entries,
    producers: log.producers.entries,
    batches: log.segments.flatMap(segment => decodeBatches(segment.readRange(0, segment.size))),
    offline: log.offline,
  }
}
