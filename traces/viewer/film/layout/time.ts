// Where a moment is, from left to right: each step is a column, as wide as its moments need, but within bounds, so that a
// `settle` of hundreds of messages does not push everything else out of sight.
import type { Moment, Step } from '../../../film/film.ts'

/** Columns beside each other; lengths in pixels. */
export type Columns = {
  /** Left edge of each step, and of what would come after the last one. */
  readonly lefts: readonly number[]
  readonly moments: readonly number[]
  readonly width: number
}

/** Zoom 1 is as it is at first; at `unboundedZoom` and above, columns are as wide as it takes to tell moments apart. */
export function columnsOf(steps: readonly Step[], zoom: number): Columns {
  const lefts = [0]
  let left = 0
  for (const { moments } of steps) {
    const wanted = 2 * margin + moments * momentWidth * zoom
    const widest = zoom >= unboundedZoom ? Number.POSITIVE_INFINITY : widestColumn * zoom
    left += Math.round(Math.max(narrowestColumn * Math.min(zoom, 2), Math.min(wanted, widest)))
    lefts.push(left)
  }
  return { lefts, moments: steps.map(step => step.moments), width: left }
}

/** A moment beyond what its step has is at the step's end. */
export function xOf(columns: Columns, { step, moment }: Moment): number {
  const { left, width } = columnAt(columns, step)
  const moments = Math.max(1, columns.moments[step] ?? 1)
  const share = (Math.min(moment, moments - 1) + 0.5) / moments
  return left + margin + share * (width - 2 * margin)
}

/** The step whose column is at x; the nearest one outside of them. */
export function stepAt({ lefts }: Columns, x: number): number {
  let low = 0
  let high = Math.max(0, lefts.length - 2)
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((lefts[middle] ?? 0) <= x) low = middle
    else high = middle - 1
  }
  return low
}

/** Left edge and width of a step's column. */
export function columnAt({ lefts, width }: Columns, step: number): { readonly left: number; readonly width: number } {
  const left = lefts[step] ?? width
  return { left, width: (lefts[step + 1] ?? width) - left }
}

/** Pixels between two moments of a step: below 5 there is no room for arrowheads. */
export function momentSpacing(columns: Columns, step: number): number {
  return (columnAt(columns, step).width - 2 * margin) / Math.max(1, columns.moments[step] ?? 1)
}

/** Spans of steps that are each at most so wide, for lines of a printed page; a wider column is a span of its own. */
export function spansOf({ lefts }: Columns, widest: number): readonly { readonly from: number; readonly to: number }[] {
  const spans: { from: number; to: number }[] = []
  for (let step = 0; step + 1 < lefts.length; step++) {
    const last = spans.at(-1)
    const fits = last !== undefined && (lefts[step + 1] ?? 0) - (lefts[last.from] ?? 0) <= widest
    if (fits) last.to = step
    else spans.push({ from: step, to: step })
  }
  return spans
}

/** From this zoom on no column is bounded. */
export const unboundedZoom = 4

const margin = 14
const momentWidth = 15
const narrowestColumn = 108
const widestColumn = 320
