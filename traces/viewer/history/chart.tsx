// One partition: offsets over time. Each client's sends are filled shapes, its polls hollow ones along a line. An operation
// over several offsets is a bar from the first to the last.
import { scaleLinear } from 'd3-scale'
import type { HistoryPicture, Mark, ShownPartition } from '../../history-picture.ts'
import { cross, looks, rounded } from './shapes.ts'

const height = 230
const margin = { left: 52, right: 12, top: 10, bottom: 42 }
const reachPx = 24
const size = 3.2

export type ChartProps = {
  readonly picture: HistoryPicture
  readonly partition: ShownPartition
  readonly width: number
  readonly hidden: ReadonlySet<number>
  /** Operations that are picked out, with the offsets that matter. */
  readonly picked: ReadonlySet<number>
  readonly offsets: readonly number[]
  readonly current: number | null
  readonly choose: (operation: number | null) => void
}

export function Chart(props: ChartProps) {
  const { picture, partition, width, hidden, picked, offsets, current, choose } = props
  const { operations } = picture
  const marks = partition.marks.filter(({ operation }) => !hidden.has(operations[operation]?.client ?? -1))
  const times = operations.flatMap(({ start, end }) => [start, end])
  const x = scaleLinear(
    [Math.min(...times), Math.max(...times, Math.min(...times) + 1)],
    [margin.left, width - margin.right],
  )
  const highest = Math.max(1, ...partition.marks.map(({ last }) => last))
  const lowest = Math.min(highest, ...partition.marks.map(({ first }) => first))
  const y = scaleLinear([lowest, highest], [height - margin.bottom, margin.top]).nice()
  const timeOf = ({ operation }: Mark) => operations[operation]?.end ?? 0
  const at = (mark: Mark) => ({
    x: rounded(x(timeOf(mark))),
    top: rounded(y(mark.last)),
    bottom: rounded(y(mark.first)),
  })

  const inOrder = marks.toSorted((a, b) => timeOf(a) - timeOf(b)).map(({ operation }) => operation)
  const here = current === null ? -1 : inOrder.indexOf(current)
  const told = operations[current ?? -1]?.text ?? ''
  const nearest = (event: MouseEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect()
    const found = marks
      .map(mark => {
        const place = at(mark)
        const dy = Math.max(place.top - (event.clientY - box.top), event.clientY - box.top - place.bottom, 0)
        return { mark, distance: Math.hypot(place.x - (event.clientX - box.left), dy) }
      })
      .reduce<{ mark: Mark; distance: number } | null>(
        (best, one) => (best === null || one.distance < best.distance ? one : best),
        null,
      )
    choose(found !== null && found.distance < reachPx ? found.mark.operation : null)
  }
  const step = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const next = here < 0 ? (by > 0 ? 0 : inOrder.length - 1) : here + by
    const operation = inOrder[Math.max(0, Math.min(next, inOrder.length - 1))]
    if (operation !== undefined) choose(operation)
  }

  const sends = marks.filter(({ kind }) => kind === 'send').length
  const label = `${partition.name}: offsets ${lowest} to ${highest}; ${sends} sends and ${marks.length - sends} polls. Left and right step through them.`
  const ring = (mark: Mark) => {
    const { x: left, top, bottom } = at(mark)
    return <rect key={mark.first} x={left - 6} y={top - 6} width={12} height={bottom - top + 12} rx={6} />
  }
  return (
    <figure>
      <figcaption>{partition.name}</figcaption>
      <div
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={inOrder.length - 1}
        aria-valuenow={here}
        aria-valuetext={here < 0 ? 'none chosen' : told}
        onClick={nearest}
        onKeyDown={step}
      >
        <svg width={width} height={height} aria-hidden="true">
          <Axes x={x} y={y} width={width} />
          <Events {...props} x={x} />
          <g class="rows">
            {offsets.map(offset => (
              <line key={offset} x1={margin.left} x2={width - margin.right} y1={y(offset)} y2={y(offset)} />
            ))}
          </g>
          {picture.clients.map((client, index) => (
            <Client
              key={client}
              index={index}
              marks={marks.filter(({ operation }) => operations[operation]?.client === index)}
              {...{ operations, at }}
            />
          ))}
          <path
            class="homeless"
            d={partition.homeless
              .filter(operation => !hidden.has(operations[operation]?.client ?? -1))
              .map(operation => cross(rounded(x(operations[operation]?.end ?? 0)), height - margin.bottom + 8, 3))
              .join('')}
          />
          <g class="picked">{marks.filter(({ operation }) => picked.has(operation)).map(ring)}</g>
          <g class="current">{marks.filter(({ operation }) => operation === current).map(ring)}</g>
        </svg>
      </div>
    </figure>
  )
}

type Scale = { (value: number): number; ticks(count: number): number[] }

function Axes({ x, y, width }: { readonly x: Scale; readonly y: Scale; readonly width: number }) {
  const bottom = height - margin.bottom
  return (
    <g class="axes">
      {y
        .ticks(5)
        .filter(Number.isInteger)
        .map(offset => (
          <g key={offset}>
            <line x1={margin.left} x2={width - margin.right} y1={y(offset)} y2={y(offset)} />
            <text x={margin.left - 6} y={y(offset) + 4} text-anchor="end">
              {offset}
            </text>
          </g>
        ))}
      {x.ticks(Math.max(2, Math.floor(width / 110))).map(time => (
        <text key={time} x={x(time)} y={bottom + 28} text-anchor="middle">{`${time} ms`}</text>
      ))}
    </g>
  )
}

/** Rebalances are dotted lines, deaths dashed ones with a cross. */
function Events({ picture, hidden, x }: ChartProps & { readonly x: Scale }) {
  return (
    <g class="events">
      {picture.events.map(({ operation: index, kind }) => {
        const operation = picture.operations[index]
        if (operation === undefined || hidden.has(operation.client)) return null
        const left = rounded(x(operation.start))
        const isDeath = kind === 'crash'
        return (
          <g key={index} style={`stroke: ${looks(operation.client).colour}`}>
            <line
              x1={left}
              x2={left}
              y1={margin.top}
              y2={height - margin.bottom}
              stroke-dasharray={isDeath ? '7 4' : '1 4'}
            />
            {isDeath && <path d={cross(left, margin.top, 4)} />}
          </g>
        )
      })}
    </g>
  )
}

type ClientProps = {
  readonly index: number
  readonly marks: readonly Mark[]
  readonly operations: HistoryPicture['operations']
  readonly at: (mark: Mark) => { readonly x: number; readonly top: number; readonly bottom: number }
}

/** A client's marks as a few paths, so that thousands of them are no elements of their own. */
function Client({ index, marks, operations, at }: ClientProps) {
  const { colour, shape, dash } = looks(index)
  const sends = marks.filter(({ kind }) => kind === 'send')
  const polls = marks.filter(({ kind }) => kind === 'poll')
  const isDone = ({ operation }: Mark) => operations[operation]?.completed === 'ok'
  const shaped = (some: readonly Mark[]) =>
    some
      .map(mark => {
        const { x, top, bottom } = at(mark)
        return `${shape(x, top, size)}${bottom > top ? `M${x} ${top}V${bottom}` : ''}`
      })
      .join('')
  const way = polls.map((mark, step) => `${step === 0 ? 'M' : 'L'}${at(mark).x} ${at(mark).top}`).join('')
  const unsure = marks.filter(mark => !isDone(mark))
  return (
    <g class="client" style={`color: ${colour}`}>
      <path class="way" d={way} stroke-dasharray={dash} />
      <path class="send" d={shaped(sends.filter(isDone))} />
      <path class="poll" d={shaped(polls.filter(isDone))} />
      <path class="unsure" d={unsure.map(mark => `${shaped([mark])}${cross(at(mark).x, at(mark).top, 2)}`).join('')} />
    </g>
  )
}
