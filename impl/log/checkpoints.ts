// The small text files beside the segments: a version line, then one line of numbers for each entry, as Kafka's
// checkpoint files have it. They are replaced as a whole, so they are never torn, and are read by people too.

import type { Offset } from '../../model/vocabulary/units.ts'
import type { Disk } from '../ports/disk.ts'

const formatVersion = 0
// Bytes of ASCII.
const lineEnd = 10
const space = 32
const minus = 45
const digitZero = 48

/** Names of the checkpoint files in the folder of a log. */
export const checkpointNames = {
  leaderEpochs: 'leader-epoch-checkpoint',
  offsets: 'replication-offset-checkpoint',
  cleaner: 'cleaner-offset-checkpoint',
  cleanShutdown: '.kafka_cleanshutdown',
} as const

/** Replaces a file of rows of numbers. */
export function writeRows(disk: Disk, name: string, rows: readonly (readonly number[])[]): void {
  disk.writeAtomic(name, textOf(rows))
}

function textOf(rows: readonly (readonly number[])[]): Uint8Array {
  let text = `${formatVersion}\n${rows.length}\n`
  for (const row of rows) text += `${row.join(' ')}\n`
  return ascii(text)
}

/** Reads a file of rows of numbers; null when it is absent. A version that is not known is refused. */
export function readRows(disk: Disk, name: string): readonly (readonly number[])[] | null {
  const bytes = disk.readWhole(name)
  if (bytes === null) return null
  const [version, count, ...rows] = numbersIn(bytes, name)
  if (version?.[0] !== formatVersion) {
    throw new Error(`${name} has version ${version?.[0]}, and this reads ${formatVersion} only`)
  }
  if (count?.[0] !== rows.length) throw new Error(`${name} promises ${count?.[0]} rows and has ${rows.length}`)
  return rows
}

/** The whole numbers of each line. Read byte by byte: opening a log reads some such files, and text costs more. */
function numbersIn(bytes: Uint8Array, name: string): readonly (readonly number[])[] {
  const lines: number[][] = []
  let line: number[] = []
  let magnitude = 0
  let isNegative = false
  for (const byte of bytes) {
    if (byte >= digitZero && byte < digitZero + 10) magnitude = magnitude * 10 + byte - digitZero
    else if (byte === minus) isNegative = true
    else if (byte === space || byte === lineEnd) {
      line.push(isNegative ? -magnitude : magnitude)
      magnitude = 0
      isNegative = false
      if (byte === space) continue
      lines.push(line)
      line = []
    } else throw new Error(`${name} holds something that is no number`)
  }
  return lines
}

/** The offsets that Kafka's periodic checkpoints save. */
export type SavedOffsets = { readonly highWatermark: Offset; readonly logStartOffset: Offset }

/** Saves high watermark and log start offset. */
export function saveOffsets(disk: Disk, folder: string, saved: SavedOffsets): void {
  writeRows(disk, `${folder}/${checkpointNames.offsets}`, [[saved.highWatermark, saved.logStartOffset]])
}

/**
 * The same every few seconds, without waiting for the disk: a sync would wait for all that others have written. Whoever
 * finds older offsets, or none, after a machine died has less that is known to be committed, and learns it again.
 */
export function hintOffsets(disk: Disk, folder: string, saved: SavedOffsets): void {
  const name = `${folder}/${checkpointNames.offsets}`
  disk.writeHint(name, textOf([[saved.highWatermark, saved.logStartOffset]]))
}

/** What was saved last; 0 if never. */
export function savedOffsets(disk: Disk, folder: string): SavedOffsets {
  const name = `${folder}/${checkpointNames.offsets}`
  const isEmpty = disk.readWhole(name)?.length === 0
  const [highWatermark = 0, logStartOffset = 0] = isEmpty ? [] : (readRows(disk, name)?.[0] ?? [])
  return { highWatermark, logStartOffset }
}

/** Saves the first offset that the cleaner has not cleaned. */
export function saveFirstDirtyOffset(disk: Disk, folder: string, offset: Offset): void {
  writeRows(disk, `${folder}/${checkpointNames.cleaner}`, [[offset]])
}

/** What was saved last; 0 if never. */
export function savedFirstDirtyOffset(disk: Disk, folder: string): Offset {
  return readRows(disk, `${folder}/${checkpointNames.cleaner}`)?.[0]?.[0] ?? 0
}

function ascii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}
