// The parts of the diagram that are drawn once: columns with their operations, lanes, messages, marks.
import { shortened } from '../shared/legible.ts'
import type { Drawing } from './drawing.ts'
import { GlyphPath } from './glyphs.tsx'
import { columnAt } from './layout/time.ts'

/** Height of the row of operations above the lanes. */
export const axisHeight = 40
const characterWidth = 6.4

/** Number and operation above each column. */
export function Axis({ drawing }: { readonly drawing: Drawing }) {
  const { film, columns } = drawing
  return (
    <g class="axis">
      {film.steps.map((step, index) => {
        const { left, width } = columnAt(columns, index)
        const most = Math.floor((width - 8) / characterWidth)
        const number = `${index}`
        const operation = shortened(step.operation, 2 * most - number.length - 1)
        const firstLine = Math.max(0, most - number.length - 1)
        const breaks = breakOf(operation, firstLine)
        return (
          <g key={index} class={index === film.verdict.step ? 'column divergence' : 'column'}>
            <path class="edge" d={`M${left},0v${axisHeight}`} />
            <text x={left + 5} y={15}>
              <tspan class="number">{number}</tspan> {operation.slice(0, breaks)}
            </text>
            <text x={left + 5} y={30}>
              {shortened(operation.slice(breaks).trimStart(), most)}
            </text>
          </g>
        )
      })}
    </g>
  )
}

/** Lanes and everything between them. */
export function Picture({ drawing }: { readonly drawing: Drawing }) {
  const { columns, rows, film } = drawing
  const divergence = film.verdict.step === null ? null : columnAt(columns, film.verdict.step)
  return (
    <g>
      {divergence === null ? null : (
        <rect class="divergence" x={divergence.left} y={0} width={divergence.width} height={rows.height} />
      )}
      <path class="edge" d={columns.lefts.map(left => `M${left},0v${rows.height}`).join('')} />
      {drawing.segments.map(({ lane, status, from, to }) => (
        <path key={`${lane} ${from}`} class={`lane ${status}`} d={`M${from},${rows.y(lane) ?? 0}H${to}`} />
      ))}
      {drawing.batches.map(({ step, fate, dense, lines, heads }) => (
        <g key={`${step} ${fate}`} class={`messages ${fate}${dense ? ' dense' : ''}`}>
          <path class="line" d={lines} />
          <path class="head" d={heads} />
        </g>
      ))}
      {drawing.marks.map(({ mark, x, y }, index) => (
        <g key={index} transform={`translate(${x},${y})`}>
          <circle class="halo" r={9} />
          <GlyphPath kind={mark.kind} />
        </g>
      ))}
    </g>
  )
}

/** Where a text is broken for a first line of so many characters: at a space, if one is near. */
function breakOf(text: string, most: number): number {
  if (text.length <= most) return text.length
  const space = text.lastIndexOf(' ', most)
  return space > most / 2 ? space : most
}
