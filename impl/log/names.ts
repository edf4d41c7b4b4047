// Names of the files of one log, as Kafka names them: a segment's base offset in twenty digits.
//
// Deviation: the name of a swapped-in segment also says where its group of old segments ends, so that a swap that a
// kill interrupted is finished exactly (Kafka infers the range from the records that are left).
import type { Offset } from '../../model/vocabulary/units.ts'

const digitCount = 20

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
  const start = name.lastIndexOf('/') + 1
  const baseOffset = offsetIn(name, start)
  if (baseOffset === null) return null
  const kind = name.slice(start + digitCount + 1)
  switch (kind) {
    case 'log':
    case 'index':
    case 'snapshot':
    case 'log.cleaned':
      return { kind, baseOffset }
  }
  const endOffset = kind.startsWith('log.') && kind.endsWith('.swap') ? offsetIn(kind, 'log.'.length) : null
  return endOffset === null ? null : { kind: 'swap', baseOffset, endOffset }
}

/** The offset whose digits start at `start`, with a dot behind them; null when something else stands there. */
function offsetIn(name: string, start: number): Offset | null {
  if (name[start + digitCount] !== '.') return null
  let offset: Offset = 0
  for (let at = start; at < start + digitCount; at++) {
    const digit = name.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return null
    offset = offset * 10 + digit
  }
  return offset
}

function digits(offset: Offset): string {
  return String(offset).padStart(digitCount, '0')
}
