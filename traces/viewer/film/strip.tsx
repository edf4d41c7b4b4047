// One replica's log: records as cells, coloured by leader epoch, and below them where the log starts, what is synced, the high
// watermark and the end.
import { useMemo } from 'preact/hooks'
import type { RecordScene } from '../../film/film.ts'
import { shortened } from '../shared/legible.ts'
import { Sign, type SignName } from '../shared/sign.tsx'
import type { StripRow } from './layout/partitions.ts'
import { type Axis, type Cell, cellsOf, linesOf, type MarkerKind, type Markers, markersOf } from './layout/strips.ts'

const colours = 7
const cellGap = 2
const cellPadding = 14
const cellCharacter = 7
const labelCharacter = 6.2
const lineHeight = 16

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
  const labels = places.map(place => ({
    left: place.left * cellWidth,
    width: labelOf(place).length * labelCharacter + 14,
  }))
  const lines = linesOf(labels)
  const height = lineHeight * (Math.max(0, ...lines) + 1)
  const width = Math.max(axis.width * cellWidth, ...labels.map(({ left, width: wide }) => left + wide))
  return (
    <figure class="strip" aria-label={spoken(row)} style={{ width: `${width + 4}px` }}>
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
          <span
            key={place.left}
            class="pin"
            style={{ left: `${place.left * cellWidth}px`, top: `${(lines[index] ?? 0) * lineHeight}px` }}
          >
            {place.markers.map(marker => (
              <span
                key={marker.kind}
                class={marker.was === null ? 'marker' : 'marker changed'}
                title={marker.was === null ? marker.kind : `${marker.kind}, was ${marker.was}`}
              >
                <Sign name={signs[marker.kind]} /> {shortNames[marker.kind]}{' '}
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
      const { record, isNew, differs, opensEpoch } = cell
      const classes = `cell record epoch-${record.leaderEpoch % colours}${isNew ? ' new' : ''}${differs ? ' differs' : ''}`
      return (
        <div class={classes} style={place} title={record.details}>
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
        <div class="cell elided" style={place} title={`${cell.count} records that are left out for room`}>
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

function fitting({ offset, text }: RecordScene, cellWidth: number): string {
  return shortened(text, Math.floor((cellWidth - cellPadding) / cellCharacter) - `${offset}`.length)
}

/** The shapes of markers, explained once above the logs. */
export function MarkerLegend() {
  return (
    <p class="soft">
      <Sign name={signs.start} /> log start, <Sign name={signs.synced} /> synced up to,{' '}
      <Sign name={signs['high watermark']} /> high watermark, <Sign name={signs.end} /> log end (exclusive);{' '}
      <span class="sample new">new</span> in this step, <span class="sample gone">removed</span> by it; e3: leader epoch
      3
    </p>
  )
}

const signs: Readonly<Record<MarkerKind, SignName>> = {
  start: 'left edge',
  synced: 'diamond',
  'high watermark': 'triangle',
  end: 'right edge',
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
  if (kinds.includes('high watermark')) return 'high-watermark'
  return kinds.includes('end') ? 'end' : (kinds[0] ?? 'start')
}

function spoken({ lane, side, log }: StripRow): string {
  const who = side === null ? lane : `${lane}, ${side}`
  if (log === null) return `Log of ${who}: none any more`
  const synced = log.syncedOffset === null ? '' : `, synced up to ${log.syncedOffset}`
  return `Log of ${who}: starts at ${log.logStartOffset}, ends before ${log.logEndOffset}, high watermark ${log.highWatermark}${synced}, ${log.records.length} records`
}
