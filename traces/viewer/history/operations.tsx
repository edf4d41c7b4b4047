// The operations around the one that is selected, as a list.
import { useRef } from 'preact/hooks'
import type { HistoryPicture } from '../../history-picture.ts'
import { shortened } from '../shared/legible.ts'
import { reveal } from '../shared/reveal.ts'
import { useInSight } from '../shared/use-in-sight.ts'
import { type Selection, stepLink } from './selection.ts'
import { clientLook } from './shapes.ts'

/** So many before and after: a list of thousands would cost more than the rest of the page. */
const around = 60

type Props = {
  readonly picture: HistoryPicture
  readonly selection: Selection
  readonly onOperation: (operation: number) => void
}

export function Operations({ picture, selection, onOperation }: Props) {
  const { operation: at, anomaly } = selection
  const list = useRef<HTMLOListElement>(null)
  const first = Math.max(0, at - around)
  const shown = picture.operations.slice(first, at + around + 1)
  const bring = (): void => {
    const item = list.current?.children[at - first]
    if (list.current !== null && item instanceof HTMLElement) reveal(list.current, item)
  }
  useInSight(list, bring, [at, first])
  const proof = anomaly === null ? [] : (picture.anomalies[anomaly]?.operations ?? [])
  return (
    <nav class="operations" aria-label="Operations">
      <h2>
        Operations{' '}
        {shown.length < picture.operations.length ? (
          <span class="soft">
            {first + 1} to {first + shown.length}
          </span>
        ) : null}
      </h2>
      <ol class="scroller" ref={list} start={first + 1}>
        {shown.map(({ line, text, client }, place) => {
          const index = first + place
          return (
            <li key={index} class={proof.includes(index) ? 'proves' : undefined}>
              <a
                href={stepLink(picture, index)}
                tabIndex={index === at ? 0 : -1}
                aria-current={index === at ? 'step' : undefined}
                style={{ borderLeftColor: clientLook(client).colour }}
                onClick={event => {
                  event.preventDefault()
                  onOperation(index)
                }}
              >
                <span class="number">{line}</span> {shortened(text, 300)}
              </a>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
