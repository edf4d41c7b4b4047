// The behaviours of one log that a campaign counts, each seen from outside: what was there, what was asked, what is there.
import type { Scope, Transition } from '../scope.ts'

/** What a campaign over logs should reach. */
export const logLabels: Scope<'log'>['labels'] = {
  'batch appended': 'required',
  'append refused: message too large': 'required',
  'append refused: invalid record': 'required',
  'append refused: fenced leader epoch': 'required',
  'append refused: out-of-order sequence': 'required',
  'append refused: old producer epoch': 'required',
  'duplicate batch answered': 'required',
  'duplicate of the fifth last batch answered': 'required',
  'sequence wrapped to 0': 'rare',
  'segment filled to the last byte': 'required',
  'segment rolled by an append': 'required',
  'batches replicated': 'required',
  'batches replicated with a gap': 'required',
  'corrupt batch refused': 'required',
  'replication refused: offsets do not rise': 'required',
  'truncated inside a batch': 'required',
  'truncated across segments': 'required',
  'truncated below the high watermark': 'required',
  'truncated inside a gap': 'rare',
  'epochs without records dropped': 'required',
  'producer state fell back': 'required',
  'epoch fenced': 'required',
  'end offset for an epoch between two': 'required',
  'end offset for an unknown epoch': 'required',
  'found by time': 'required',
  'nothing found by time': 'required',
  'search by time met a corrupt batch': 'rare',
  'read out of range': 'required',
  'read stopped at the end offset': 'required',
  'corrupt batch read': 'rare',
  'records deleted': 'required',
  'deletion above the high watermark refused': 'required',
  'retention deleted a segment': 'required',
  'retention emptied the log': 'required',
  'compaction removed a record': 'required',
  'compaction across segments': 'required',
  'compaction merged segments': 'required',
  'tombstone removed': 'required',
  'empty batch kept for its producer': 'required',
  'compaction refused a corrupt batch': 'rare',
  'unsynced tail kept': 'required',
  'unsynced tail lost': 'required',
  'torn tail recovered': 'required',
  'recovery cut a corrupt batch': 'required',
  'log start restored above the end': 'rare',
  'high watermark fell back to its checkpoint': 'required',
  'disk full': 'required',
  'operation refused while offline': 'required',
  'offline log recovered': 'required',
}

/** Labels one operation on a log. */
export function startLogLabeller(): ReturnType<Scope<'log'>['startLabeller']> {
  return (transition, _model, hit) => {
    for (const label of labelsOf(transition)) hit(label)
  }
}

function labelsOf(transition: Transition<'log'>): readonly string[] {
  const { before, operation, outcome, after } = transition
  const found: string[] = []
  const when = (label: string, isReached: boolean): void => {
    if (isReached) found.push(label)
  }
  if (outcome.kind === 'error' && before.offline) return ['operation refused while offline']
  if (!before.offline && after.offline) found.push('disk full')
  const error = outcome.kind === 'error' ? outcome.error : null
  switch (operation.kind) {
    case 'append':
      found.push(...labelsOfAppend(transition))
      break
    case 'replicate': {
      const first = operation.batches[0]
      when('batches replicated', outcome.kind === 'done' && first !== undefined)
      when('batches replicated with a gap', outcome.kind === 'done' && (first?.baseOffset ?? 0) > before.logEndOffset)
      when('corrupt batch refused', error === 'CORRUPT_MESSAGE')
      when('replication refused: offsets do not rise', error === 'OFFSET_OUT_OF_RANGE')
      break
    }
    case 'truncate': {
      const isCut = after.logEndOffset < before.logEndOffset
      when('truncated inside a batch', isCut && after.logEndOffset < operation.offset)
      when('truncated across segments', isCut && after.segments.length < before.segments.length)
      when('truncated below the high watermark', after.highWatermark < before.highWatermark)
      when(
        'truncated inside a gap',
        isCut && after.segments.at(-1)?.sizeBytes === 0 && after.logEndOffset > lastOf(after),
      )
      when('epochs without records dropped', !isCut && after.epochs.length < before.epochs.length)
      when('producer state fell back', isCut && after.producers.length > 0 && before.producers !== after.producers)
      break
    }
    case 'assignEpoch':
      when('epoch fenced', error === 'FENCED_LEADER_EPOCH')
      break
    case 'endOffsetForEpoch':
      if (outcome.kind !== 'epochEnd') break
      when('end offset for an epoch between two', outcome.end.epoch >= 0 && outcome.end.epoch < operation.leaderEpoch)
      when('end offset for an unknown epoch', outcome.end.epoch === -1)
      break
    case 'listOffsets':
      when('search by time met a corrupt batch', error === 'CORRUPT_MESSAGE')
      if (outcome.kind !== 'found' || operation.timestamp < 0) break
      found.push(outcome.record === null ? 'nothing found by time' : 'found by time')
      break
    case 'read':
      when('read out of range', error === 'OFFSET_OUT_OF_RANGE')
      if (outcome.kind !== 'batches') break
      when('read stopped at the end offset', (outcome.batches.at(-1)?.lastOffset ?? 0) === operation.endOffset - 1)
      when(
        'corrupt batch read',
        outcome.batches.some(batch => batch.corrupt),
      )
      break
    case 'deleteRecords':
      when('records deleted', after.logStartOffset > before.logStartOffset)
      when('deletion above the high watermark refused', error === 'OFFSET_OUT_OF_RANGE')
      break
    case 'retain':
      when('retention deleted a segment', after.segments.at(0)?.baseOffset !== before.segments.at(0)?.baseOffset)
      when('retention emptied the log', before.batches.length > 0 && after.batches.length === 0)
      break
    case 'clean':
      found.push(...labelsOfClean(transition))
      break
    case 'crash':
      found.push(...labelsOfCrash(transition))
      break
    default:
  }
  return found
}

function labelsOfAppend({ setup, before, operation, outcome, after }: Transition<'log'>): readonly string[] {
  if (operation.kind !== 'append') return []
  if (outcome.kind === 'error') {
    const label = refusals[outcome.error]
    return label === undefined ? [] : [label]
  }
  if (outcome.kind !== 'appended') return []
  if (outcome.duplicate) {
    const entry = before.producers.find(({ producerId }) => producerId === operation.producerId)
    const isOldest = entry?.batches.length === 5 && entry.batches[0]?.baseSequence === operation.baseSequence
    return isOldest
      ? ['duplicate batch answered', 'duplicate of the fifth last batch answered']
      : ['duplicate batch answered']
  }
  const found = ['batch appended']
  const previous = before.producers.find(({ producerId }) => producerId === operation.producerId)?.batches.at(-1)
  if (previous !== undefined && previous.lastSequence > 1000 && operation.baseSequence === 0)
    found.push('sequence wrapped to 0')
  if (after.segments.at(-1)?.sizeBytes === setup.config.segmentBytes) found.push('segment filled to the last byte')
  if (after.segments.length > before.segments.length) found.push('segment rolled by an append')
  return found
}

const refusals: Readonly<Record<string, string>> = {
  MESSAGE_TOO_LARGE: 'append refused: message too large',
  INVALID_RECORD: 'append refused: invalid record',
  FENCED_LEADER_EPOCH: 'append refused: fenced leader epoch',
  OUT_OF_ORDER_SEQUENCE_NUMBER: 'append refused: out-of-order sequence',
  INVALID_PRODUCER_EPOCH: 'append refused: old producer epoch',
}

function labelsOfClean({ before, outcome, after }: Transition<'log'>): readonly string[] {
  if (outcome.kind === 'error') return ['compaction refused a corrupt batch']
  if (before.batches === after.batches) return []
  const found: string[] = []
  const kept = new Set(after.batches.flatMap(({ records }) => records.map(({ offset }) => offset)))
  const removed = before.batches.flatMap(({ records }) => records.filter(({ offset }) => !kept.has(offset)))
  if (removed.length > 0) found.push('compaction removed a record')
  const isAcross = removed.some(({ key, offset }) => {
    const segment = after.segments.findLast(({ baseOffset }) => baseOffset <= offset)
    const later = after.batches
      .flatMap(({ records }) => records)
      .find(record => record.key === key && record.offset > offset)
    return later !== undefined && segment !== after.segments.findLast(({ baseOffset }) => baseOffset <= later.offset)
  })
  if (isAcross) found.push('compaction across segments')
  if (after.segments.length < before.segments.length) found.push('compaction merged segments')
  const isGone = (key: string | null) =>
    !after.batches.some(({ records }) => records.some(record => record.key === key))
  if (removed.some(({ key, value }) => value === null && isGone(key))) found.push('tombstone removed')
  if (after.batches.some(({ records, corrupt }) => records.length === 0 && !corrupt)) {
    found.push('empty batch kept for its producer')
  }
  return found
}

function labelsOfCrash({ before, operation, after }: Transition<'log'>): readonly string[] {
  if (operation.kind !== 'crash') return []
  const found: string[] = []
  const hadUnsynced = before.batches.some(({ baseOffset }) => baseOffset >= before.recoveryPoint)
  const hasLost = after.logEndOffset < before.logEndOffset
  const isRotten = before.batches.some(batch => batch.corrupt && batch.baseOffset === after.logEndOffset)
  if (hadUnsynced && !hasLost) found.push('unsynced tail kept')
  if (hasLost && operation.damage.kind === 'lost') found.push('unsynced tail lost')
  if (hasLost && operation.damage.kind === 'torn' && !isRotten) found.push('torn tail recovered')
  if (isRotten) found.push('recovery cut a corrupt batch')
  if (after.logStartOffset === after.logEndOffset && after.logEndOffset > lastOf(after) && hasLost) {
    found.push('log start restored above the end')
  }
  if (after.highWatermark < Math.min(before.highWatermark, after.logEndOffset)) {
    found.push('high watermark fell back to its checkpoint')
  }
  if (before.offline) found.push('offline log recovered')
  return found
}

/** One past the last stored offset. */
function lastOf(log: { readonly batches: readonly { readonly lastOffset: number }[] }): number {
  return (log.batches.at(-1)?.lastOffset ?? -1) + 1
}
