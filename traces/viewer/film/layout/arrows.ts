// Messages as lines from the lane and moment of sending to those of arrival, and which of them is near the pointer.
import type { Film, Message, MessageFate } from '../../../film/film.ts'
import type { Rows } from './lanes.ts'
import { type Columns, momentSpacing, xOf } from './time.ts'

export type Point = readonly [x: number, y: number]

/** A message's line; its head is at the last point. */
export type Arrow = { readonly message: Message; readonly points: readonly Point[]; readonly headSize: number }

/** All messages of one fate that were sent in one step, as two paths: a picture of thousands has few elements. */
export type ArrowBatch = {
  readonly step: number
  readonly fate: MessageFate
  readonly dense: boolean
  readonly lines: string
  readonly heads: string
}

/** Arrows of all messages between lanes that there are. */
export function arrowsOf(film: Film, columns: Columns, rows: Rows): readonly Arrow[] {
  return film.messages.flatMap(message => {
    const fromY = rows.y(message.from)
    const toY = rows.y(message.to)
    if (fromY === undefined || toY === undefined) return []
    const headSize = Math.max(3, Math.min(6, momentSpacing(columns, message.sent.step)))
    const start: Point = [xOf(columns, message.sent), fromY]
    return [{ message, points: pointsOf(message, start, toY, columns), headSize }]
  })
}

/** Arrows by step and fate, in the order of steps. */
export function batchesOf(arrows: readonly Arrow[], columns: Columns): readonly ArrowBatch[] {
  const batches = new Map<string, { step: number; fate: MessageFate; lines: string[]; heads: string[] }>()
  for (const arrow of arrows) {
    const { fate, sent } = arrow.message
    const name = `${sent.step} ${fate}`
    const batch = batches.get(name) ?? { step: sent.step, fate, lines: [], heads: [] }
    batches.set(name, batch)
    batch.lines.push(linePath(arrow.points))
    batch.heads.push(headPath(arrow))
  }
  return [...batches.values()].map(({ step, fate, lines, heads }) => ({
    step,
    fate,
    dense: momentSpacing(columns, step) < 5,
    lines: lines.join(''),
    heads: heads.join(''),
  }))
}

/** The arrow that is nearest to a point, if one is within reach. */
export function nearestArrow(arrows: readonly Arrow[], point: Point, reach: number): Arrow | null {
  let nearest: Arrow | null = null
  let best = reach
  for (const arrow of arrows) {
    for (let index = 1; index < arrow.points.length; index++) {
      const from = arrow.points[index - 1] ?? point
      const to = arrow.points[index] ?? point
      if (point[0] < from[0] - reach || point[0] > to[0] + reach) continue
      const away = distance(point, from, to)
      if (away < best) {
        best = away
        nearest = arrow
      }
    }
  }
  return nearest
}

/** `M…L…` through all points. */
export function linePath(points: readonly Point[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${round(x)},${round(y)}`).join('')
}

/**
 * Ends tell fates apart without colour: delivered a full arrowhead, late a hollow one, refused a bar across, lost a cross,
 * waiting a ring.
 */
export function headPath({ message, points, headSize: size }: Arrow): string {
  const [x, y] = points.at(-1) ?? [0, 0]
  const [fromX, fromY] = points.at(-2) ?? [x, y - 1]
  const length = Math.hypot(x - fromX, y - fromY) || 1
  const [dx, dy] = [(x - fromX) / length, (y - fromY) / length]
  const at = (along: number, across: number): string =>
    `${round(x - dx * along - dy * across)},${round(y - dy * along + dx * across)}`
  switch (message.fate) {
    case 'delivered':
    case 'late':
      return `M${at(0, 0)}L${at(size * 1.6, size * 0.7)}L${at(size * 1.6, -size * 0.7)}Z`
    case 'refused':
      return `M${at(2, size)}L${at(2, -size)}M${at(5, size * 0.6)}L${at(5, -size * 0.6)}`
    case 'lost':
      return `M${round(x - size * 0.8)},${round(y - size * 0.8)}l${size * 1.6},${size * 1.6}m0,${-size * 1.6}l${-size * 1.6},${size * 1.6}`
    case 'waiting': {
      const radius = size * 0.7
      return `M${round(x - radius)},${round(y)}a${radius},${radius} 0 1 0 ${2 * radius},0a${radius},${radius} 0 1 0 ${-2 * radius},0`
    }
  }
}

/** Lines of messages that are long under way run along the lane that they wait for, instead of across all others. */
function pointsOf(message: Message, [x, y]: Point, toY: number, columns: Columns): readonly Point[] {
  if (message.ended === null) return [[x, y], stub([x, y], toY)]
  const endX = Math.max(x, xOf(columns, message.ended))
  if (toY === y)
    return [
      [x, y],
      [x + 5, y - 12],
      [Math.max(endX, x + 8), y - 12],
      [Math.max(endX, x + 8) + 5, y - 1],
    ]
  const direction = Math.sign(toY - y)
  const reaches: Point = message.fate === 'lost' ? [endX, y + (toY - y) * 0.7] : [endX, toY - direction]
  const slope = Math.max(30, Math.abs(toY - y) * 0.6)
  if (endX - x < slope + 70) return [[x, y], reaches]
  const waits = toY - direction * 9
  if (message.fate === 'lost')
    return [
      [x, y],
      [x + slope, waits],
      [endX, waits],
    ]
  return [[x, y], [x + slope, waits], [endX - 6, waits], reaches]
}

function stub([x, y]: Point, toY: number): Point {
  return toY === y ? [x + 14, y - 12] : [x + 18, y + Math.sign(toY - y) * Math.min(24, Math.abs(toY - y) * 0.6)]
}

function distance([x, y]: Point, [fromX, fromY]: Point, [toX, toY]: Point): number {
  const [dx, dy] = [toX - fromX, toY - fromY]
  const squared = dx * dx + dy * dy
  const share = squared === 0 ? 0 : Math.max(0, Math.min(1, ((x - fromX) * dx + (y - fromY) * dy) / squared))
  return Math.hypot(x - fromX - share * dx, y - fromY - share * dy)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
