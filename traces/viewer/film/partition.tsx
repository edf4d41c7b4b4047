// One partition: who leads it, who is in sync, and the log of every replica, one under the other along the same offsets.
import { useState } from 'preact/hooks'
import type { LogScene, PartitionScene } from '../../film/film.ts'
import { Sign } from '../shared/sign.tsx'
import { useKept } from '../shared/use-kept.ts'
import { Facts, Value } from './facts.tsx'
import { alike, type PartitionPanel, type StripRow } from './layout/partitions.ts'
import { axisOf, cellWidths } from './layout/strips.ts'
import { Strip, stripRoom } from './strip.tsx'

export function Partition({
  panel,
  initiallyOpen,
  subjectName,
}: {
  readonly panel: PartitionPanel
  readonly initiallyOpen: boolean
  readonly subjectName: string
}) {
  const [toggled, toggle] = useState<boolean | null>(null)
  const isOpen = toggled ?? initiallyOpen
  const { model, before, subject } = panel
  // Panels are made anew for each step; what they are made of is the same object as long as nothing changes.
  return useKept([isOpen, subjectName, model, before, subject, ...partsOf(panel.rows)], () => (
    <section class={panel.differs ? 'partition differs' : 'partition'} aria-label={panel.title}>
      <h3>
        <button type="button" class="fold" aria-expanded={isOpen} onClick={() => toggle(!isOpen)}>
          <Sign name={isOpen ? 'open' : 'closed'} /> {panel.title}
        </button>
        <Leadership now={panel.model} before={panel.before} />
        {panel.subject === null ? null : (
          <span class="subject-says">
            ≠ {subjectName}: <Leadership now={panel.subject} before={panel.subject} />
          </span>
        )}
      </h3>
      {isOpen ? <Logs rows={panel.rows} subjectName={subjectName} /> : <p class="soft">{summary(panel.rows)}</p>}
    </section>
  ))
}

function partsOf(rows: readonly StripRow[]): readonly unknown[] {
  return rows.flatMap(row => [row.lane, row.side, row.log, row.before, row.other])
}

function Leadership({ now, before }: { readonly now: PartitionScene | null; readonly before: PartitionScene | null }) {
  if (now === null) return null
  return (
    <ul class="facts">
      <li>
        <span class="name">leader</span>{' '}
        <Value value={now.leader ?? 'none'} was={before === null ? null : (before.leader ?? 'none')} />
      </li>
      <li>
        <span class="name">epoch</span>{' '}
        <Value value={`${now.leaderEpoch}`} was={before === null ? null : `${before.leaderEpoch}`} />
      </li>
      <li>
        <span class="name">in sync</span>{' '}
        <Value value={listed(now.inSyncReplicas)} was={before === null ? null : listed(before.inSyncReplicas)} />
      </li>
      <li>
        <span class="name">replicas</span>{' '}
        <Value value={listed(now.replicas)} was={before === null ? null : listed(before.replicas)} />
      </li>
    </ul>
  )
}

function Logs({ rows, subjectName }: { readonly rows: readonly StripRow[]; readonly subjectName: string }) {
  const [all, showAll] = useState(false)
  const { axis, cellWidth } = useKept([all, ...partsOf(rows)], () => {
    const wide = cellWidthFor(rows)
    return {
      axis: axisOf(rows, all ? Number.POSITIVE_INFINITY : Math.floor(stripRoom / wide - cellWidths.elided)),
      cellWidth: wide,
    }
  })
  const isElided = axis.columns.some(column => column.kind === 'elided')
  return (
    <div class="logs">
      {rows.map(row => (
        <LogRow key={`${row.lane} ${row.side}`} row={row} subjectName={subjectName}>
          <Strip row={row} axis={axis} cellWidth={cellWidth} />
        </LogRow>
      ))}
      {isElided || all ? (
        <button type="button" onClick={() => showAll(!all)}>
          {all ? 'Show fewer records' : 'Show all records'}
        </button>
      ) : null}
    </div>
  )
}

/** As wide as the longest record, within bounds. */
function cellWidthFor(rows: readonly StripRow[]): number {
  const records = rows.flatMap(row => [...(row.log?.records ?? []), ...(row.before?.records ?? [])])
  const longest = records.reduce((most, { offset, text }) => Math.max(most, `${offset} ${text}`.length), 0)
  return Math.max(56, Math.min(112, longest * 7 + 14))
}

function LogRow({
  row,
  subjectName,
  children,
}: {
  readonly row: StripRow
  readonly subjectName: string
  readonly children: preact.ComponentChildren
}) {
  const { lane, side, log, before, other } = row
  const theirs = other === 'alike' ? null : (other?.facts ?? [])
  // What both sides say is said once.
  const shownFacts = (log?.facts ?? []).filter(fact => side !== 'subject' || !theirs?.some(one => alike(one, fact)))
  return (
    <div class={side === null ? 'log' : `log ${side}`}>
      <div class="who">
        {side === 'subject' ? null : (
          <>
            <strong>{lane}</strong> <RoleName log={log} />
          </>
        )}{' '}
        {side === null ? null : <em>{side === 'model' ? 'model' : `≠ ${subjectName}`}</em>}
      </div>
      <div class="has">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls it with keys */}
        <section class="strip-view" tabIndex={0} aria-label={`Log of ${lane}`} data-scrolls="">
          {log === null ? <p class="soft">no log here{before === null ? '' : ' any more'}</p> : null}
          {children}
        </section>
        {log === null ? null : <Facts facts={shownFacts} before={before?.facts ?? null} other={theirs} />}
      </div>
    </div>
  )
}

function RoleName({ log }: { readonly log: LogScene | null }) {
  if (log === null || log.role === 'none') return null
  return (
    <span class={`role ${log.role}`}>
      {log.role === 'leader' ? <Sign name="star" /> : null} {log.role}
    </span>
  )
}

function summary(rows: readonly StripRow[]): string {
  return rows
    .map(({ lane, log }) =>
      log === null ? `${lane} –` : `${lane} ${log.logStartOffset}–${log.logEndOffset}, HW ${log.highWatermark}`,
    )
    .join(' · ')
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'nobody' : names.join(', ')
}
