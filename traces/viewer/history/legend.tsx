// Which shapes there are in this picture, and who has which colour. A client's button takes it out of the picture.
import { useMemo } from 'preact/hooks'
import type { Completed, OperationKind } from '../../../properties/history/history.ts'
import type { HistoryPicture } from '../../history-picture.ts'
import { clientLook, meaningOf, shapeOf } from './shapes.ts'

type Props = {
  readonly picture: HistoryPicture
  readonly hidden: ReadonlySet<number>
  readonly onToggle: (client: number) => void
}

const clientsMost = 30

export function Legend({ picture, hidden, onToggle }: Props) {
  const shapes = useMemo(() => shapesIn(picture), [picture])
  const left = picture.clients.length - clientsMost
  return (
    <section class="legend" aria-label="Legend">
      <ul class="meanings" aria-label="Shapes">
        {shapes.map(({ kind, completed, meaning }) => {
          const { path, isFilled } = shapeOf(kind, completed)
          return (
            <li key={meaning}>
              <svg viewBox="-8 -8 16 16" aria-hidden="true">
                <path class={isFilled ? 'mark filled' : 'mark'} d={path(0, 0)} />
              </svg>
              {meaning}
            </li>
          )
        })}
      </ul>
      <fieldset>
        <legend class="unseen">Clients that are drawn</legend>
        {picture.clients.slice(0, clientsMost).map((client, index) => (
          <button
            key={client}
            type="button"
            class="client"
            aria-pressed={!hidden.has(index)}
            title={hidden.has(index) ? `Draw ${client}` : `Leave ${client} out`}
            onClick={() => onToggle(index)}
          >
            <i style={{ background: clientLook(index).colour }} aria-hidden="true" />
            {client}
          </button>
        ))}
        {left > 0 ? <span class="soft">and {left} more</span> : null}
      </fieldset>
    </section>
  )
}

type Meaning = { readonly kind: OperationKind; readonly completed: Completed; readonly meaning: string }

/** Each once, in the order of how often they occur. */
function shapesIn({ operations }: HistoryPicture): readonly Meaning[] {
  const found = new Map<string, Meaning & { count: number }>()
  for (const { kind, completed } of operations) {
    const meaning = meaningOf(kind, completed)
    const known = found.get(meaning) ?? { kind, completed, meaning, count: 0 }
    known.count++
    found.set(meaning, known)
  }
  return [...found.values()].sort((a, b) => b.count - a.count)
}
