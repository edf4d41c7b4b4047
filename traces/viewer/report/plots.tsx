// The plots: small bars in a row of a table, and the curve of new abstract states. Scales and shapes are d3's.
import { scaleLinear } from 'd3-scale'
import { area, line } from 'd3-shape'
import type { ScopePart } from '../../schema/campaign-report.ts'
import { grouped } from './numbers.ts'
import { type Shares, sharesOf } from './points.ts'

const small = { width: 150, height: 22 }

/** A bar for each point of a curve, as high as it is often among the runs that count. The highest has all the room. Lost runs are a gap. */
export function Bars({ counts, of, label }: Shares & { readonly label: string }) {
  const heights = sharesOf({ counts, of })
  const most = Math.max(0, ...heights.map(height => height ?? 0))
  const y = scaleLinear([0, most === 0 ? 1 : most], [0, small.height - 2])
  const x = scaleLinear([0, Math.max(1, heights.length)], [0, small.width])
  const gap = heights.length > 30 ? 0.5 : 1
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${small.width} ${small.height}`}
      preserveAspectRatio="xMinYMid"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <line x1="0" x2={small.width} y1={small.height - 0.5} y2={small.height - 0.5} />
      {heights.map((height, place) => {
        if (height === null) {
          return <rect key={place} class="lost" x={x(place)} y={0} width={x(1)} height={small.height - 1} />
        }
        // What was there once is seen, however small its share.
        const tall = height === 0 ? 0 : Math.max(2, y(height))
        return <rect key={place} x={x(place)} y={small.height - 1 - tall} width={x(1) - gap} height={tall} />
      })}
    </svg>
  )
}

const plot = { width: 680, height: 220, left: 84, right: 64, top: 12, bottom: 48 }

/** All abstract states that were reached so far, as a line, and the new ones for each point, as an area. */
export function NoveltyPlot({ part }: { readonly part: ScopePart }) {
  const { novelty, endRun, runsInPoint, runsOver } = part
  if (novelty.over.length < 2) return null
  const places = novelty.over.map((_, place) => Math.min(endRun, (place + 1) * runsInPoint))
  let sum = 0
  const sums = novelty.over.map(count => {
    sum += count
    return sum
  })
  const rates = sharesOf({ counts: novelty.over, of: runsOver })
  const x = scaleLinear([0, endRun], [plot.left, plot.width - plot.right])
  const y = scaleLinear([0, Math.max(1, sum)], [plot.height - plot.bottom, plot.top]).nice()
  const yRate = scaleLinear(
    [0, Math.max(1, ...rates.map(rate => rate ?? 0))],
    [plot.height - plot.bottom, plot.top],
  ).nice()
  // The last one may stand for more runs than the others.
  const middle = (place: number) =>
    x(((place === rates.length - 1 ? endRun : (place + 1) * runsInPoint) + place * runsInPoint) / 2)
  const curve = line<number>(
    (_, place) => x(place === 0 ? 0 : (places[place - 1] ?? 0)),
    value => y(value),
  )
  const below = area<number | null>(
    (_, place) => middle(place),
    y(0),
    value => yRate(value ?? 0),
  ).defined(value => value !== null)
  const lost = rates.flatMap((rate, place) => (rate === null ? [place] : []))
  return (
    <figure>
      <svg class="novelty" viewBox={`0 0 ${plot.width} ${plot.height}`} role="img" aria-label={novelty.sentence}>
        <title>{novelty.sentence}</title>
        {y.ticks(4).map(tick => (
          <g key={tick}>
            <line class="grid" x1={plot.left} x2={plot.width - plot.right} y1={y(tick)} y2={y(tick)} />
            <text x={plot.left - 8} y={y(tick)} dy="0.35em" text-anchor="end">
              {grouped(tick)}
            </text>
          </g>
        ))}
        {yRate.ticks(4).map(tick => (
          <text key={tick} class="rate" x={plot.width - plot.right + 8} y={yRate(tick)} dy="0.35em">
            {tick}
          </text>
        ))}
        {x.ticks(6).map(tick => (
          <text key={tick} x={x(tick)} y={plot.height - plot.bottom + 22} text-anchor="middle">
            {grouped(tick)}
          </text>
        ))}
        <rect
          class="last"
          x={x(endRun - novelty.lastTenth.runs)}
          y={plot.top}
          width={x(endRun) - x(endRun - novelty.lastTenth.runs)}
          height={plot.height - plot.bottom - plot.top}
        />
        {lost.map(place => (
          <rect
            key={place}
            class="lost"
            x={x(place * runsInPoint)}
            y={plot.top}
            width={x(places[place] ?? 0) - x(place * runsInPoint)}
            height={plot.height - plot.bottom - plot.top}
          />
        ))}
        <path class="area" d={below(rates) ?? ''} />
        <path class="curve" d={curve([0, ...sums]) ?? ''} />
        <text x={(plot.left + plot.width - plot.right) / 2} y={plot.height - 4} text-anchor="middle">
          runs
        </text>
      </svg>
      <figcaption class="soft">
        <span class="key curve" aria-hidden="true" /> pairs of operation and abstract state reached so far (left);{' '}
        <span class="key area" aria-hidden="true" /> new ones a run (right);{' '}
        <span class="key last" aria-hidden="true" /> the last tenth of the runs
        {lost.length > 0 && (
          <>
            ; <span class="key lost" aria-hidden="true" /> lost: nothing is known of these runs
          </>
        )}
      </figcaption>
    </figure>
  )
}
