// Signs as shapes: fonts of some systems have a box where others have a star. They say nothing to a screen reader; words
// beside them, or the name of their button, do.

export type SignName =
  | 'first'
  | 'previous'
  | 'next'
  | 'last'
  | 'plus'
  | 'minus'
  | 'open'
  | 'closed'
  | 'tick'
  | 'cross'
  | 'question'
  | 'star'
  | 'up'
  | 'half'
  | 'pause'
  | 'ring'
  | 'arrowhead'
  | 'hollow arrowhead'
  | 'barred'
  | 'left edge'
  | 'right edge'
  | 'triangle'
  | 'diamond'
  | 'moon'
  | 'sun'

/** As high as the text around it, in its colour. */
export function Sign({ name }: { readonly name: SignName }) {
  const { fill = '', line = '' } = shapes[name]
  return (
    <svg class="sign" viewBox="0 0 12 12" aria-hidden="true">
      {fill === '' ? null : <path d={fill} />}
      {line === '' ? null : <path class="line" d={line} />}
    </svg>
  )
}

/** In a square of 12; `line` is stroked. */
type Shape = { readonly fill?: string; readonly line?: string }

const circle = 'M6,2a4,4 0 1 0 0,8a4,4 0 1 0 0,-8z'
const shapes: Readonly<Record<SignName, Shape>> = {
  first: { fill: 'M10.5,1.5v9L4,6z', line: 'M2.2,1.5v9' },
  previous: { fill: 'M9,1v10L2,6z' },
  next: { fill: 'M3,1v10L10,6z' },
  last: { fill: 'M1.5,1.5v9L8,6z', line: 'M9.8,1.5v9' },
  plus: { line: 'M6,1.5v9M1.5,6h9' },
  minus: { line: 'M1.5,6h9' },
  open: { fill: 'M1.5,3.5h9L6,9.5z' },
  closed: { fill: 'M3.5,1.5v9L9.5,6z' },
  tick: { line: 'M1.5,6.5L4.8,10L10.5,2.5' },
  cross: { line: 'M2,2L10,10M10,2L2,10' },
  question: { line: 'M3.2,4A2.8,2.6 0 1 1 6,6.6V8M6,10v1' },
  star: { fill: 'M6,.5l1.6,3.6 3.9,.4-2.9,2.6 .8,3.9L6,9l-3.4,2 .8-3.9L.5,4.5l3.9-.4z' },
  up: { fill: circle },
  half: { fill: 'M6,2a4,4 0 0 0 0,8z', line: circle },
  pause: { line: 'M4,2v8M8,2v8' },
  ring: { line: circle },
  arrowhead: { fill: 'M2,2v8L11,6z' },
  'hollow arrowhead': { line: 'M2.5,2.5v7L10,6z' },
  barred: { line: 'M0,6h8M9.5,1.5v9' },
  'left edge': { line: 'M2,1v10M2,6h8' },
  'right edge': { line: 'M10,1v10M10,6h-8' },
  triangle: { fill: 'M6,1.5L11,10.5H1z' },
  diamond: { fill: 'M6,.5L11,6L6,11.5L1,6z' },
  moon: { fill: 'M9.8,8A4.8,4.8 0 1 1 5,1.4A4,4 0 0 0 9.8,8z' },
  sun: { fill: 'M6,3.6a2.4,2.4 0 1 0 0,4.8a2.4,2.4 0 1 0 0,-4.8z', line: 'M6,0v1.8M6,10.2V12M0,6h1.8M10.2,6H12' },
}
