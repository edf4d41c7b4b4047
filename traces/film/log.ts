// One log alone as a film: its strip of records, and what is done to it.
import { remembered } from '../../model/memo.ts'
import type { LogObservation, LogOperation } from '../../model/vocabulary/log.ts'
import { logLine } from '../render/operation.ts'
import { listed } from '../render/words.ts'
import { asJson, bareScene, type Drawn, sidesOf, startOf } from './drawn.ts'
import { fact } from './facts.ts'
import type { Mark, MarkKind, Scene } from './film.ts'
import { recordScenes } from './log-scene.ts'
import type { Recorded, RecordedStep } from './recorded.ts'
import { refusedText } from './refusals.ts'

const lane = 'log'

/** Draws a run of scope `log`. */
export function drawLog({ start, steps }: Recorded<'log'>): Drawn {
  return {
    lanes: [{ name: lane, kind: 'component' }],
    start: startOf(logScene(start)),
    steps: steps.map((step, index) => ({
      moments: 1,
      marks: [{ lane, at: { step: index + 1, moment: 0 }, ...told(step) }],
      ...sidesOf(step, logScene),
      remark: null,
    })),
    messages: [],
  }
}

const logScene: (observation: LogObservation) => Scene = remembered(observation => {
  const { logStartOffset, logEndOffset, highWatermark, recoveryPoint, firstDirtyOffset } = observation
  const { segments, epochs, producers, batches, offline } = observation
  const facts = [
    fact('segments', listed(segments.map(({ baseOffset, sizeBytes }) => `${baseOffset} (${sizeBytes} B)`))),
    fact('first dirty offset', firstDirtyOffset),
    fact('epochs begin', listed(epochs.map(({ epoch, startOffset }) => `${epoch}@${startOffset}`))),
    fact('producers', listed(producers.map(({ producerId, producerEpoch }) => `${producerId}/${producerEpoch}`))),
  ]
  const strip = {
    title: lane,
    role: 'none',
    facts: [],
    leaderEpoch: epochs.at(-1)?.epoch ?? -1,
    logStartOffset,
    highWatermark,
    logEndOffset,
    syncedOffset: recoveryPoint,
    records: recordScenes(batches),
  } as const
  const node = { status: offline ? 'down' : 'up', facts, logs: [strip] } as const
  return { ...bareScene(asJson(observation)), nodes: { [lane]: node } }
})

/** What was refused is not drawn as what did not happen. */
function told({ operation, model: { outcome } }: RecordedStep<'log'>): Pick<Mark, 'kind' | 'text'> {
  const line = logLine(operation)
  return outcome.kind === 'error'
    ? { kind: 'act', text: refusedText(line, outcome.error) }
    : { kind: kindOf(operation), text: line }
}

function kindOf({ kind }: LogOperation): MarkKind {
  switch (kind) {
    case 'crash':
      return 'crash'
    case 'close':
      return 'restart'
    case 'flush':
    case 'synced':
    case 'checkpoint':
    case 'rot':
    case 'fillDisk':
    case 'roll':
    case 'retain':
    case 'clean':
    case 'truncate':
    case 'truncateFully':
      return 'disk'
    case 'assignEpoch':
      return 'election'
    case 'append':
    case 'replicate':
    case 'read':
    case 'updateHighWatermark':
    case 'deleteRecords':
    case 'endOffsetForEpoch':
    case 'listOffsets':
      return 'act'
  }
}
