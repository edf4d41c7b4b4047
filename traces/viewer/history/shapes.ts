// How operations look: a shape says what was done and how it ended, a colour who did it. The legend shows each shape that
// occurs; clients whose colours are alike are told apart by their rows, and by their names wherever one points.
import type { Judgement } from '../../../properties/history/anomaly.ts'
import type { Completed, OperationKind } from '../../../properties/history/history.ts'
import type { SignName } from '../shared/sign.tsx'

/** The path of a shape around a point; `size` is 1 where there is room. */
export type Shape = { readonly path: Path; readonly isFilled: boolean }
type Path = (x: number, y: number, size?: number) => string

/** A path in units of its own, from its point on: numbers behind lower-case letters, which are sizes and no places. */
function drawn(path: string): Path {
  return (x, y, size = 1) => {
    const sized =
      size === 1 ? path : path.replace(/-?\d+(\.\d+)?/g, number => `${Math.round(Number(number) * size * 10) / 10}`)
    return `M${x} ${y}${sized}`
  }
}

const circle: Path = (x, y, size = 1) => {
  const r = 3.6 * size
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`
}
const square = drawn('m-3.6 -3.6h7.2v7.2h-7.2z')
const diamond = drawn('m0 -5l5 5l-5 5l-5 -5z')
const pointer = drawn('m-3.5 -4.5l8 4.5l-8 4.5z')
const backwards = drawn('m3.5 -4.5l-8 4.5l8 4.5z')
const hourglass = drawn('m-4 -5h8l-8 10h8z')
const chevrons = drawn('m-4 -4l4 4l-4 4m4 -8l4 4l-4 4')
const plus = drawn('m-5 0h10m-5 -5v10')
const turn = drawn('m-4.5 -1c0 -6 9 -6 9 0l-3 -1m3 1l1 -3.4m-10 8.9h9')
const doubleBar = drawn('m-2 -5v10m4 0v-10')
const cross = drawn('m-3.6 -3.6l7.2 7.2m-7.2 0l7.2 -7.2')
const death = drawn('m-5 -5l10 10m-10 0l10 -10')
const slash = drawn('m-5.5 5.5l11 -11')

function slashed(path: Path): Path {
  return (x, y, size) => `${path(x, y, size)}${slash(x, y, size)}`
}

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
  crash: { meaning: 'dies or is closed', done: { path: death, isFilled: false } },
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

/** What stands before an anomaly in a list. */
export const judgementSigns = {
  forbidden: 'cross',
  undecided: 'question',
  allowed: 'tick',
} as const satisfies Readonly<Record<Judgement['kind'], SignName>>

/** The same in the mark of an anomaly. */
export const judgementPaths: Readonly<Record<Judgement['kind'], Path>> = {
  forbidden: drawn('m-2.8 -2.8l5.6 5.6m-5.6 0l5.6 -5.6'),
  undecided: drawn('m-2 -1.9c0 -2.8 4 -2.8 4 0c0 1.6 -2 1.6 -2 3.2m0 1.6v0.8'),
  allowed: drawn('m-3.2 0.4l2.2 2.4l4.2 -5.4'),
}
