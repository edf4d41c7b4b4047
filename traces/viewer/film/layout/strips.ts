// Logs of one partition as strips of cells that share an axis of offsets, so that what one replica has stands under what
// another one has at the same offset.
import type { LogScene, RecordScene } from '../../../film/film.ts'

/** One strip, and what it is compared with. */
export type Row = {
  readonly log: LogScene | null
  /** The same log before the step; null when there was none. */
  readonly before: LogScene | null
  /** What the other side shows; `alike` when there is nothing to compare. */
  readonly other: LogScene | null | 'alike'
}

/** Offsets from left to right; `left` and `width` in cells. */
export type Axis = { readonly columns: readonly Column[]; readonly width: number }

export type Column = {
  /** `gap`: no row has a record here; `elided`: records that are left out for room. */
  readonly kind: 'offset' | 'gap' | 'elided'
  readonly from: number
  /** Inclusive. */
  readonly to: number
  readonly left: number
  readonly width: number
}

/**
 * What a row has in a column. `gone`: a record that the step removed; `missing`: the other side has one here, this one has
 * not; `elided`: some that are left out.
 */
export type Cell =
  | {
      readonly kind: 'record'
      readonly column: Column
      readonly record: RecordScene
      /** It is the first of its epoch from left to right. */
      readonly opensEpoch: boolean
      readonly isNew: boolean
      /** The log starts behind it: it is still there, and not read any more. */
      readonly isBelowStart: boolean
      /** The record that was here before the step, when it was another one: what was cut to make room for this one. */
      readonly replaced: RecordScene | null
      readonly differs: boolean
    }
  | { readonly kind: 'gone'; readonly column: Column; readonly record: RecordScene }
  | { readonly kind: 'missing'; readonly column: Column }
  | { readonly kind: 'elided'; readonly column: Column; readonly count: number; readonly isBelowStart: boolean }

export type MarkerKind = 'start' | 'synced' | 'high watermark' | 'end'

/** Markers of one place of a strip: their offsets are equal, or nothing lies between them. */
export type Markers = {
  readonly left: number
  readonly markers: readonly { readonly kind: MarkerKind; readonly offset: number; readonly was: number | null }[]
}

/** Axis for these rows; with `most` the columns beyond so many are elided, the oldest and least interesting ones first. */
export function axisOf(rows: readonly Row[], most = Number.POSITIVE_INFINITY): Axis {
  const indexed = rows.map(indexedRow)
  const offsets = [
    ...new Set(indexed.flatMap(row => [...row.records.keys(), ...row.before.keys(), ...row.other.keys()])),
  ]
  offsets.sort((one, another) => one - another)
  const kept = keptOffsets(offsets, indexed, most)
  const bounds = rows.flatMap(({ log }) => (log === null ? [] : [log.logStartOffset, log.logEndOffset]))
  const columns: Column[] = []
  let left = 0
  const add = (kind: Column['kind'], from: number, to: number) => {
    const width = cellWidths[kind]
    columns.push({ kind, from, to, left, width })
    left += width
  }
  let next = Math.min(...bounds, ...offsets.slice(0, 1))
  for (const offset of offsets) {
    const last = columns.at(-1)
    if (!kept.has(offset)) {
      if (last?.kind === 'elided') columns[columns.length - 1] = { ...last, to: offset }
      else add('elided', next, offset)
    } else {
      if (offset > next) add('gap', next, offset - 1)
      add('offset', offset, offset)
    }
    next = offset + 1
  }
  const end = Math.max(...bounds)
  if (end > next) add('gap', next, end - 1)
  return { columns, width: left }
}

/** A row's cells, in the order of the axis. */
export function cellsOf(row: Row, { columns }: Axis): readonly Cell[] {
  const { records, before, other } = indexedRow(row)
  const start = row.log?.logStartOffset ?? 0
  const cells: Cell[] = []
  let epoch: number | null = null
  for (const column of columns) {
    if (column.kind === 'gap') continue
    if (column.kind === 'elided') {
      const within = [...records.values()].filter(({ offset }) => offset >= column.from && offset <= column.to)
      if (within.length > 0)
        cells.push({ kind: 'elided', column, count: within.length, isBelowStart: column.to < start })
      epoch = null
      continue
    }
    const record = records.get(column.from)
    const was = before.get(column.from)
    const others = other.get(column.from)
    if (record !== undefined) {
      const differs = row.other !== 'alike' && !equal(record, others)
      cells.push({
        kind: 'record',
        column,
        record,
        opensEpoch: record.leaderEpoch !== epoch,
        isNew: !equal(record, was),
        isBelowStart: record.offset < start,
        replaced: was === undefined || equal(record, was) ? null : was,
        differs,
      })
      epoch = record.leaderEpoch
    } else {
      if (row.other !== 'alike' && others !== undefined) cells.push({ kind: 'missing', column })
      else if (was !== undefined) cells.push({ kind: 'gone', column, record: was })
      epoch = null
    }
  }
  return cells
}

/** A row's markers, those of one place together, from left to right. */
export function markersOf({ log, before }: Row, axis: Axis): readonly Markers[] {
  if (log === null) return []
  const places: { left: number; markers: { kind: MarkerKind; offset: number; was: number | null }[] }[] = []
  const marked: readonly (readonly [MarkerKind, number | null, number | null])[] = [
    ['start', log.logStartOffset, before?.logStartOffset ?? null],
    ['synced', log.syncedOffset, before?.syncedOffset ?? null],
    ['high watermark', log.highWatermark, before?.highWatermark ?? null],
    ['end', log.logEndOffset, before?.logEndOffset ?? null],
  ]
  for (const [kind, offset, earlier] of marked) {
    if (offset === null) continue
    const left = leftOf(offset, axis)
    const marker = { kind, offset, was: earlier === offset ? null : earlier }
    const place = places.find(one => one.left === left)
    if (place === undefined) places.push({ left, markers: [marker] })
    else place.markers.push(marker)
  }
  return places.sort((one, another) => one.left - another.left)
}

/** Labels of ticks, in pixels: they run right from theirs, or left where they would leave the room, if there they have some. */
export function pinsOf(
  ticks: readonly { readonly left: number; readonly width: number }[],
  room: number,
): readonly Pin[] {
  const placed = ticks.map(({ left: tick, width }) => {
    const runsLeft = tick + width > room && tick >= width
    return { left: runsLeft ? tick - width : tick, width, runsLeft }
  })
  const lines = linesOf(placed)
  return placed.map((pin, index) => ({ ...pin, line: lines[index] ?? 0 }))
}

/** Where a label is. */
export type Pin = {
  readonly left: number
  readonly width: number
  /** It ends at its tick, instead of beginning there. */
  readonly runsLeft: boolean
  /** Counted from the one next to the records. */
  readonly line: number
}

/** Puts labels of these lefts and widths into lines, so that none covers another; gives each one's line. */
export function linesOf(labels: readonly { readonly left: number; readonly width: number }[]): readonly number[] {
  const ends: number[] = []
  return labels.map(({ left, width }) => {
    const free = ends.findIndex(end => end <= left)
    const line = free === -1 ? ends.length : free
    ends[line] = left + width
    return line
  })
}

/** Where everything below an offset ends, in cells. */
export function leftOf(offset: number, { columns, width }: Axis): number {
  for (const { from, to, left, width: columnWidth } of columns) {
    if (offset <= from) return left
    if (offset <= to) return left + columnWidth / 2
  }
  return width
}

/** In cells. */
export const cellWidths: Readonly<Record<Column['kind'], number>> = { offset: 1, gap: 0.6, elided: 1.2 }

type IndexedRow = {
  readonly records: ReadonlyMap<number, RecordScene>
  readonly before: ReadonlyMap<number, RecordScene>
  readonly other: ReadonlyMap<number, RecordScene>
  readonly compares: boolean
}

function indexedRow({ log, before, other }: Row): IndexedRow {
  const compares = other !== 'alike'
  return { records: byOffset(log), before: byOffset(before), other: byOffset(compares ? other : null), compares }
}

function byOffset(log: LogScene | null): ReadonlyMap<number, RecordScene> {
  return new Map(log?.records.map(record => [record.offset, record]))
}

/** The last ones, and of the others those that changed or differ, as far as there is room. */
function keptOffsets(offsets: readonly number[], rows: readonly IndexedRow[], most: number): ReadonlySet<number> {
  if (offsets.length <= most) return new Set(offsets)
  const sure = Math.ceil(most / 2)
  const kept = new Set(offsets.slice(-sure))
  const differing = offsets.filter(offset =>
    rows.some(row => row.compares && !equal(row.records.get(offset), row.other.get(offset))),
  )
  const changed = offsets.filter(offset => rows.some(row => !equal(row.records.get(offset), row.before.get(offset))))
  for (const offset of [...differing, ...changed, ...offsets.toReversed()]) {
    if (kept.size >= most) break
    kept.add(offset)
  }
  // The sign for one that is left out takes more room than the one itself.
  for (const [index, offset] of offsets.entries()) {
    const [left, right] = [offsets[index - 1], offsets[index + 1]]
    if ((left === undefined || kept.has(left)) && (right === undefined || kept.has(right))) kept.add(offset)
  }
  return kept
}

function equal(one: RecordScene | undefined, another: RecordScene | undefined): boolean {
  if (one === another) return true
  if (one === undefined || another === undefined) return false
  return one.leaderEpoch === another.leaderEpoch && one.text === another.text && one.details === another.details
}
