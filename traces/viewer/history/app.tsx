// The whole page: what is selected, which part of time is in sight, and everything that shows it.
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { HistoryPicture } from '../../history-picture.ts'
import { useAddress, useKeys } from '../shared/steering.ts'
import { Anomalies } from './anomalies.tsx'
import { Chart } from './chart.tsx'
import { Heading } from './heading.tsx'
import { Help } from './help.tsx'
import { Lanes } from './lanes.tsx'
import { hasOffset, leftOf } from './layout.ts'
import { Legend } from './legend.tsx'
import { Operations } from './operations.tsx'
import {
  atAnomaly,
  firstShown,
  linkTo,
  nextAnomaly,
  type Selection,
  selectionOfKey,
  selectionOfLink,
} from './selection.ts'
import { Transport } from './transport.tsx'
import { nearer, wholeTime, zooms } from './view.ts'

/** `command` is what verifies the history, as it must be typed. */
export function App({ picture, command }: { readonly picture: HistoryPicture; readonly command: string }) {
  const [selection, select] = useState<Selection>(() => selectionOfLink(location.hash, picture) ?? firstShown(picture))
  const [level, setLevel] = useState(0)
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set())
  const [helps, showHelp] = useState(false)
  const [charts, width] = useWidth()
  const whole = useMemo(() => wholeTime(picture), [picture])
  const middle = picture.operations[selection.operation]?.end ?? whole.from
  // With everything in sight nothing moves.
  const view = useMemo(
    () => nearer(whole, zooms[level] ?? 1, level === 0 ? whole.from : middle),
    [whole, level, middle],
  )
  const zoomBy = useCallback((by: number) => setLevel(now => Math.max(0, Math.min(zooms.length - 1, now + by))), [])
  const onOperation = useCallback((operation: number) => select(now => ({ ...now, operation })), [])
  const onAnomaly = useCallback((anomaly: number) => select(atAnomaly(picture, anomaly)), [picture])
  const toggle = useCallback((client: number) => setHidden(now => toggled(now, client)), [])
  const follow = useCallback(
    (hash: string) => {
      const linked = selectionOfLink(hash, picture)
      if (linked !== null) select(linked)
    },
    [picture],
  )
  useAddress(picture.operations.length === 0 ? null : linkTo(picture, selection), follow)
  const leads = (key: string, from: Selection): Selection | null => selectionOfKey(key, from, picture)
  useKeys({ selection, select, leads, zoomBy, showHelp, scrolling: /^Page/ })
  useTroubleInSight(picture, selection, width > 0)
  const left = useMemo(() => leftOf(picture, width), [picture, width])
  const frame = useMemo(() => ({ view, left, width }), [view, left, width])
  const shared = { picture, frame, hidden, selection, onOperation, onAnomaly }
  const operation = picture.operations[selection.operation]
  return (
    <div class="app">
      <Heading picture={picture} command={command} onHelp={() => showHelp(true)} />
      <Transport
        {...{ picture, selection, onOperation, onAnomaly }}
        onClear={() => select({ ...selection, anomaly: null })}
        onAnomalyStep={by => select(nextAnomaly(selection, picture, by) ?? selection)}
        onZoom={zoomBy}
        level={level}
      />
      <div class="below">
        <main aria-label="Offsets over time">
          <Legend picture={picture} hidden={hidden} onToggle={toggle} />
          <div ref={charts}>
            {width > 0 ? <Lanes {...shared} /> : null}
            {width > 0
              ? picture.partitions.map(partition => <Chart key={partition.name} partition={partition} {...shared} />)
              : null}
          </div>
        </main>
        <aside>
          <Anomalies {...{ picture, selection, onAnomaly, onOperation }} />
          <Operations {...{ picture, selection, onOperation }} />
        </aside>
      </div>
      <p class="unseen" role="status" aria-live="polite">
        {operation === undefined ? '' : `Line ${operation.line}: ${operation.text}`}
      </p>
      <Help isOpen={helps} onClose={() => showHelp(false)} />
    </div>
  )
}

function toggled(set: ReadonlySet<number>, item: number): ReadonlySet<number> {
  const next = new Set(set)
  if (!next.delete(item)) next.add(item)
  return next
}

/** The chart of a chosen anomaly is brought into sight; without one nothing scrolls. */
function useTroubleInSight(picture: HistoryPicture, { anomaly }: Selection, isDrawn: boolean): void {
  useLayoutEffect(() => {
    const chosen = anomaly === null ? undefined : picture.anomalies[anomaly]
    if (chosen === undefined || !isDrawn) return
    document.querySelector(hasOffset(chosen) ? '.chart.troubled' : '.lanes')?.scrollIntoView({ block: 'nearest' })
  }, [picture, anomaly, isDrawn])
}

/** The width of an element, as it changes. */
function useWidth() {
  const element = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    if (element.current === null) return
    setWidth(element.current.clientWidth)
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [])
  return [element, width] as const
}
