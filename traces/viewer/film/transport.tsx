// Buttons and a slider that step through the film.
import type { Film } from '../../film/film.ts'
import { Button } from '../shared/button.tsx'
import { shortened } from '../shared/legible.ts'
import { Sign } from '../shared/sign.tsx'

export function Transport({
  film,
  step,
  onStep,
  onZoom,
  zooms,
}: {
  readonly film: Film
  readonly step: number
  readonly onStep: (step: number) => void
  /** By so many levels. */
  readonly onZoom: (by: number) => void
  readonly zooms: { readonly canGrow: boolean; readonly canShrink: boolean }
}) {
  const last = film.steps.length - 1
  const { step: divergence } = film.verdict
  const operation = film.steps[step]?.operation ?? ''
  return (
    <section class="transport" aria-label="Steps">
      <Button name="First step" keys="Home" isOff={step === 0} onClick={() => onStep(0)} sign="first" />
      <Button name="Previous step" keys="←" isOff={step === 0} onClick={() => onStep(step - 1)} sign="previous" />
      <span class="slider">
        <input
          type="range"
          min={0}
          max={last}
          value={step}
          aria-label="Step"
          aria-valuetext={`${step}: ${shortened(operation, 80)}`}
          onInput={event => onStep(Number(event.currentTarget.value))}
        />
        {divergence === null || last === 0 ? null : (
          <i style={{ left: `calc(8px + (100% - 16px) * ${divergence / last})` }} aria-hidden="true" />
        )}
      </span>
      <Button name="Next step" keys="→" isOff={step === last} onClick={() => onStep(step + 1)} sign="next" />
      <Button name="Last step" keys="End" isOff={step === last} onClick={() => onStep(last)} sign="last" />
      <output>
        {step} of {last}
      </output>
      {divergence === null ? null : (
        <button
          type="button"
          class="jump"
          disabled={step === divergence}
          onClick={() => onStep(divergence)}
          title="To where the sides part (d)"
        >
          <Sign name="cross" /> <span>divergence at</span> {divergence}
        </button>
      )}
      <span class="zoom">
        <Button name="Narrower columns" keys="−" isOff={!zooms.canShrink} onClick={() => onZoom(-1)} sign="minus" />
        <Button name="Wider columns" keys="+" isOff={!zooms.canGrow} onClick={() => onZoom(1)} sign="plus" />
      </span>
    </section>
  )
}
