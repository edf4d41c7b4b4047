// Which step is selected: at first, by a link, by a key.
import type { Film } from '../../film/film.ts'

/**
 * The first divergence, since that is what somebody opens a failure for. Of a run that came to no verdict its last step, where
 * it stopped. A run that agrees is a tale, and begins with its first operation; before it there is nothing to see.
 */
export function firstShown({ verdict, steps }: Film): number {
  const last = steps.length - 1
  if (verdict.step !== null) return clamped(verdict.step, last)
  return verdict.kind === 'unknown' ? last : Math.min(1, last)
}

/** Of `#step=7`; one that is out of range is the nearest that there is. Null when it says nothing about a step. */
export function stepOfLink(hash: string, last: number): number | null {
  const number = /^#step=(-?\d+)$/.exec(hash)?.[1]
  return number === undefined ? null : clamped(Number(number), last)
}

export function linkTo(step: number): string {
  return `#step=${step}`
}

/** Where a key leads; null when it is not a key of ours. */
export function stepOfKey(key: string, current: number, film: Film): number | null {
  const last = film.steps.length - 1
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
    case 'j':
    case 'n':
      return clamped(current + 1, last)
    case 'ArrowLeft':
    case 'ArrowUp':
    case 'k':
    case 'p':
      return clamped(current - 1, last)
    case 'PageDown':
      return clamped(current + 10, last)
    case 'PageUp':
      return clamped(current - 10, last)
    case 'Home':
      return 0
    case 'End':
      return last
    case 'd':
      return film.verdict.step === null ? null : clamped(film.verdict.step, last)
    default:
      return null
  }
}

/** What a screen reader says of a step. */
export function announcement(film: Film, index: number): string {
  const step = film.steps[index]
  if (step === undefined) return ''
  const parts = [`Step ${index} of ${film.steps.length - 1}: ${step.operation}`, ...step.did]
  if (index === film.verdict.step) parts.push(`Here: ${film.verdict.title}`)
  else if (step.differences.length > 0) parts.push('The sides differ')
  return `${parts.join('. ')}.`
}

function clamped(step: number, last: number): number {
  return Math.max(0, Math.min(last, step))
}
