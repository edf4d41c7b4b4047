// Scope `log`: the log of one replica, alone.
import { checkLog } from '../../model/log/invariants.ts'
import { observeLog } from '../../model/log/observe.ts'
import { initialLog, type LogState } from '../../model/log/state.ts'
import { stepLog } from '../../model/log/step.ts'
import type { Batch } from '../../model/vocabulary/records.ts'
import { logLabels, startLogLabeller } from '../coverage/log.ts'
import { startLogWalker } from '../generation/log.ts'
import { logPremises } from '../premises/log.ts'
import { namesOf } from '../premises/premise.ts'
import { modelSide, type ObservationOf, type Scope, type Specification, statelessChecker } from '../scope.ts'
import { startLogSubject } from '../subjects/log.ts'

/** The model of one log. */
export const logSpecification: Specification<'log', LogState> = {
  initial: setup => initialLog(setup.config),
  step: stepLog,
  observe: observeLog,
}

export const logScope: Scope<'log'> = {
  name: 'log',
  startModel: setup => modelSide(logSpecification, setup),
  subject: { name: 'impl', start: startLogSubject },
  wireSubject: null,
  startChecker: ({ config }) =>
    statelessChecker(
      ({ before, operation, outcome, after }) => checkLog({ config, before, operation, outcome, after }),
      logPremises,
    ),
  premises: namesOf(logPremises),
  startLabeller: startLogLabeller,
  labels: logLabels,
  labelledEvery: 1,
  startWalker: startLogWalker,
  abstractState,
  settings: () => [],
  plainSetup: {
    scope: 'log',
    config: {
      segmentBytes: 1000,
      indexIntervalBytes: 4096,
      maxMessageBytes: 1000,
      cleanupPolicy: 'delete',
      retentionMs: -1,
      retentionBytes: -1,
      deleteRetentionMs: 0,
    },
  },
  shrinking: {
    isSensible: operation => operation.kind !== 'replicate' || operation.batches.every(isWellFormed),
    arePaired: (earlier, later) =>
      (earlier.kind === 'flush' && later.kind === 'synced') ||
      (earlier.kind === 'fillDisk' && later.kind === 'crash') ||
      (earlier.kind === 'assignEpoch' && later.kind === 'endOffsetForEpoch'),
    smallerRuns: () => [],
    restructured: () => [],
  },
}

/** A batch that some leader could have written: its records rise, and lie within it. */
function isWellFormed({ baseOffset, lastOffset, records }: Batch): boolean {
  return (
    baseOffset <= lastOffset &&
    records.every(({ offset }, index) => {
      const previous = records[index - 1]
      return offset >= baseOffset && offset <= lastOffset && (previous === undefined || previous.offset < offset)
    })
  )
}

function abstractState(log: ObservationOf<'log'>): string {
  const producers = log.producers.some(({ batches }) => batches.length === 5)
    ? 'full'
    : Math.min(2, log.producers.length)
  return [
    Math.min(3, log.segments.length),
    Math.min(3, log.epochs.length),
    producers,
    log.offline ? 'offline' : '',
    log.logStartOffset === 0 ? '' : 'started',
    log.highWatermark === log.logEndOffset ? '' : 'lagging',
    log.recoveryPoint === log.logEndOffset ? '' : 'unsynced',
    log.firstDirtyOffset === 0 ? '' : 'cleaned',
    log.batches.length === 0 ? 'empty' : '',
    (log.batches.at(-1)?.lastOffset ?? -1) + 1 === log.logEndOffset ? '' : 'gap',
    log.batches.some(batch => batch.corrupt) ? 'rotten' : '',
  ].join(' ')
}
