// What must have been there for the claims on one log to say something.
import type { Premises } from './premise.ts'

export const logPremises: Premises<'log'> = {
  F1: {
    what: 'an operation that moved an offset of a log with records',
    isThere: ({ before, after }) =>
      after.batches.length > 0 &&
      (before.logStartOffset !== after.logStartOffset ||
        before.highWatermark !== after.highWatermark ||
        before.logEndOffset !== after.logEndOffset),
  },
  F2: {
    what: 'a high watermark that moved',
    isThere: ({ before, after }) => before.highWatermark !== after.highWatermark,
  },
  F5: {
    what: 'an operation that changed a log in which records stayed',
    isThere: ({ before, after }) =>
      before.batches !== after.batches && before.batches.length > 0 && after.batches.length > 0,
  },
  F7: {
    what: 'a search by time in a log with records',
    isThere: ({ before, operation }) =>
      operation.kind === 'listOffsets' && operation.timestamp >= 0 && before.batches.length > 0,
  },
  L5: {
    what: 'a compaction that changed the log',
    isThere: ({ before, operation, after }) => operation.kind === 'clean' && before.batches !== after.batches,
  },
  L6: {
    what: 'a crash with records that were not synced',
    isThere: ({ before, operation }) =>
      operation.kind === 'crash' && before.batches.some(({ lastOffset }) => lastOffset >= before.recoveryPoint),
  },
  O2: {
    what: 'a batch that a leader appended',
    isThere: ({ outcome }) => outcome.kind === 'appended' && !outcome.duplicate,
  },
  O3: {
    what: 'a batch of a producer that the log remembers',
    isThere: ({ before, operation }) =>
      operation.kind === 'append' && before.producers.some(({ producerId }) => producerId === operation.producerId),
  },
  O4: {
    what: 'the end offset of an epoch that the log knows',
    isThere: ({ outcome }) => outcome.kind === 'epochEnd' && outcome.end.epoch >= 0,
  },
  O5: {
    what: 'a change of a log that knows several epochs',
    isThere: ({ before, after }) =>
      after.epochs.length > 1 && (before.batches !== after.batches || before.epochs !== after.epochs),
  },
}
