// The space-time diagram: what is drawn once, a cursor over it, and words for what the pointer is on.
import { useMemo, useRef, useState } from 'preact/hooks'
import type { Message } from '../../film/film.ts'
import { useInSight } from '../shared/use-in-sight.ts'
import { type Drawing, fateMeanings } from './drawing.ts'
import { type Arrow, linePath, nearestArrow } from './layout/arrows.ts'
import { markAt } from './layout/marks.ts'
import { columnAt, stepAt } from './layout/time.ts'
import { Legend } from './legend.tsx'
import { Axis, axisHeight, Picture } from './picture.tsx'

type Props = {
  readonly drawing: Drawing
  readonly step: number
  readonly onStep: (step: number) => void
  /** The message that is pointed at in the list of messages. */
  readonly pointed: Message | null
}

/** Words beside the pointer, and the arrow that they are about. */
type Tip = {
  readonly x: number
  readonly y: number
  readonly title: string
  readonly text: string
  readonly arrow: Arrow | null
}

export function Diagram({ drawing, step, onStep, pointed }: Props) {
  const { columns, rows, film } = drawing
  const view = useRef<HTMLElement>(null)
  const names = useRef<HTMLDivElement>(null)
  const [tip, showTip] = useState<Tip | null>(null)
  const still = useMemo(() => <Still drawing={drawing} />, [drawing])
  const labels = useMemo(() => <LaneNames drawing={drawing} />, [drawing])
  const { left, width } = columnAt(columns, step)
  const bring = (): void => {
    if (view.current !== null) bringIntoView(view.current, names.current?.offsetWidth ?? 0, left, width)
  }
  useInSight(view, bring, [left, width])
  const pointAt = (event: MouseEvent & { readonly currentTarget: HTMLElement }): void => {
    const area = event.currentTarget.getBoundingClientRect()
    const [x, y] = [event.clientX - area.left, event.clientY - area.top - axisHeight]
    showTip(tipAt(drawing, x, y))
  }
  const choose = (event: MouseEvent & { readonly currentTarget: HTMLElement }): void => {
    onStep(stepAt(columns, event.clientX - event.currentTarget.getBoundingClientRect().left))
  }
  const arrow = tip?.arrow ?? (pointed === null ? null : (drawing.arrows.find(one => one.message === pointed) ?? null))
  const says = `Space-time diagram: ${film.lanes.length} lanes, ${film.steps.length - 1} operations, ${film.messages.length} messages. The lists of operations and of messages say the same.`
  return (
    <section class="diagram" aria-label="Diagram">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls it with keys */}
      <section class="view" ref={view} tabIndex={0} aria-label="Lanes and messages; scrolls sideways" data-scrolls="">
        <div class="names" ref={names}>
          {labels}
        </div>
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys select steps everywhere on the page */}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the list of operations is the control for others */}
        <div class="area" onPointerMove={pointAt} onPointerLeave={() => showTip(null)} onClick={choose}>
          <div
            class={step === film.verdict.step ? 'cursor divergence' : 'cursor'}
            style={{ transform: `translateX(${left}px)`, width: `${width}px` }}
          />
          <div role="img" aria-label={says}>
            {still}
          </div>
          <svg class="over" width={columns.width} height={rows.height} aria-hidden="true">
            {arrow === null ? null : <path d={linePath(arrow.points)} />}
          </svg>
          {tip === null ? null : (
            <div
              class="tip"
              style={{
                left: `${Math.max(4, Math.min(tip.x, columns.width - 240))}px`,
                top: `${tip.y + axisHeight + 14}px`,
              }}
            >
              <strong>{tip.title}</strong>
              <span>{tip.text}</span>
            </div>
          )}
        </div>
      </section>
      <Legend drawing={drawing} />
    </section>
  )
}

/** A message in words: what, from where to where, and what became of it. */
export function fateText({ from, to, fate, why }: Message): string {
  return `${from} → ${to}, ${fateMeanings[fate]}${why === null ? '' : `: ${why}`}`
}

function Still({ drawing }: { readonly drawing: Drawing }) {
  const { columns, rows } = drawing
  return (
    <>
      <svg class="top" width={columns.width} height={axisHeight} aria-hidden="true">
        <Axis drawing={drawing} />
      </svg>
      <svg class="body" width={columns.width} height={rows.height} aria-hidden="true">
        <Picture drawing={drawing} />
      </svg>
    </>
  )
}

function LaneNames({ drawing }: { readonly drawing: Drawing }) {
  const { film, rows } = drawing
  const height = rows.height / Math.max(1, film.lanes.length)
  return (
    <ul aria-label="Lanes" style={{ paddingTop: `${axisHeight}px` }}>
      {film.lanes.map(lane => (
        <li
          key={lane.name}
          title={`${lane.kind} ${lane.name}`}
          style={{ height: `${height}px`, lineHeight: `${height}px` }}
        >
          <span>{lane.name}</span>
          <small>{lane.kind}</small>
        </li>
      ))}
    </ul>
  )
}

function tipAt({ arrows, marks }: Drawing, x: number, y: number): Tip | null {
  const placed = markAt(marks, x, y)
  if (placed !== null) {
    const { mark } = placed
    return { x, y, title: `${mark.lane}: ${mark.kind}`, text: mark.text, arrow: null }
  }
  const arrow = nearestArrow(arrows, [x, y], 6)
  if (arrow === null) return null
  const { message } = arrow
  return { x, y, title: `${message.kind} ${message.text}`, text: fateText(message), arrow }
}

/** Scrolls no more than it takes: not at all while the column is in sight, else it comes to the middle. */
function bringIntoView(view: HTMLElement, namesWidth: number, left: number, width: number): void {
  const room = view.clientWidth - namesWidth
  const at = view.scrollLeft
  if (left >= at && left + width <= at + room) return
  view.scrollLeft = width > room ? left : left - (room - width) / 2
}
