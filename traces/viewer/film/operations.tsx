// The list of operations, with what each did and what the story says; the one that is selected can be reached with Tab.
import { useMemo, useRef } from 'preact/hooks'
import type { Film, Step } from '../../film/film.ts'
import { shortened } from '../shared/legible.ts'
import { reveal } from '../shared/reveal.ts'
import { Sign } from '../shared/sign.tsx'
import { useInSight } from '../shared/use-in-sight.ts'
import { linkTo } from './selection.ts'

export function Operations({
  film,
  step,
  onStep,
}: {
  readonly film: Film
  readonly step: number
  readonly onStep: (step: number) => void
}) {
  const list = useRef<HTMLOListElement>(null)
  const bring = (): void => {
    const item = list.current?.children[step]
    if (list.current !== null && item instanceof HTMLElement) reveal(list.current, item)
  }
  useInSight(list, bring, [step])
  return (
    <nav class="operations" aria-label="Operations">
      <ol ref={list} start={0}>
        {Array.from({ length: Math.ceil(film.steps.length / blockSize) }, (_, block) => (
          <Block
            key={block}
            film={film}
            from={block * blockSize}
            selected={Math.floor(step / blockSize) === block ? step : null}
            onStep={onStep}
          />
        ))}
      </ol>
    </nav>
  )
}

/** So many operations are looked at again together when one of them is selected; the others are left alone. */
const blockSize = 16

function Block({
  film,
  from,
  selected,
  onStep,
}: {
  readonly film: Film
  readonly from: number
  /** Null: none of these is. */
  readonly selected: number | null
  readonly onStep: (step: number) => void
}) {
  return useMemo(
    () => (
      <>
        {film.steps.slice(from, from + blockSize).map((one, place) => (
          <Operation
            key={place}
            step={one}
            index={from + place}
            isSelected={from + place === selected}
            isDivergence={from + place === film.verdict.step}
            onStep={onStep}
          />
        ))}
      </>
    ),
    [film, from, selected, onStep],
  )
}

type ItemProps = {
  readonly step: Step
  readonly index: number
  readonly isSelected: boolean
  readonly isDivergence: boolean
  readonly onStep: (step: number) => void
}

function Operation({ step, index, isSelected, isDivergence, onStep }: ItemProps) {
  return useMemo(
    () => (
      <li class={isSelected ? 'selected' : undefined}>
        {step.comment === null ? null : <p class="comment">{step.comment}</p>}
        <a
          href={linkTo(index)}
          tabIndex={isSelected ? 0 : -1}
          aria-current={isSelected ? 'step' : undefined}
          onClick={event => {
            event.preventDefault()
            onStep(index)
          }}
        >
          <span class="number">{index}</span>
          <span class="what">
            <span class="operation">{shortened(step.operation, 400)}</span>
            {isDivergence ? (
              <strong class="here">
                <Sign name="cross" /> here the claim breaks
              </strong>
            ) : null}
            {step.did.map((line, place) => (
              <span key={place} class="did">
                {shortened(line, 400)}
              </span>
            ))}
          </span>
        </a>
      </li>
    ),
    [step, index, isSelected, isDivergence, onStep],
  )
}
