// One partition: offsets over time. An operation's mark stands at its end, over all its offsets; a thin line goes back to
// where it started.
import { useId, useMemo } from 'preact/hooks'
import type { HistoryPicture, ShownPartition } from '../../history-picture.ts'
import {
  type Badge,
  badgesOf,
  type Frame,
  type Layout,
  layoutOf,
  nearestMark,
  type Placed,
  plot,
  type Stroke,
} from './layout.ts'
import type { Selection } from './selection.ts'
import { clientLook, judgementPaths } from './shapes.ts'

export type ChartProps = {
  readonly picture: HistoryPicture
  readonly frame: Frame
  readonly hidden: ReadonlySet<number>
  readonly selection: Selection
  readonly onOperation: (operation: number) => void
  readonly onAnomaly: (anomaly: number) => void
}

export function Chart({ partition, ...props }: ChartProps & { readonly partition: ShownPartition }) {
  const { picture, frame, hidden, selection, onOperation, onAnomaly } = props
  const layout = useMemo(() => layoutOf(picture, partition, frame, hidden), [picture, partition, frame, hidden])
  const clip = useId()
  const still = useMemo(() => <Still layout={layout} frame={frame} clip={clip} />, [layout, frame, clip])
  const { anomaly: chosen } = selection
  const badges = useMemo(
    () => badgesOf(picture, partition, layout, frame, chosen),
    [picture, partition, layout, frame, chosen],
  )
  const signs = useMemo(() => <Signs badges={badges} chosen={chosen} />, [badges, chosen])
  const choose = (event: MouseEvent & { readonly currentTarget: SVGSVGElement }): void => {
    const area = event.currentTarget.getBoundingClientRect()
    const [x, y] = [event.clientX - area.left, event.clientY - area.top]
    const badge = badges.find(one => Math.hypot(one.x + badgeShift - x, badgeTop(one.y) - y) < 10)
    const mark = nearestMark(layout, x, y)
    if (badge !== undefined) onAnomaly(badge.anomaly)
    else if (mark !== null) onOperation(mark.operation)
  }
  const { offsets, placed } = layout
  const says = `${partition.name}: ${placed.length} marks at offsets ${offsets[0]} to ${offsets[1]}, ${badges.length} anomalies marked. The lists say the same.`
  const anomaly = selection.anomaly === null ? undefined : picture.anomalies[selection.anomaly]
  const proof = new Set(anomaly?.operations ?? [])
  return (
    <figure class={anomaly?.partition === partition.name ? 'chart troubled' : 'chart'} data-partition={partition.name}>
      <figcaption>{partition.name}</figcaption>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys step everywhere on the page */}
      <svg viewBox={`0 0 ${frame.width} ${plot.height}`} role="img" aria-label={says} onClick={choose}>
        {still}
        {anomaly?.partition === partition.name ? (
          <Rows layout={layout} offsets={anomaly.offsets} frame={frame} />
        ) : null}
        <Rings class="proof-rings" marks={placed.filter(({ operation }) => proof.has(operation))} />
        <Cursor {...props} x={layout.x} height={plot.height - plot.bottom} />
        <Rings class="current-rings" marks={placed.filter(({ operation }) => operation === selection.operation)} />
        {signs}
      </svg>
    </figure>
  )
}

type SignsProps = { readonly badges: readonly Badge[]; readonly chosen: number | null }

/** Where anomalies are. */
function Signs({ badges, chosen }: SignsProps) {
  return badges.map(({ anomaly, x, y, judgement }) => (
    <g key={anomaly}>
      <path class={`leader ${judgement}`} d={`M${x} ${y}L${x + badgeShift} ${badgeTop(y)}`} />
      <BadgeMark x={x + badgeShift} y={badgeTop(y)} judgement={judgement} isChosen={anomaly === chosen} />
    </g>
  ))
}

type BadgeProps = Pick<Badge, 'x' | 'y' | 'judgement'> & { readonly isChosen: boolean }

/** The sign of an anomaly. */
export function BadgeMark({ x, y, judgement, isChosen }: BadgeProps) {
  return (
    <g class={`badge-mark ${judgement} ${isChosen ? 'chosen' : ''}`}>
      <circle cx={x} cy={y} r={7.5} />
      <path d={judgementPaths[judgement](x, y)} />
    </g>
  )
}

const badgeShift = -13

/** Above the mark that it is about, or below it where there is no room. */
function badgeTop(y: number): number {
  return y < plot.top + 16 ? y + 15 : y - 13
}

type Framed = { readonly layout: Layout; readonly frame: Frame }

function Still({ layout, frame, clip }: Framed & { readonly clip: string }) {
  const { left, width } = frame
  const { strokes, whiskers, ways } = layout
  return (
    <>
      <Axes layout={layout} frame={frame} />
      <clipPath id={clip}>
        <rect x={left - 6} y={0} width={Math.max(0, width - left - plot.right + 12)} height={plot.height - 26} />
      </clipPath>
      <g clip-path={`url(#${clip})`}>
        {ways.map((one, index) => (
          <path
            key={index}
            class="way"
            d={one.path}
            style={colourOf(one)}
            stroke-dasharray={clientLook(one.client).dash}
          />
        ))}
        {whiskers.map((one, index) => (
          <path key={index} class="whisker" d={one.path} style={colourOf(one)} />
        ))}
        {strokes.map((one, index) => (
          <path key={index} class={one.isFilled ? 'mark filled' : 'mark'} d={one.path} style={colourOf(one)} />
        ))}
      </g>
    </>
  )
}

function colourOf({ client }: Stroke): { readonly color: string } {
  return { color: clientLook(client).colour }
}

/** A line through an offset that matters. */
function Rows({ layout, offsets, frame }: Framed & { readonly offsets: readonly number[] }) {
  const { y } = layout
  const [bottom, top] = y.range()
  const inSight = offsets.filter(offset => y(offset) <= (bottom ?? 0) && y(offset) >= (top ?? 0))
  return (
    <g class="rows">
      {inSight.map(offset => (
        <line key={offset} x1={frame.left} x2={frame.width - plot.right} y1={y(offset)} y2={y(offset)} />
      ))}
    </g>
  )
}

function Rings({ marks, class: name }: { readonly marks: readonly Placed[]; readonly class: string }) {
  return (
    <g class={name}>
      {marks.map(({ x, high, low }, index) => (
        <rect key={index} x={x - 8} y={high - 8} width={16} height={low - high + 16} rx={8} />
      ))}
    </g>
  )
}

type CursorProps = Pick<ChartProps, 'picture' | 'selection' | 'frame'> & {
  readonly x: (time: number) => number
  readonly height: number
}

/** Where the selected operation ended, in every chart. */
export function Cursor({ picture, selection, frame: { view }, x, height }: CursorProps) {
  const end = picture.operations[selection.operation]?.end
  if (end === undefined || end < view.from || end > view.to) return null
  return <line class="time-cursor" x1={x(end)} x2={x(end)} y1={0} y2={height} />
}

function Axes({ layout, frame: { left, width } }: Framed) {
  const { x, y } = layout
  const bottom = plot.height - plot.bottom
  return (
    <g class="axes">
      {y
        .ticks(5)
        .filter(Number.isInteger)
        .map(offset => (
          <g key={offset}>
            <line x1={left} x2={width - plot.right} y1={y(offset)} y2={y(offset)} />
            <text x={left - 8} y={y(offset) + 4} text-anchor="end">
              {offset}
            </text>
          </g>
        ))}
      {x.ticks(Math.max(2, Math.floor(width / 120))).map(time => (
        <text key={time} x={x(time)} y={bottom + 36} text-anchor="middle">
          {timeText(time)}
        </text>
      ))}
    </g>
  )
}

/** Milliseconds as people read them. */
export function timeText(time: number): string {
  return time >= 10_000 ? `${Number((time / 1000).toFixed(3))} s` : `${Number(time.toFixed(3))} ms`
}
