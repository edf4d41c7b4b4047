// Bits that rot: only checksums notice. docs/protocol/log.md §14.5.
import { sizeOf, viewOf } from '../../impl/log/batch.ts'
import { decodeBatch } from '../../impl/log/codec.ts'
import type { Log } from '../../impl/log/log.ts'
import type { Offset } from '../../model/vocabulary/units.ts'
import type { SimulatedDisk } from './disk.ts'

/** Flips a bit of the last byte of the batch that covers `offset`, if it has records and is sound; answers whether it did. */
export function rotBatch(disk: SimulatedDisk, log: Log, offset: Offset): boolean {
  const segment = log.segments.findLast(({ baseOffset }) => baseOffset <= offset)
  if (segment === undefined) return false
  const { position, baseOffset } = segment.find(offset)
  if (baseOffset === null || baseOffset > offset) return false
  const bytes = segment.readRange(position, segment.size - position)
  const batch = decodeBatch(bytes)
  if (batch.corrupt || batch.records.length === 0) return false
  disk.rot(segment.name, position + sizeOf(viewOf(bytes), 0) - 1)
  segment.invalidate()
  return true
}
