// A row for each client with everything that it did, also what has no offset: rebalances, deaths, polls of nothing.
import { useMemo } from 'preact/hooks'
import type { HistoryPicture, ShownOperation } from '../../history-picture.ts'
import { BadgeMark, type ChartProps, Cursor } from './chart.tsx'
import { type Frame, hasOffset, plot, timeScale } from './layout.ts'
import { clientLook, shapeOf } from './shapes.ts'

const rowHeight = 18
const rowsMost = 30
const letterWidth = 6.4
/** Marks of more operations are smaller. */
const crowd = 1000

export function Lanes(props: ChartProps) {
  const { picture, frame, hidden, selection, onOperation, onAnomaly } = props
  const rows = useMemo(
    () =>
      picture.clients
        .map((_, client) => client)
        .filter(client => !hidden.has(client))
        .slice(0, rowsMost),
    [picture, hidden],
  )
  const height = rows.length * rowHeight + 8
  const at = useMemo(() => placer(frame), [frame])
  const top = (client: number): number => 4 + rows.indexOf(client) * rowHeight + rowHeight / 2
  const still = useMemo(
    () =>
      rows.map(client => <Row key={client} client={client} picture={picture} y={top(client)} frame={frame} at={at} />),
    [rows, picture, frame, at],
  )
  const badges = picture.anomalies.flatMap((anomaly, index) => {
    const operation = hasOffset(anomaly) ? undefined : picture.operations[anomaly.operations.at(-1) ?? -1]
    const place = operation === undefined ? null : at(operation)
    return place === null || operation === undefined || !rows.includes(operation.client)
      ? []
      : [{ index, x: place, y: top(operation.client), judgement: anomaly.judgement }]
  })
  const choose = (event: MouseEvent & { readonly currentTarget: SVGSVGElement }): void => {
    const area = event.currentTarget.getBoundingClientRect()
    const [left, down] = [event.clientX - area.left, event.clientY - area.top]
    const badge = badges.find(one => Math.hypot(one.x - left, one.y - down) < 9)
    const client = rows[Math.floor((down - 4) / rowHeight)]
    const found = client === undefined ? null : nearest(picture, client, left, at)
    if (badge !== undefined) onAnomaly(badge.index)
    else if (found !== null) onOperation(found)
  }
  const proof = selection.anomaly === null ? [] : (picture.anomalies[selection.anomaly]?.operations ?? [])
  const ring = (operation: number) => {
    const one = picture.operations[operation]
    const place = one === undefined ? null : at(one)
    if (one === undefined || place === null || !rows.includes(one.client)) return null
    return <circle key={operation} cx={place} cy={top(one.client)} r={8} />
  }
  const left = picture.clients.length - hidden.size - rows.length
  return (
    <figure class="chart lanes">
      <figcaption>
        Clients{left > 0 ? <span class="soft">, without {left} for which there is no room</span> : null}
      </figcaption>
      <div>
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys step everywhere on the page */}
        <svg
          viewBox={`0 0 ${frame.width} ${height}`}
          role="img"
          aria-label={`What each of ${rows.length} clients did. The list of operations says the same.`}
          onClick={choose}
        >
          {still}
          <g class="proof-rings">{proof.map(ring)}</g>
          <Cursor {...props} x={timeScale(frame)} height={height} />
          <g class="current-rings">{ring(selection.operation)}</g>
          {badges.map(({ index, ...badge }) => (
            <BadgeMark key={index} {...badge} isChosen={index === selection.anomaly} />
          ))}
        </svg>
      </div>
    </figure>
  )
}

type At = (operation: ShownOperation) => number | null

/** Where an operation stands, as far as it is in sight. */
function placer(frame: Frame): At {
  const x = timeScale(frame)
  const { from, to } = frame.view
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

/** Names are often alike but for their ends. */
function withoutMiddle(name: string, most: number): string {
  const characters = [...name]
  if (characters.length <= most) return name
  const kept = Math.floor((most - 1) / 2)
  return `${characters.slice(0, kept).join('')}…${characters.slice(-kept).join('')}`
}

type RowProps = {
  readonly picture: HistoryPicture
  readonly client: number
  readonly y: number
  readonly frame: Frame
  readonly at: At
}

function Row({ picture, client, y, frame: { left, width }, at }: RowProps) {
  const letters = Math.floor((left - 10) / letterWidth)
  const name = picture.clients[client] ?? ''
  let filled = ''
  let hollow = ''
  const size = picture.operations.length > crowd ? 0.8 : 1
  for (const operation of picture.operations) {
    const x = operation.client === client ? at(operation) : null
    if (x === null) continue
    const { path, isFilled } = shapeOf(operation.kind, operation.completed)
    if (isFilled) filled += path(x, y, size)
    else hollow += path(x, y, size)
  }
  return (
    <g style={{ color: clientLook(client).colour }}>
      <title>{name}</title>
      <line class="lane" x1={left} x2={width - plot.right} y1={y} y2={y} />
      <text class="lane-name" x={4} y={y + 4}>
        {withoutMiddle(name, letters)}
      </text>
      <path class="mark" d={hollow} />
      <path class="mark filled" d={filled} />
    </g>
  )
}
