// The list of operations, with what each did and what the story says; the one that is selected can be reached with Tab.
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import type { Film, Step } from '../../film/film.ts'
import { shortened } from '../shared/legible.ts'
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
  useLayoutEffect(() => {
    const item = list.current?.children[step]
    if (list.current !== null && item instanceof HTMLElement) reveal(list.current, item)
  }, [step])
  return (
    <nav class="operations" aria-label="Operations">
      <ol ref={list} start={0}>
        {film.steps.map((one, index) => (
          <Operation
            key={index}
            step={one}
            index={index}
            isSelected={index === step}
            isDivergence={index === film.verdict.step}
            onStep={onStep}
          />
        ))}
      </ol>
    </nav>
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
            {isDivergence ? <strong class="here">✕ here the claim breaks</strong> : null}
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

/** Only the list itself scrolls, never the page. */
function reveal(list: HTMLElement, item: HTMLElement): void {
  const top = item.offsetTop - list.offsetTop
  const bottom = top + item.offsetHeight
  if (top < list.scrollTop) list.scrollTop = top - 8
  else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight + 8
}
