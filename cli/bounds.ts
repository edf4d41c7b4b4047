// `--bound name=value`, as often as one likes.
import type { BoundRange, Bounds } from '../properties/explore/specs.ts'
import { UsageError } from './exit.ts'
import { nearest } from './nearest.ts'

/** Every bound, as given or as usual. Throws `UsageError`. */
export function boundsFrom(given: readonly string[], ranges: readonly BoundRange[]): Bounds {
  const bounds = Object.fromEntries(ranges.map(({ name, usual }) => [name, usual]))
  for (const text of given) {
    const [name = '', value = ''] = text.split('=', 2)
    const range = ranges.find(known => known.name === name)
    if (range === undefined) {
      const usual = ranges.map(known => `${known.name}=${known.usual}`).join(', ')
      const meant = nearest(
        name,
        ranges.map(known => known.name),
      )
      const advice = meant === null ? `The bounds and their usual values: ${usual}.` : `Did you mean ${meant}?`
      throw new UsageError(`there is no bound ${name || text}. ${advice}`)
    }
    const number = Number(value)
    if (!/^\d+$/.test(value) || number < range.least || number > range.most) {
      throw new UsageError(
        `the bound ${name} must be a whole number from ${range.least} to ${range.most}, not "${value}".`,
      )
    }
    bounds[name] = number
  }
  return bounds
}

/** `replicas=3, logSize=2`. */
export function boundsText(bounds: Bounds): string {
  return Object.entries(bounds)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')
}
