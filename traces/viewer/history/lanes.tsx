// A row for each client with everything that it did, also what has no offset: rebalances, deaths, polls of nothing.
import { scaleLinear } from 'd3-scale'
import { useMemo } from 'preact/hooks'
import type { HistoryPicture, ShownOperation } from '../../history-picture.ts'
import { type ChartProps, Cursor } from './chart.tsx'
import { plot } from './layout.ts'
import { clientLook, judgementSigns, shapeOf } from './shapes.ts'

const rowHeight = 18
const rowsMost = 30
const nameWidth = 84
const nameLength = 11

export function Lanes(props: ChartProps) {
  const { picture, width, view, hidden, selection, onOperation, onAnomaly } = props
  const rows = useMemo(
    () =>
      picture.clients
        .map((_, client) => client)
        .filter(client => !hidden.has(client))
        .slice(0, rowsMost),
    [picture, hidden],
  )
  const height = rows.length * rowHeight + 8
  const x = useMemo(() => scaleLinear([view.from, view.to], [nameWidth, width - plot.right]), [view, width])
  const top = (client: number): number => 4 + rows.indexOf(client) * rowHeight + rowHeight / 2
  const still = useMemo(
    () =>
      rows.map(client => (
        <Row key={client} client={client} picture={picture} y={top(client)} width={width} at={placer(x, view)} />
      )),
    [rows, picture, width, x, view],
  )
  const homeless = picture.anomalies.flatMap(({ partition, operations, judgement }, index) => {
    const at = operations.at(-1)
    const operation = at === undefined ? undefined : picture.operations[at]
    const place = operation === undefined || partition !== null ? null : placer(x, view)(operation)
    return place === null || operation === undefined || !rows.includes(operation.client)
      ? []
      : [{ index, x: place, y: top(operation.client), judgement }]
  })
  const choose = (event: MouseEvent & { readonly currentTarget: SVGSVGElement }): void => {
    const area = event.currentTarget.getBoundingClientRect()
    const [left, down] = [event.clientX - area.left, event.clientY - area.top]
    const badge = homeless.find(one => Math.hypot(one.x - left, one.y - down) < 9)
    const client = rows[Math.floor((down - 4) / rowHeight)]
    const found = client === undefined ? null : nearest(picture, client, left, placer(x, view))
    if (badge !== undefined) onAnomaly(badge.index)
    else if (found !== null) onOperation(found)
  }
  const proof = selection.anomaly === null ? [] : (picture.anomalies[selection.anomaly]?.operations ?? [])
  const ring = (operation: number) => {
    const one = picture.operations[operation]
    const place = one === undefined ? null : placer(x, view)(one)
    if (one === undefined || place === null || !rows.includes(one.client)) return null
    return <circle key={operation} cx={place} cy={top(one.client)} r={8} />
  }
  const left = picture.clients.length - hidden.size - rows.length
  return (
    <figure class="chart lanes">
      <figcaption>
        Clients{left > 0 ? <span class="soft">, without {left} for which there is no room</span> : null}
      </figcaption>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys step everywhere on the page */}
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`What each of ${rows.length} clients did. The list of operations says the same.`}
        onClick={choose}
      >
        {still}
        <g class="proof-rings">{proof.map(ring)}</g>
        <Cursor {...props} x={x} height={height} />
        <g class="current-rings">{ring(selection.operation)}</g>
        {homeless.map(({ index, x: at, y, judgement }) => (
          <g key={index} class={`badge-mark ${judgement} ${index === selection.anomaly ? 'chosen' : ''}`}>
            <circle cx={at} cy={y} r={7.5} />
            <text x={at} y={y + 4} text-anchor="middle">
              {judgementSigns[judgement]}
            </text>
          </g>
        ))}
      </svg>
    </figure>
  )
}

type At = (operation: ShownOperation) => number | null

/** Where an operation stands, as far as it is in sight. */
function placer(x: (time: number) => number, { from, to }: ChartProps['view']): At {
  return ({ end }) => (end < from || end > to ? null : Math.round(x(end) * 10) / 10)
}

function nearest({ operations }: HistoryPicture, client: number, left: number, at: At): number | null {
  let best: number | null = null
  let least = 24
  for (const [index, operation] of operations.entries()) {
    const place = operation.client === client ? at(operation) : null
    if (place === null || Math.abs(place - left) > least) continue
    best = index
    least = Math.abs(place - left)
  }
  return best
}

type RowProps = {
  readonly picture: HistoryPicture
  readonly client: number
  readonly y: number
  readonly width: number
  readonly at: At
}

function Row({ picture, client, y, width, at }: RowProps) {
  const name = picture.clients[client] ?? ''
  let filled = ''
  let hollow = ''
  for (const operation of picture.operations) {
    const x = operation.client === client ? at(operation) : null
    if (x === null) continue
    const { path, isFilled } = shapeOf(operation.kind, operation.completed)
    if (isFilled) filled += path(x, y)
    else hollow += path(x, y)
  }
  return (
    <g style={{ color: clientLook(client).colour }}>
      <title>{name}</title>
      <line class="lane" x1={nameWidth} x2={width - plot.right} y1={y} y2={y} />
      <text class="lane-name" x={4} y={y + 4}>
        {name.length > nameLength ? `${name.slice(0, nameLength - 1)}…` : name}
      </text>
      <path class="mark" d={hollow} />
      <path class="mark filled" d={filled} />
    </g>
  )
}
