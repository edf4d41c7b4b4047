// Where everything in the chart of a partition stands, as numbers and paths.
import { type ScaleLinear, scaleLinear } from 'd3-scale'
import type { HistoryPicture, Mark, ShownAnomaly, ShownPartition } from '../../history-picture.ts'
import { type Shape, shapeOf } from './shapes.ts'
import type { View } from './view.ts'

export const plot = { height: 230, top: 14, bottom: 44, right: 14 } as const

/** A part of time, on so many pixels; `left` is room for names and numbers. */
export type Frame = { readonly view: View; readonly left: number; readonly width: number }

/** Time stands at the same place in all charts. */
export function timeScale({ view, left, width }: Frame): ScaleLinear<number, number> {
  return scaleLinear([view.from, view.to], [left, width - plot.right])
}

/** As much room as the longest number needs, and names of some length. */
export function leftOf({ partitions }: HistoryPicture, width: number): number {
  let highest = 0
  for (const { marks } of partitions) for (const { last } of marks) highest = Math.max(highest, last)
  return Math.max(width < 500 ? 52 : 84, 16 + 7 * `${highest}`.length)
}

/** Below the axis stand the sends of which nobody knows where they went. */
const homelessAt = plot.height - plot.bottom + 12
const badgeRoom = 15

/** A mark on the screen: a bar from its first offset, at `low`, up to its last one. */
export type Placed = {
  readonly operation: number
  readonly x: number
  /** Where its operation started. */
  readonly since: number
  readonly high: number
  readonly low: number
}

/** All marks of one client that look alike, as one path: thousands of them are no elements of their own. */
export type Stroke = { readonly client: number; readonly isFilled: boolean; readonly path: string }

export type Badge = { readonly anomaly: number; readonly x: number; readonly y: number } & Pick<
  ShownAnomaly,
  'judgement'
>

export type Layout = {
  readonly x: ScaleLinear<number, number>
  readonly y: ScaleLinear<number, number>
  readonly offsets: readonly [lowest: number, highest: number]
  readonly placed: readonly Placed[]
  readonly strokes: readonly Stroke[]
  /** How long operations took. */
  readonly whiskers: readonly Stroke[]
  /** How consumers went, poll by poll. */
  readonly ways: readonly Stroke[]
}

/** `hidden`: clients that are not drawn. */
export function layoutOf(
  picture: HistoryPicture,
  partition: ShownPartition,
  frame: Frame,
  hidden: ReadonlySet<number>,
): Layout {
  const { operations } = picture
  const { view } = frame
  const marks = partition.marks.filter(({ operation }) => !hidden.has(operations[operation]?.client ?? -1))
  const inSight = marks.filter(({ operation }) => isInSight(operations[operation]?.end, view))
  const offsets = rangeOf(inSight.length > 0 ? inSight : marks)
  const x = timeScale(frame)
  const y = scaleLinear(offsets, [plot.height - plot.bottom, plot.top]).nice(5)
  const place = ({ operation, first, last }: Mark): Placed => {
    const { start = 0, end = 0 } = operations[operation] ?? {}
    return { operation, x: tenth(x(end)), since: tenth(x(start)), high: tenth(y(last)), low: tenth(y(first)) }
  }
  const homeless = partition.homeless
    .filter(at => !hidden.has(operations[at]?.client ?? -1) && isInSight(operations[at]?.end, view))
    .map(at => ({ ...place({ operation: at, kind: 'send', first: 0, last: 0 }), high: homelessAt, low: homelessAt }))
  const placed = [...inSight.map(place), ...homeless]
  return {
    x,
    y,
    offsets,
    placed,
    strokes: strokesOf(picture, [
      ...inSight.map(mark => ({ mark: place(mark), kind: mark.kind })),
      ...homeless.map(mark => ({ mark, kind: 'send' as const })),
    ]),
    whiskers: whiskersOf(picture, placed),
    ways: waysOf(picture, marks.filter(({ kind }) => kind === 'poll').map(place)),
  }
}

function isInSight(time: number | undefined, { from, to }: View): boolean {
  return time !== undefined && time >= from && time <= to
}

function rangeOf(marks: readonly Mark[]): readonly [number, number] {
  let lowest = Infinity
  let highest = -Infinity
  for (const { first, last } of marks) {
    lowest = Math.min(lowest, first, last)
    highest = Math.max(highest, first, last)
  }
  return lowest > highest ? [0, 1] : [lowest, Math.max(highest, lowest + 1)]
}

const crowd = 400

type Shaped = { readonly mark: Placed; readonly kind: Mark['kind'] }

/** Thousands of marks are drawn smaller, so that they show a line and not a smear. */
function strokesOf({ operations }: HistoryPicture, marks: readonly Shaped[]): readonly Stroke[] {
  const size = marks.length > crowd ? 0.6 : 1
  return gathered(marks, ({ mark, kind }) => {
    const operation = operations[mark.operation]
    if (operation === undefined) return null
    const { path, isFilled }: Shape = shapeOf(kind, operation.completed)
    const bar = mark.low > mark.high ? `M${mark.x} ${mark.high}V${mark.low}` : ''
    return { client: operation.client, isFilled, path: `${path(mark.x, mark.high, size)}${bar}` }
  })
}

function whiskersOf({ operations }: HistoryPicture, placed: readonly Placed[]): readonly Stroke[] {
  return gathered(placed, ({ operation, x, since, high }) => {
    if (x - since < 4) return null
    return { client: operations[operation]?.client ?? 0, isFilled: false, path: `M${since} ${high}H${x}` }
  })
}

function waysOf({ operations }: HistoryPicture, polls: readonly Placed[]): readonly Stroke[] {
  const begun = new Set<number>()
  return gathered(polls, ({ operation, x, high, low }) => {
    const client = operations[operation]?.client ?? 0
    const isFirst = !begun.has(client)
    begun.add(client)
    return { client, isFilled: false, path: `${isFirst ? 'M' : 'L'}${x} ${low}L${x} ${high}` }
  })
}

/** One path for each client and filling. */
function gathered<T>(items: readonly T[], stroke: (item: T) => Stroke | null): readonly Stroke[] {
  const found = new Map<string, { client: number; isFilled: boolean; parts: string[] }>()
  for (const item of items) {
    const one = stroke(item)
    if (one === null) continue
    const { client, isFilled, path } = one
    const known = found.get(`${client} ${isFilled}`) ?? { client, isFilled, parts: [] }
    found.set(`${client} ${isFilled}`, known)
    known.parts.push(path)
  }
  return [...found.values()].map(({ client, isFilled, parts }) => ({ client, isFilled, path: parts.join('') }))
}

/** True when an anomaly has an offset at which it can be marked; others are marked where a client is told of them. */
export function hasOffset({ partition, offsets }: ShownAnomaly): boolean {
  return partition !== null && offsets.length > 0
}

/** The signs of a partition's anomalies. Of those that would stand upon each other one does: the chosen, or the weightiest. */
export function badgesOf(
  { anomalies, operations }: HistoryPicture,
  { name }: ShownPartition,
  { x, y }: Layout,
  { view }: Frame,
  chosen: number | null,
): readonly Badge[] {
  const badges: Badge[] = []
  const others = anomalies.map((_, index) => index).filter(index => index !== chosen)
  for (const index of chosen === null ? others : [chosen, ...others]) {
    const anomaly = anomalies[index]
    if (anomaly === undefined || anomaly.partition !== name) continue
    const time = operations[anomaly.operations.at(-1) ?? -1]?.end
    const [offset] = anomaly.offsets
    if (time === undefined || offset === undefined || !isInSight(time, view)) continue
    const at = { x: tenth(x(time)), y: Math.max(plot.top, Math.min(plot.height - plot.bottom, tenth(y(offset)))) }
    if (badges.some(other => Math.hypot(other.x - at.x, other.y - at.y) < badgeRoom)) continue
    badges.push({ anomaly: index, ...at, judgement: anomaly.judgement })
  }
  return badges
}

/** A position with so many digits as a screen can show. */
function tenth(value: number): number {
  return Math.round(value * 10) / 10
}

/** The mark that is nearest to a point, within reach of a finger. */
export function nearestMark({ placed }: Layout, x: number, y: number): Placed | null {
  let best: Placed | null = null
  let least = reachPx
  for (const mark of placed) {
    const distance = Math.hypot(mark.x - x, Math.max(mark.high - y, y - mark.low, 0))
    if (distance > least) continue
    best = mark
    least = distance
  }
  return best
}

const reachPx = 24
