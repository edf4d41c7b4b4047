// The diagram on paper: cut into lines as wide as a page.
import { render } from 'preact'
import type { Drawing } from './drawing.ts'
import { columnAt, spansOf } from './layout/time.ts'
import { Axis, axisHeight, Picture } from './picture.tsx'

const pageWidth = 1400
const namesWidth = 70

/** Draws it while the page is printed, and takes it away afterwards. Gives a function that stops this. */
export function printsInto(
  place: HTMLElement,
  drawing: () => { readonly drawing: Drawing; readonly step: number },
): () => void {
  // `render` draws at once; a state of the page would be drawn too late for the printer.
  const before = () => render(<Lines {...drawing()} />, place)
  const after = () => render(null, place)
  addEventListener('beforeprint', before)
  addEventListener('afterprint', after)
  return () => {
    removeEventListener('beforeprint', before)
    removeEventListener('afterprint', after)
  }
}

function Lines({ drawing, step }: { readonly drawing: Drawing; readonly step: number }) {
  const { columns, rows, film } = drawing
  const height = axisHeight + rows.height
  const spans = spansOf(columns, pageWidth)
  return (
    <>
      {spans.map(({ from, to }) => {
        const { left } = columnAt(columns, from)
        const width = columnAt(columns, to).left + columnAt(columns, to).width - left
        const selected = columnAt(columns, step)
        return (
          <svg
            key={from}
            viewBox={`0 0 ${Math.max(width, spans.length === 1 ? width : pageWidth) + namesWidth} ${height}`}
            aria-hidden="true"
          >
            {film.lanes.map(lane => (
              <text key={lane.name} class="lane-name" x={2} y={axisHeight + (rows.y(lane.name) ?? 0) + 4}>
                {lane.name.slice(0, 9)}
              </text>
            ))}
            <svg
              aria-hidden="true"
              x={namesWidth}
              width={width}
              height={height}
              viewBox={`${left} 0 ${width} ${height}`}
            >
              {step >= from && step <= to ? (
                <rect class="selected" x={selected.left} y={0} width={selected.width} height={height} />
              ) : null}
              <Axis drawing={drawing} />
              <g transform={`translate(0,${axisHeight})`}>
                <Picture drawing={drawing} />
              </g>
            </svg>
          </svg>
        )
      })}
    </>
  )
}
