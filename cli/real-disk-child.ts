// The process that `check --disk real` kills: the implementation's log on real files. Reads one JSON line for each thing to
// do and answers with one: first the set-up (answer: what recovery found), then operations (answer: their outcomes).
import { createInterface } from 'node:readline'
import { HostDisk } from '../impl/host/disk.ts'
import { decodeBatches } from '../impl/log/codec.ts'
import type { Log } from '../impl/log/log.ts'
import { openLog } from '../impl/log/open.ts'
import type { LogObservation, LogOutcome, LogSetup } from '../model/vocabulary/log.ts'
import { Arena } from '../properties/simulation/arena.ts'
import { applyToLog, outcomeOf } from '../properties/subjects/log-operations.ts'
import { type Death, FatalDisk } from './fatal-disk.ts'
import type { DiskOperation } from './real-disk-run.ts'

/** What the process is told first. */
export type Birth = { readonly setup: LogSetup; readonly folder: string; readonly death: Death }

const partition = 't-0'
const arena = new Arena()

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
    } else answer(applyToLog(log, operation, arena))
  }
}

function answer(value: LogObservation | LogOutcome): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
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
