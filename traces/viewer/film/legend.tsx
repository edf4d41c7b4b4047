// What lines, ends and marks mean: those that occur in this picture.
import { type Drawing, fateMeanings } from './drawing.ts'
import { GlyphPath, glyphs } from './glyphs.tsx'
import { headPath } from './layout/arrows.ts'

export function Legend({ drawing }: { readonly drawing: Drawing }) {
  return (
    <ul class="legend" aria-label="Legend">
      {drawing.fates.map(fate => (
        <li key={fate}>
          <svg width="34" height="14" viewBox="0 -7 34 14" aria-hidden="true">
            <g class={`messages ${fate}`}>
              <path class="line" d="M1,0H27" />
              <path
                class="head"
                d={headPath({
                  message: { ...sample, fate },
                  points: [
                    [1, 0],
                    [27, 0],
                  ],
                  headSize: 6,
                })}
              />
            </g>
          </svg>
          {fateMeanings[fate]}
        </li>
      ))}
      {drawing.statuses.map(status => (
        <li key={status}>
          <svg width="34" height="14" viewBox="0 -7 34 14" aria-hidden="true">
            <path class={`lane ${status}`} d="M1,0H33" />
          </svg>
          {status}
        </li>
      ))}
      {drawing.kinds.map(kind => (
        <li key={kind}>
          <svg width="18" height="16" viewBox="-9 -8 18 16" aria-hidden="true">
            <GlyphPath kind={kind} />
          </svg>
          {glyphs[kind].meaning}
        </li>
      ))}
    </ul>
  )
}

const sample = {
  from: '',
  to: '',
  kind: '',
  text: '',
  value: null,
  sent: { step: 0, moment: 0 },
  ended: null,
  why: null,
}
