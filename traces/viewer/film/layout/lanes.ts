// Where a lane is, from top to bottom, and what it looks like along the time: a line while its broker is up, interrupted while
// it is down.
import { scaleBand } from 'd3-scale'
import type { Film, Lane, Moment, NodeScene } from '../../../film/film.ts'
import { nodeIn } from './scenes.ts'
import { type Columns, xOf } from './time.ts'

/** Heights of lanes by their names. */
export type Rows = { readonly height: number; readonly y: (lane: string) => number | undefined }

/** A piece of a lane, from left to right in pixels. */
export type Segment = {
  readonly lane: string
  readonly status: NodeScene['status']
  readonly from: number
  readonly to: number
}

/** Rows of 32 pixels; less when there are many. */
export function rowsOf(lanes: readonly Lane[]): Rows {
  const rowHeight = lanes.length > 12 ? 26 : 32
  const height = lanes.length * rowHeight
  const band = scaleBand(
    lanes.map(lane => lane.name),
    [0, height],
  )
  return {
    height,
    y: lane => {
      const top = band(lane)
      return top === undefined ? undefined : top + band.bandwidth() / 2
    },
  }
}

/** The lane's pieces. Marks say when within a step something changed, scenes what there is after it. */
export function segmentsOf(film: Film, columns: Columns): readonly Segment[] {
  return film.lanes.flatMap(lane => {
    const segments: Segment[] = []
    let status: NodeScene['status'] = nodeIn(film.steps[0]?.model ?? null, lane.name)?.status ?? 'up'
    let from = 0
    const change = (to: NodeScene['status'], x: number) => {
      if (to === status) return
      if (x > from) segments.push({ lane: lane.name, status, from, to: x })
      status = to
      from = x
    }
    for (const [index, step] of film.steps.entries()) {
      for (const mark of step.marks) {
        const becomes = mark.lane === lane.name ? statusAfter[mark.kind] : undefined
        if (becomes !== undefined) change(becomes, xOf(columns, mark.at))
      }
      const shown = nodeIn(step.model, lane.name)?.status
      if (shown !== undefined) change(shown, xOf(columns, lastMoment(index, step.moments)))
    }
    if (columns.width > from) segments.push({ lane: lane.name, status, from, to: columns.width })
    return segments
  })
}

const statusAfter: { readonly [kind: string]: NodeScene['status'] | undefined } = {
  crash: 'down',
  restart: 'up',
  pause: 'paused',
  resume: 'up',
}

function lastMoment(step: number, moments: number): Moment {
  return { step, moment: moments - 1 }
}
