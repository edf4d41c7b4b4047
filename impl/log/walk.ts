// Walks the batches of a file in chunks, without holding the file in memory.

import type { Bytes } from '../../model/vocabulary/units.ts'
import type { DiskFile } from '../ports/disk.ts'
import { field, headerBytes, lengthEnd, viewOf } from './batch.ts'

/** One batch under the walk; the same object at every step. */
export type WalkStep = {
  /** The chunk, a view of it, and where in it the batch starts. */
  bytes: Uint8Array
  view: DataView
  at: number
  /** Where in the file the batch starts, and its size. */
  position: Bytes
  size: Bytes
}

const noBytes = new Uint8Array(0)
const noView = viewOf(noBytes)

/** How much is read at once: little for a look-up, much for a scan. */
export const chunk = { lookUp: 4096, scan: 262_144 } as const

/**
 * Visits every batch of `file` that lies whole in `[from, to)`, until `visit` answers false. Answers where it stopped:
 * the position of the batch that was refused, of the first incomplete one, or `to`.
 * With `whole`, the chunk holds every byte of a batch; without, only its header is sure to be there.
 */
export function walkBatches(
  file: DiskFile,
  from: Bytes,
  to: Bytes,
  options: { readonly chunkBytes: Bytes; readonly whole: boolean },
  visit: (step: WalkStep) => boolean,
): Bytes {
  let position = from
  let start = from
  let bytes: Uint8Array = noBytes
  const step: WalkStep = { bytes, view: noView, at: 0, position, size: 0 }
  const load = (length: Bytes): void => {
    start = position
    bytes = file.read(position, Math.min(Math.max(length, options.chunkBytes), to - position))
    step.bytes = bytes
    step.view = viewOf(bytes)
  }
  while (position + headerBytes <= to) {
    if (position + headerBytes > start + bytes.length) load(headerBytes)
    const size = lengthEnd + step.view.getInt32(position - start + field.length)
    if (size < headerBytes || position + size > to) return position
    if (options.whole && position + size > start + bytes.length) load(size)
    step.at = position - start
    step.position = position
    step.size = size
    if (!visit(step)) return position
    position += size
  }
  return position
}
