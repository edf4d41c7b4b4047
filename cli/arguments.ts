// How values of options are read.
import { type Argument, InvalidArgumentError, type Option } from 'commander'
import { meantText } from './nearest.ts'

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

/** Lets an option or argument be one of these names, and asks after the one that was meant. */
export function oneOf<T extends Option | Argument>(taker: T, names: readonly string[]): T {
  taker.choices([...names])
  taker.argParser((name: string) => {
    if (names.includes(name)) return name
    throw new InvalidArgumentError(meantText(name, names, 'The choices are'))
  })
  return taker
}
