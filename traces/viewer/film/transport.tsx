// Buttons and a slider that step through the film.
import type { Film } from '../../film/film.ts'
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
      <button
        type="button"
        disabled={step === 0}
        onClick={() => onStep(0)}
        aria-label="First step"
        title="First step (Home)"
      >
        <Sign name="first" />
      </button>
      <button
        type="button"
        disabled={step === 0}
        onClick={() => onStep(step - 1)}
        aria-label="Previous step"
        title="Previous step (←)"
      >
        <Sign name="previous" />
      </button>
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
      <button
        type="button"
        disabled={step === last}
        onClick={() => onStep(step + 1)}
        aria-label="Next step"
        title="Next step (→)"
      >
        <Sign name="next" />
      </button>
      <button
        type="button"
        disabled={step === last}
        onClick={() => onStep(last)}
        aria-label="Last step"
        title="Last step (End)"
      >
        <Sign name="last" />
      </button>
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
        <button
          type="button"
          disabled={!zooms.canShrink}
          onClick={() => onZoom(-1)}
          aria-label="Narrower columns"
          title="Narrower columns (−)"
        >
          <Sign name="minus" />
        </button>
        <button
          type="button"
          disabled={!zooms.canGrow}
          onClick={() => onZoom(1)}
          aria-label="Wider columns"
          title="Wider columns (+)"
        >
          <Sign name="plus" />
        </button>
      </span>
    </section>
  )
}
