// The records of a group coordinator between text and the batches of its partition of `__consumer_offsets`.
//
// Keys and values are written as UTF-8. The log's codec writes one byte for each character of a text, which is right for
// ASCII alone; so a text with others is first made one that has a character for each of its bytes.
import type { GroupLogRecord } from '../../model/vocabulary/groups.ts'
import type { Milliseconds } from '../../model/vocabulary/units.ts'
import { decodeBatches, encodeUnplacedBatch } from '../log/codec.ts'
import type { Log } from '../log/log.ts'

/** One batch without a producer, with the broker's clock as timestamps. */
export function groupBatch(records: readonly GroupLogRecord[], timestamp: Milliseconds): Uint8Array {
  return encodeUnplacedBatch({
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    records: records.map(({ key, value }) => ({
      key: byteText(key),
      value: value === null ? null : byteText(value),
      timestamp,
    })),
  })
}

/**
 * All that a log holds, committed or not, oldest first; a corrupt batch holds nothing. It is read and decoded piece by
 * piece, each batch once.
 */
export function* readGroupRecords(
  log: Pick<Log, 'logStartOffset' | 'logEndOffset' | 'read'>,
): Iterable<GroupLogRecord> {
  let offset = log.logStartOffset
  while (offset < log.logEndOffset) {
    const { bytes } = log.read(offset, log.logEndOffset, loadBytes)
    const batches = decodeBatches(bytes)
    const last = batches.at(-1)
    // Only a gap up to the end is left.
    if (last === undefined) return
    for (const { records } of batches) {
      for (const { offset, key, value } of records) {
        if (offset < log.logStartOffset || key === null) continue
        yield { key: textOfBytes(key), value: value === null ? null : textOfBytes(value) }
      }
    }
    offset = last.lastOffset + 1
  }
}

const loadBytes = 1_048_576
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

function byteText(text: string): string {
  if (isAscii(text)) return text
  let bytes = ''
  for (const byte of encoder.encode(text)) bytes += String.fromCharCode(byte)
  return bytes
}

function textOfBytes(bytes: string): string {
  return isAscii(bytes) ? bytes : decoder.decode(Uint8Array.from(bytes, character => character.charCodeAt(0)))
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false
  return true
}
