// How operations look: a shape says what was done and how it ended, a colour who did it. The legend shows each shape that
// occurs; clients whose colours are alike are told apart by their rows, and by their names wherever one points.
import type { Completed, OperationKind } from '../../../properties/history/history.ts'

/** The path of a shape around a point. */
export type Shape = { readonly path: (x: number, y: number) => string; readonly isFilled: boolean }

const r = 3.6

const circle = (x: number, y: number) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`
const square = (x: number, y: number) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`
const diamond = (x: number, y: number) => `M${x} ${y - 5}l5 5l-5 5l-5 -5z`
const pointer = (x: number, y: number) => `M${x - 3.5} ${y - 4.5}l8 4.5l-8 4.5z`
const backwards = (x: number, y: number) => `M${x + 3.5} ${y - 4.5}l-8 4.5l8 4.5z`
const hourglass = (x: number, y: number) => `M${x - 4} ${y - 5}h8l-8 10h8z`
const chevrons = (x: number, y: number) => `M${x - 4} ${y - 4}l4 4l-4 4m4 -8l4 4l-4 4`
const plus = (x: number, y: number) => `M${x - 5} ${y}h10m-5 -5v10`
const turn = (x: number, y: number) => `M${x - 4.5} ${y - 1}a4.6 4.6 0 0 1 9 0l-3 -1m3 1l1 -3.4M${x - 4.5} ${y + 4.5}h9`
const doubleBar = (x: number, y: number) => `M${x - 2} ${y - 5}v10m4 0v-10`

/** A cross: what failed, or has ended. */
export const cross = (x: number, y: number, size = r) =>
  `M${x - size} ${y - size}l${2 * size} ${2 * size}m${-2 * size} 0l${2 * size} ${-2 * size}`

const slashed =
  (path: Shape['path']): Shape['path'] =>
  (x, y) =>
    `${path(x, y)}M${x - 5.5} ${y + 5.5}l11 -11`

type Looks = { readonly meaning: string; readonly done: Shape }

const looks: Readonly<Record<OperationKind, Looks>> = {
  send: { meaning: 'send, acknowledged', done: { path: circle, isFilled: true } },
  poll: { meaning: 'poll', done: { path: square, isFilled: false } },
  commit: { meaning: 'commit', done: { path: pointer, isFilled: true } },
  committed: { meaning: 'read of what is committed', done: { path: backwards, isFilled: false } },
  resetOffsets: { meaning: 'offsets reset', done: { path: hourglass, isFilled: true } },
  assign: { meaning: 'assigns itself', done: { path: doubleBar, isFilled: false } },
  subscribe: { meaning: 'joins a group', done: { path: plus, isFilled: false } },
  rebalance: { meaning: 'rebalance', done: { path: turn, isFilled: false } },
  seek: { meaning: 'seeks', done: { path: chevrons, isFilled: false } },
  crash: { meaning: 'dies or is closed', done: { path: (x, y) => cross(x, y, 5), isFilled: false } },
}

const failedSend: Shape = { path: cross, isFilled: false }
const unknownSend: Shape = { path: diamond, isFilled: false }

/** The shape of an operation. */
export function shapeOf(kind: OperationKind, completed: Completed): Shape {
  const { done } = looks[kind]
  if (completed === 'ok' || kind === 'crash') return done
  if (kind === 'send') return completed === 'fail' ? failedSend : unknownSend
  return { path: slashed(done.path), isFilled: false }
}

/** What the legend says of it. */
export function meaningOf(kind: OperationKind, completed: Completed): string {
  const { meaning } = looks[kind]
  if (completed === 'ok' || kind === 'crash') return meaning
  if (kind === 'send') return completed === 'fail' ? 'send, failed' : 'send, outcome unknown'
  return `${meaning}: failed or unknown`
}

const colours = 7
const dashes = ['none', '6 3', '2 3', '8 3 2 3'] as const

/** The colour of the client with this number, and the dashes of its way through a log. */
export function clientLook(client: number): { readonly colour: string; readonly dash: string } {
  return { colour: `var(--series-${client % colours})`, dash: dashes[client % dashes.length] ?? 'none' }
}

/** What stands in the mark of an anomaly. */
export const judgementSigns = { forbidden: '✕', undecided: '?', allowed: '✓' } as const
