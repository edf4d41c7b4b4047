// Everything there is to say of the selected step.
import { useMemo, useState } from 'preact/hooks'
import type { Film, Message } from '../../film/film.ts'
import { Sign } from '../shared/sign.tsx'
import { Differences, Outcome, Verdict } from './comparison.tsx'
import { Groups } from './groups.tsx'
import { pathsOf } from './layout/differences.ts'
import { alike, type PartitionPanel, partitionPanels, sidesOf } from './layout/partitions.ts'
import { Messages } from './messages.tsx'
import { Nodes } from './nodes.tsx'
import { OutOfSight } from './out-of-sight.tsx'
import { Partition } from './partition.tsx'
import { MarkerLegend } from './strip.tsx'
import { Tree } from './tree.tsx'

/** With more partitions than this, only those are open that have something to say. */
const mostOpen = 6

/** What differs first; Kafka's own topics last, since a reader looks for theirs. */
function rank({ differs, title }: PartitionPanel): number {
  return differs ? 0 : isInternal(title) ? 2 : 1
}

function isInternal(title: string): boolean {
  return title.startsWith('__')
}

export function Details({
  film,
  replay,
  step,
  messages,
  onPoint,
}: {
  readonly film: Film
  readonly replay: string | null
  readonly step: number
  readonly messages: readonly Message[]
  readonly onPoint: (message: Message | null) => void
}) {
  const sides = useMemo(() => sidesOf(film, step), [film, step])
  const panels = useMemo(() => (sides === null ? [] : partitionPanels(film, sides)), [film, sides])
  const shown = film.steps[step]
  if (sides === null || shown === undefined) return null
  const subjectName = film.subject ?? 'subject'
  const isDivergence = step === film.verdict.step
  const logsDiffer = panels.some(panel => panel.differs)
  const differences = <Differences key={`d${step}`} differences={shown.differences} subjectName={subjectName} />
  const groups = (
    <OutOfSight key="groups">
      <Groups sides={sides} subjectName={subjectName} />
    </OutOfSight>
  )
  // Who looks at a rebalance does not look for it below logs that stayed as they were.
  const groupsFirst =
    !alike(sides.model.groups, sides.before?.groups) &&
    !panels.some(panel => panel.differs || (panel.changed && !isInternal(panel.title)))
  return (
    <div class="details">
      {isDivergence ? <Verdict film={film} replay={replay} /> : null}
      <h2 class="current">
        <span class="number">{step}</span> {shown.operation}
      </h2>
      {shown.did.length === 0 ? null : (
        <ul class="did">
          {shown.did.map((line, place) => (
            <li key={place}>{line}</li>
          ))}
        </ul>
      )}
      {film.subject !== null && shown.subject === null && film.scope !== 'service' && step > 0 ? (
        <p class="warning">{subjectName} showed nothing after this step.</p>
      ) : null}
      {logsDiffer ? null : differences}
      {groupsFirst ? groups : null}
      {panels.length === 0 ? null : (
        <section aria-label="Logs">
          <h2>Logs</h2>
          <MarkerLegend />
          {panels
            .toSorted((one, another) => rank(one) - rank(another))
            .map(panel => (
              <OutOfSight key={panel.title}>
                <Partition
                  panel={panel}
                  initiallyOpen={
                    panel.differs ||
                    (!isInternal(panel.title) && (panels.length <= mostOpen || (panel.changed && step > 0)))
                  }
                  subjectName={subjectName}
                />
              </OutOfSight>
            ))}
        </section>
      )}
      {logsDiffer ? differences : null}
      {groupsFirst ? null : groups}
      <OutOfSight key="after">
        <Outcome
          model={shown.outcome.model}
          subject={shown.outcome.subject}
          subjectName={film.subject}
          isLive={film.scope === 'service'}
        />
        <Messages messages={messages} step={step} onPoint={onPoint} />
      </OutOfSight>
      <OutOfSight key="nodes">
        <Nodes film={film} sides={sides} subjectName={subjectName} />
        <Observed key={`o${step}`} film={film} step={step} />
      </OutOfSight>
    </div>
  )
}

/** The raw observations. They are open where the sides differ, since there somebody wants to know all. */
function Observed({ film, step }: { readonly film: Film; readonly step: number }) {
  const shown = film.steps[step]
  const differing = pathsOf(shown?.differences ?? [])
  const [isOpen, open] = useState(differing.length > 0)
  if (shown === undefined) return null
  const subject = shown.subject === 'same' || shown.subject === null ? undefined : shown.subject.raw
  return (
    <section class="observed" aria-label="Everything that was observed">
      <h2>
        <button type="button" class="fold" aria-expanded={isOpen} onClick={() => open(!isOpen)}>
          <Sign name={isOpen ? 'open' : 'closed'} /> Everything that was observed
        </button>
      </h2>
      {isOpen ? (
        <>
          {subject === undefined ? null : (
            <p class="soft columns">
              <span>field</span>
              <span>model</span>
              <span>{film.subject}</span>
            </p>
          )}
          <Tree model={shown.model.raw} subject={subject} differing={differing} />
        </>
      ) : null}
    </section>
  )
}
