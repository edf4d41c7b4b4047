// Everything of the diagram that does not change from step to step, laid out once for each zoom.
import type { Film, MarkKind, MessageFate, NodeScene } from '../../film/film.ts'
import { type Arrow, type ArrowBatch, arrowsOf, batchesOf } from './layout/arrows.ts'
import { type Rows, rowsOf, type Segment, segmentsOf } from './layout/lanes.ts'
import { type PlacedMark, placedMarks } from './layout/marks.ts'
import { type Columns, columnsOf } from './layout/time.ts'

export type Drawing = {
  readonly film: Film
  readonly columns: Columns
  readonly rows: Rows
  readonly segments: readonly Segment[]
  readonly arrows: readonly Arrow[]
  readonly batches: readonly ArrowBatch[]
  readonly marks: readonly PlacedMark[]
  /** What occurs, for the legend; in the order of the legend. */
  readonly fates: readonly MessageFate[]
  readonly kinds: readonly MarkKind[]
  readonly statuses: readonly NodeScene['status'][]
}

export function drawingOf(film: Film, zoom: number): Drawing {
  const columns = columnsOf(film.steps, zoom)
  const rows = rowsOf(film.lanes)
  const segments = segmentsOf(film, columns)
  const arrows = arrowsOf(film, columns, rows)
  const marks = placedMarks(film, columns, rows)
  const fates = new Set(arrows.map(arrow => arrow.message.fate))
  const kinds = new Set(marks.map(({ mark }) => mark.kind))
  const statuses = new Set(segments.map(segment => segment.status))
  return {
    film,
    columns,
    rows,
    segments,
    arrows,
    batches: batchesOf(arrows, columns),
    marks,
    fates: fateOrder.filter(fate => fates.has(fate)),
    kinds: kindOrder.filter(kind => kinds.has(kind)),
    statuses: (['fenced', 'paused', 'down'] as const).filter(status => statuses.has(status)),
  }
}

/** What a fate is called in the legend. */
export const fateMeanings: Readonly<Record<MessageFate, string>> = {
  delivered: 'delivered',
  refused: 'refused',
  lost: 'lost',
  late: 'late',
  waiting: 'under way',
}

const fateOrder: readonly MessageFate[] = ['delivered', 'refused', 'lost', 'late', 'waiting']
const kindOrder: readonly MarkKind[] = [
  'act',
  'election',
  'crash',
  'restart',
  'pause',
  'resume',
  'cut',
  'heal',
  'disk',
  'time',
]
