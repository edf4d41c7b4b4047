// How values of options are read.
import { InvalidArgumentError } from 'commander'

/** Every value of an option that is given more than once. */
export function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

/** Reads a whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return text => {
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= least && number <= most) return number
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`)
  }
}
