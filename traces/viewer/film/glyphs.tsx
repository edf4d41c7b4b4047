// A shape for each kind of mark, so that nobody needs colours to tell them apart; all in a square of 16 around (0, 0).
import { symbol, symbolDiamond, symbolStar, symbolTriangle } from 'd3-shape'
import type { MarkKind } from '../../film/film.ts'

const star = symbol(symbolStar, 70)() ?? ''
const triangle = symbol(symbolTriangle, 64)() ?? ''
const diamond = symbol(symbolDiamond, 60)() ?? ''

type Glyph = { readonly meaning: string; readonly path: string; readonly filled: boolean }

export const glyphs: Readonly<Record<MarkKind, Glyph>> = {
  crash: { meaning: 'crash', path: 'M-6,-6L6,6M-6,6L6,-6', filled: false },
  restart: { meaning: 'restart', path: triangle, filled: true },
  pause: { meaning: 'pause', path: 'M-5,-6h3.5v12h-3.5zM1.5,-6h3.5v12h-3.5z', filled: true },
  resume: { meaning: 'goes on', path: 'M-4,-6L6,0L-4,6z', filled: true },
  cut: { meaning: 'link cut', path: 'M-7,3L-1,-3M1,3L7,-3M-3,6L3,-6', filled: false },
  heal: {
    meaning: 'link healed',
    path: 'M-7,0a3.5,3.5 0 1 0 7,0a3.5,3.5 0 1 0 -7,0M0,0a3.5,3.5 0 1 0 7,0a3.5,3.5 0 1 0 -7,0',
    filled: false,
  },
  disk: { meaning: 'disk', path: 'M-5,-4a5,2.5 0 1 0 10,0a5,2.5 0 1 0 -10,0v8a5,2.5 0 0 0 10,0v-8', filled: false },
  time: { meaning: 'time', path: 'M-6,0a6,6 0 1 0 12,0a6,6 0 1 0 -12,0M0,-3.5V0L3,2', filled: false },
  election: { meaning: 'election', path: star, filled: true },
  act: { meaning: 'acts', path: diamond, filled: true },
}

export function GlyphPath({ kind }: { readonly kind: MarkKind }) {
  const { path, filled } = glyphs[kind]
  return <path class={`glyph ${kind} ${filled ? 'filled' : 'open'}`} d={path} />
}
