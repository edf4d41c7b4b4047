// The options that several commands share, so that they are called and read alike everywhere.
import { Option } from 'commander'
import { scopeNames } from '../../traces/scope-names.ts'
import { oneOf, wholeNumber } from '../arguments.ts'

/** Node reads no more than 2^32 seeds apart; a larger one would silently be another. */
const seedMax = 2 ** 32 - 1

/** `--subject`: what runs beside the model. */
export function subjectOption(): Option {
  return new Option(
    '--subject <subject>',
    'what runs beside the model: impl, zoo:BUG, ./file.ts#export, exec:CMD, or (traces of one) broker:HOST:PORT',
  ).default('impl')
}

/** `--wire`: messages as bytes. */
export function wireOption(): Option {
  return new Option('--wire', 'scope cluster: every message goes as bytes through the codec').default(false)
}

/** `--json`: the report for programs. */
export function jsonOption(what = 'print one JSON object as the last line of stdout'): Option {
  return new Option('--json', what).default(false)
}

/** `--scope`; `what` says what is done without one. */
export function scopeOption(what: string): Option {
  return oneOf(new Option('--scope <scope>', what), scopeNames)
}

/** `--runs`. */
export function runsOption(what = 'how many runs'): Option {
  return new Option('--runs <number>', what).argParser(wholeNumber(1, 2 ** 40))
}

/** `--time`. */
export function timeOption(what = 'how long, instead of how many'): Option {
  return new Option('--time <seconds>', what).argParser(wholeNumber(1, 10_000_000))
}

/** `--seed`; `what` is what a seed repeats. */
export function seedOption(what: string): Option {
  return new Option('--seed <number>', `repeat ${what}; drawn when absent`).argParser(wholeNumber(0, seedMax))
}

/** `--workers`. */
export function workersOption(what = 'worker threads; as many as there are processors when absent'): Option {
  return new Option('--workers <number>', what).argParser(wholeNumber(1, 256))
}

/** `--timeout`, a minute when absent. */
export function timeoutOption(what: string): Option {
  return new Option('--timeout <seconds>', what).argParser(wholeNumber(1, 86_400)).default(60)
}
