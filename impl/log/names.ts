// Names of the files of one log, as Kafka names them: a segment's base offset in twenty digits.
//
// Deviation: the name of a swapped-in segment also says where its group of old segments ends, so that a swap that a
// kill interrupted is finished exactly (Kafka infers the range from the records that are left).
import type { Offset } from '../../model/vocabulary/units.ts'

/** What a file of a segment is for. */
export type SegmentFile = 'log' | 'index' | 'snapshot' | 'log.cleaned'

/** Name of a file of the segment at `baseOffset`. */
export function segmentFile(folder: string, baseOffset: Offset, kind: SegmentFile): string {
  return `${folder}/${digits(baseOffset)}.${kind}`
}

/** Name of a clean segment that replaces all segments in `[baseOffset, endOffset)`. */
export function swapFile(folder: string, baseOffset: Offset, endOffset: Offset): string {
  return `${folder}/${digits(baseOffset)}.log.${digits(endOffset)}.swap`
}

/** All files that belong to the segment at `baseOffset`; the log first, because the others mean nothing without it. */
export function filesOfSegment(folder: string, baseOffset: Offset): readonly string[] {
  return [
    segmentFile(folder, baseOffset, 'log'),
    segmentFile(folder, baseOffset, 'index'),
    segmentFile(folder, baseOffset, 'snapshot'),
  ]
}

/** What a name in the folder of a log says, or null for a file that is not a segment's. */
export type ParsedName =
  | { readonly kind: SegmentFile; readonly baseOffset: Offset }
  | { readonly kind: 'swap'; readonly baseOffset: Offset; readonly endOffset: Offset }

/** Reads the name of a segment's file. */
export function parseName(name: string): ParsedName | null {
  const match = /\/(\d{20})\.(log|index|snapshot|log\.cleaned|log\.(\d{20})\.swap)$/.exec(name)
  if (match === null) return null
  const [, base = '', kind = '', end] = match
  const baseOffset = Number(base)
  if (end !== undefined) return { kind: 'swap', baseOffset, endOffset: Number(end) }
  return { kind: kind as SegmentFile, baseOffset }
}

function digits(offset: Offset): string {
  return String(offset).padStart(20, '0')
}
