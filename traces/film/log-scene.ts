// Logs as strips of records: what every scope that has a log shows of it.
import { remembered } from '../../model/memo.ts'
import type { Batch, LogRecord } from '../../model/vocabulary/records.ts'
import { recordWord, shortened } from '../render/words.ts'
import type { RecordScene } from './film.ts'

const textMost = 60

/** The records of some batches, in order. */
export const recordScenes: (batches: readonly Batch[]) => readonly RecordScene[] = remembered(batches =>
  batches.flatMap(recordsOf),
)

const recordsOf = remembered((batch: Batch): readonly RecordScene[] => {
  const { baseOffset, lastOffset, leaderEpoch, records, corrupt } = batch
  // Nobody can read what is in a spoiled batch, but there is something.
  if (corrupt && records.length === 0) {
    const details = `offsets ${baseOffset} to ${lastOffset}: the bytes do not match their checksum`
    return [{ offset: baseOffset, leaderEpoch, text: 'corrupt', details }]
  }
  return records.map(record => ({
    offset: record.offset,
    leaderEpoch,
    text: shortened(recordWord(record), textMost),
    details: detailsOf(record, batch),
  }))
})

function detailsOf({ offset, key, value, timestamp }: LogRecord, batch: Batch): string {
  const { leaderEpoch, producerId, producerEpoch, baseSequence, baseOffset, corrupt } = batch
  return [
    `offset ${offset}`,
    `epoch ${leaderEpoch}`,
    `key ${JSON.stringify(key)}`,
    `value ${JSON.stringify(value)}`,
    `timestamp ${timestamp}`,
    ...(producerId < 0
      ? []
      : [`producer ${producerId}, its epoch ${producerEpoch}, sequence ${baseSequence + offset - baseOffset}`]),
    ...(corrupt ? ['the bytes do not match their checksum'] : []),
  ].join('\n')
}
