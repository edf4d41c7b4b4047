// One replica's log: records as cells, coloured by leader epoch, and below them where the log starts, what is synced, the high
// watermark and the end.
import { useMemo } from 'preact/hooks'
import type { RecordScene } from '../../film/film.ts'
import { shortened } from '../shared/legible.ts'
import type { StripRow } from './layout/partitions.ts'
import {
  type Axis,
  type Cell,
  cellsOf,
  type MarkerKind,
  type Markers,
  markersOf,
  type Pin,
  pinsOf,
} from './layout/strips.ts'

const colours = 7
const cellGap = 2
const cellPadding = 14
const cellCharacter = 7
const labelCharacter = 6.2
const lineHeight = 16
/** Right of what is no wider than this a label has room: a laptop shows so much of a log at once. */
export const stripRoom = 800

export function Strip({
  row,
  axis,
  cellWidth,
}: {
  readonly row: StripRow
  readonly axis: Axis
  readonly cellWidth: number
}) {
  const { log, before, other } = row
  return useMemo(
    () => <Drawn row={row} axis={axis} cellWidth={cellWidth} />,
    // Rows are made anew for each step, their logs are not.
    [log, before, other, axis, cellWidth],
  )
}

function Drawn({ row, axis, cellWidth }: { readonly row: StripRow; readonly axis: Axis; readonly cellWidth: number }) {
  const cells = cellsOf(row, axis)
  const places = markersOf(row, axis)
  const ticks = places.map(place => ({
    left: place.left * cellWidth,
    width: labelOf(place).length * labelCharacter + 14,
  }))
  const pins = pinsOf(ticks, Math.max(stripRoom, axis.width * cellWidth))
  const height = lineHeight * (Math.max(0, ...pins.map(pin => pin.line)) + 1)
  const width = Math.max(axis.width * cellWidth, ...pins.map(pin => pin.left + pin.width)) + 4
  return (
    <figure class="strip" aria-label={spoken(row)} style={{ width: `${width}px` }}>
      <Replaced cells={cells} cellWidth={cellWidth} />
      <div
        class={axis.columns.length === 0 ? 'cells empty' : 'cells'}
        style={{ width: `${Math.max(54, axis.width * cellWidth)}px` }}
      >
        {cells.map((cell, index) => (
          <StripCell
            key={cell.column.from}
            cell={cell}
            place={placed(cell, cells[index - 1] ?? null, cellWidth)}
            cellWidth={cellWidth}
          />
        ))}
        {places.map(place => (
          <i key={place.left} class={`tick ${strongest(place)}`} style={{ left: `${place.left * cellWidth}px` }} />
        ))}
      </div>
      <div class="pins" style={{ height: `${height}px` }}>
        {places.map((place, index) => (
          <span key={place.left} class="pin" style={styleOf(pins[index], width)}>
            {place.markers.map(marker => (
              <span
                key={marker.kind}
                class={`marker ${classes[marker.kind]}${marker.was === null ? '' : ' changed'}`}
                title={marker.was === null ? marker.kind : `${marker.kind}, was ${marker.was}`}
              >
                {shortNames[marker.kind]}{' '}
              </span>
            ))}
            {place.markers.at(-1)?.offset}
          </span>
        ))}
      </div>
    </figure>
  )
}

// Cells stand in a row and clip nothing: hundreds of clipped boxes with places of their own take a browser longer to paint than
// a step may take. So their texts are cut to what fits.
function StripCell({
  cell,
  place,
  cellWidth,
}: {
  readonly cell: Cell
  readonly place: Place
  readonly cellWidth: number
}) {
  switch (cell.kind) {
    case 'record': {
      const { record, isNew, isBelowStart, differs, opensEpoch } = cell
      const classes = `cell record epoch-${record.leaderEpoch % colours}${isNew ? ' new' : ''}${isBelowStart ? ' unread' : ''}${differs ? ' differs' : ''}`
      const says = isBelowStart ? `below the log start: no longer read\n${record.details}` : record.details
      return (
        <div class={classes} style={place} title={says}>
          {opensEpoch ? <b>e{record.leaderEpoch}</b> : null}
          <small>{record.offset}</small> {fitting(record, cellWidth)}
        </div>
      )
    }
    case 'gone':
      return (
        <div class="cell gone" style={place} title={`removed by this step:\n${cell.record.details}`}>
          <b>cut</b>
          <small>{cell.record.offset}</small> <s>{fitting(cell.record, cellWidth)}</s>
        </div>
      )
    case 'missing':
      return (
        <div class="cell missing" style={place} title="the other side has a record here">
          <b>≠</b>
          <small>{cell.column.from}</small> none
        </div>
      )
    case 'elided':
      return (
        <div
          class={cell.isBelowStart ? 'cell elided unread' : 'cell elided'}
          style={place}
          title={`${cell.count} records that are left out for room${cell.isBelowStart ? ', below the log start' : ''}`}
        >
          … {cell.count} …
        </div>
      )
  }
}

/** What was cut where other records are now, above them. */
function Replaced({ cells, cellWidth }: { readonly cells: readonly Cell[]; readonly cellWidth: number }) {
  const replacing = cells.filter(cell => cell.kind === 'record').filter(cell => cell.replaced !== null)
  if (replacing.length === 0) return null
  return (
    <div class="replaced">
      {replacing.map((cell, index) => (
        <div
          key={cell.column.from}
          class="cell gone"
          style={placed(cell, replacing[index - 1] ?? null, cellWidth)}
          title={`removed by this step:\n${cell.replaced?.details}`}
        >
          <b>cut e{cell.replaced?.leaderEpoch}</b>
          <s>{cell.replaced === null ? '' : fitting(cell.replaced, cellWidth)}</s>
        </div>
      ))}
    </div>
  )
}

type Place = { readonly marginLeft: string; readonly width: string }

/** Where a cell stands, right of the one before it. */
function placed({ column }: Cell, before: Cell | null, cellWidth: number): Place {
  const room = column.left - (before === null ? 0 : before.column.left + before.column.width)
  return { marginLeft: `${room * cellWidth}px`, width: `${column.width * cellWidth - cellGap}px` }
}

/** Those that run left are held at their ends: only a browser knows how wide a text is. */
function styleOf(pin: Pin | undefined, stripWidth: number) {
  if (pin === undefined) return undefined
  const { left, width, runsLeft, line } = pin
  const top = `${line * lineHeight}px`
  return runsLeft ? { right: `${stripWidth - left - width}px`, top } : { left: `${left}px`, top }
}

function fitting({ offset, text }: RecordScene, cellWidth: number): string {
  return shortened(text, Math.floor((cellWidth - cellPadding) / cellCharacter) - `${offset}`.length)
}

/** The shapes of markers, explained once above the logs. */
export function MarkerLegend() {
  return (
    <p class="soft">
      <span class="marker start">log start</span>, <span class="marker synced">synced up to</span>,{' '}
      <span class="marker high-watermark">high watermark</span>, <span class="marker end">log end</span> (exclusive);{' '}
      <span class="sample new">new</span> in this step, <span class="sample gone">removed</span> by it;{' '}
      <span class="sample unread">below the log start</span>; e3: leader epoch 3
    </p>
  )
}

const classes: Readonly<Record<MarkerKind, string>> = {
  start: 'start',
  synced: 'synced',
  'high watermark': 'high-watermark',
  end: 'end',
}
const shortNames: Readonly<Record<MarkerKind, string>> = {
  start: 'start',
  synced: 'synced',
  'high watermark': 'HW',
  end: 'end',
}

/** Only its length matters. */
function labelOf({ markers }: Markers): string {
  return `${markers.map(({ kind }) => `▲ ${shortNames[kind]} `).join('')}${markers.at(-1)?.offset}`
}

/** Of markers at one place the tick is drawn for the one that says most. */
function strongest({ markers }: Markers): string {
  const kinds = markers.map(marker => marker.kind)
  const kind = (['high watermark', 'end'] as const).find(one => kinds.includes(one)) ?? kinds[0] ?? 'start'
  return classes[kind]
}

function spoken({ lane, side, log }: StripRow): string {
  const who = side === null ? lane : `${lane}, ${side}`
  if (log === null) return `Log of ${who}: none any more`
  const synced = log.syncedOffset === null ? '' : `, synced up to ${log.syncedOffset}`
  const below = log.records.filter(({ offset }) => offset < log.logStartOffset).length
  const unread = below === 0 ? '' : `, ${below} of them below the log start`
  return `Log of ${who}: starts at ${log.logStartOffset}, ends before ${log.logEndOffset}, high watermark ${log.highWatermark}${synced}, ${log.records.length} records${unread}`
}
