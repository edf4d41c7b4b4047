// The picture of a recorded history: offset over time for each partition, and its anomalies, each with the operations that
// prove it.
import { render } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { HistoryPicture } from '../../history-picture.ts'
import { dataText } from '../shared/data.ts'
import { Anomalies } from './anomalies.tsx'
import { Chart } from './chart.tsx'
import { looks } from './shapes.ts'

const root = document.getElementById('page')
// The page is made of what history-picture.ts gives.
if (root !== null) render(<Page picture={JSON.parse(dataText()) as HistoryPicture} />, root)

function Page({ picture }: { readonly picture: HistoryPicture }) {
  const [chosen, setChosen] = useState<number | null>(fromHash)
  const [current, setCurrent] = useState<number | null>(null)
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set())
  const [charts, width] = useWidth()
  useEffect(() => {
    const follow = () => setChosen(fromHash())
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  const choose = (anomaly: number | null) => {
    setCurrent(null)
    history.replaceState(null, '', anomaly === null ? location.pathname : `#anomaly=${anomaly + 1}`)
    setChosen(anomaly)
  }
  const anomaly = chosen === null ? null : (picture.anomalies[chosen] ?? null)
  const picked = new Set(anomaly?.operations ?? [])
  const toggle = (client: number) => {
    const next = new Set(hidden)
    if (!next.delete(client)) next.add(client)
    setHidden(next)
  }
  const operation = current === null ? undefined : picture.operations[current]
  return (
    <main>
      <Heading picture={picture} />
      <Legend picture={picture} hidden={hidden} toggle={toggle} />
      <div class="columns">
        <section aria-label="Offsets over time">
          <div ref={charts} class="charts">
            {width > 0 &&
              picture.partitions.map(partition => (
                <Chart
                  key={partition.name}
                  {...{ picture, partition, width, hidden, picked, current }}
                  offsets={anomaly?.partition === partition.name ? anomaly.offsets : []}
                  choose={setCurrent}
                />
              ))}
          </div>
          <p class="current-line" role="status">
            {operation === undefined
              ? 'Click a mark, or step through a chart with the left and right keys.'
              : `line ${operation.line}: ${operation.text}`}
          </p>
        </section>
        <Anomalies picture={picture} chosen={chosen} choose={choose} show={setCurrent} />
      </div>
    </main>
  )
}

function Heading({ picture }: { readonly picture: HistoryPicture }) {
  const { name, note, verdict, headline, sentence, under, seen, operations } = picture
  return (
    <header>
      <h1>
        <span class={`verdict ${verdict}`}>{verdict}</span> {headline}
      </h1>
      {sentence !== '' && <p class="sentence">{sentence}</p>}
      <p class="soft">under {under}</p>
      <p class="soft">
        {name}
        {note === null ? '' : `, ${note}`}: {seen.operations} operations of {seen.clients} clients on {seen.partitions}{' '}
        partitions, {seen.acknowledged} records acknowledged, {seen.read} read.
        {operations.length < seen.operations &&
          ` Drawn are ${operations.length}: all that belong to an anomaly of the list, and every so many of the others.`}
        {picture.partitions.length < seen.partitions && ` Of the partitions ${picture.partitions.length} are drawn.`}
      </p>
    </header>
  )
}

type LegendProps = {
  readonly picture: HistoryPicture
  readonly hidden: ReadonlySet<number>
  readonly toggle: (client: number) => void
}

function Legend({ picture, hidden, toggle }: LegendProps) {
  return (
    <div class="legend">
      {picture.clients.map((client, index) => {
        const { colour, shape } = looks(index)
        return (
          <button key={client} type="button" aria-pressed={!hidden.has(index)} onClick={() => toggle(index)}>
            <svg width={30} height={14} aria-hidden="true" style={`color: ${colour}`} class="client">
              <path class="send" d={shape(8, 7, 4)} />
              <path class="poll" d={shape(22, 7, 4)} />
            </svg>
            {client}
          </button>
        )
      })}
      <span class="soft">
        filled: sends, hollow: polls; crossed: failed or unknown; dotted upright: a rebalance, dashed: a client ends
      </span>
    </div>
  )
}

/** The width of an element, as it changes. */
function useWidth() {
  const element = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (element.current === null) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [])
  return [element, width] as const
}

/** `#anomaly=3` is the third one. */
function fromHash(): number | null {
  const [, number] = /^#anomaly=([1-9]\d*)$/.exec(location.hash) ?? []
  return number === undefined ? null : Number(number) - 1
}
