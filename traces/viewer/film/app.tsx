// The whole page: which step is selected, and everything that shows it.
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Film, Message } from '../../film/film.ts'
import { CopyLine } from '../shared/copy.tsx'
import { SchemeButton } from '../shared/scheme.tsx'
import { Sign, type SignName } from '../shared/sign.tsx'
import { useAddress, useKeys } from '../shared/steering.ts'
import { Details } from './details.tsx'
import { Diagram } from './diagram.tsx'
import { drawingOf } from './drawing.ts'
import { Help } from './help.tsx'
import { messagesByStep } from './messages.tsx'
import { Operations } from './operations.tsx'
import { printsInto } from './print.tsx'
import { announcement, firstShown, linkTo, stepOfKey, stepOfLink } from './selection.ts'
import { Transport } from './transport.tsx'

const zooms: readonly number[] = [0.35, 0.6, 1, 2, 4, 8]

/** `replay` is the command as it must be typed, which the film shows with signs for what cannot be seen. */
export function App({ film, replay }: { readonly film: Film; readonly replay: string | null }) {
  const last = film.steps.length - 1
  const [step, select] = useState(() => stepOfLink(location.hash, last) ?? firstShown(film))
  const [zoom, setZoom] = useState(2)
  const [helps, showHelp] = useState(false)
  const [pointed, point] = useState<Message | null>(null)
  const drawing = useMemo(() => drawingOf(film, zooms[zoom] ?? 1), [film, zoom])
  const byStep = useMemo(() => messagesByStep(film), [film])
  const zoomBy = useCallback((by: number) => setZoom(now => Math.max(0, Math.min(zooms.length - 1, now + by))), [])
  const follow = useCallback(
    (hash: string) => {
      const linked = stepOfLink(hash, last)
      if (linked !== null) select(linked)
    },
    [last],
  )
  useAddress(linkTo(step), follow)
  const leads = (key: string, from: number): number | null => stepOfKey(key, from, film)
  const scrolling = /^(ArrowUp|ArrowDown|Page)/
  useKeys({ selection: step, select, leads, zoomBy, showHelp, scrolling, onLed: staysOnSelected })
  const paper = useRef<HTMLDivElement>(null)
  const printed = useRef({ drawing, step })
  printed.current = { drawing, step }
  useEffect(() => (paper.current === null ? undefined : printsInto(paper.current, () => printed.current)), [])
  return (
    <div class="app">
      <Header film={film} replay={replay} onHelp={() => showHelp(true)} />
      <Diagram drawing={drawing} step={step} onStep={select} pointed={pointed} />
      <div class="paper" ref={paper} />
      <Transport
        film={film}
        step={step}
        onStep={select}
        onZoom={zoomBy}
        zooms={{ canGrow: zoom < zooms.length - 1, canShrink: zoom > 0 }}
      />
      <div class="below">
        <Operations film={film} step={step} onStep={select} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls it with keys */}
        <main tabIndex={0} data-scrolls="" aria-label={`Step ${step}`}>
          <Details film={film} replay={replay} step={step} messages={byStep[step] ?? []} onPoint={point} />
        </main>
      </div>
      <p class="unseen" role="status" aria-live="polite">
        {announcement(film, step)}
      </p>
      <Help isOpen={helps} onClose={() => showHelp(false)} />
    </div>
  )
}

function Header({
  film,
  replay,
  onHelp,
}: {
  readonly film: Film
  readonly replay: string | null
  readonly onHelp: () => void
}) {
  const { verdict, setup } = film
  const about = [
    film.name,
    `scope ${film.scope}`,
    film.origin,
    film.subject === null ? null : `model beside ${film.subject}`,
  ]
  return (
    <header>
      <div class="title">
        <h1>
          <span class={`badge ${verdict.kind}`}>
            <Sign name={badgeSigns[verdict.kind]} /> {verdict.kind}
          </span>{' '}
          {verdict.title}
        </h1>
        <p class="soft">{about.filter(one => one !== null).join(' · ')}</p>
      </div>
      <details class="more">
        <summary>Set-up{replay === null ? '' : ', replay'}</summary>
        <div class="sheet">
          {film.note === null ? null : <p>{film.note}</p>}
          <p>
            {verdict.title}
            {verdict.sentence === '' ? '' : `: ${verdict.sentence}`}
          </p>
          {replay === null ? null : <CopyLine text={replay} name="the replay command" />}
          <dl>
            {setup.map(({ name, value }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </div>
      </details>
      <SchemeButton />
      <button type="button" class="icon" onClick={onHelp} aria-label="Help" title="Keys (?)">
        <Sign name="question" />
      </button>
    </header>
  )
}

const badgeSigns: Readonly<Record<Film['verdict']['kind'], SignName>> = {
  agree: 'tick',
  violation: 'cross',
  unknown: 'question',
}

/** Who walks through the list with keys stays on the operation that is selected. */
function staysOnSelected(on: Element): void {
  if (on.closest('.operations') === null) return
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>('.operations [aria-current]')?.focus({ preventScroll: true }),
  )
}
