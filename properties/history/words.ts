// The words that sentences about histories share. A sentence names lines, since that is what somebody looks up.
import { lineOf } from './history.ts'

/** `line 7`, `lines 7, 9 and 12`; the first few of many. */
export function linesText(operations: readonly number[]): string {
  const lines = [...new Set(operations)].toSorted((a, b) => a - b).map(lineOf)
  const [first = 0] = lines
  if (lines.length === 1) return `line ${first}`
  const shown = lines.slice(0, linesShown)
  if (shown.length < lines.length) return `lines ${shown.join(', ')} and ${lines.length - shown.length} more`
  return `lines ${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

const linesShown = 6
const valueWidth = 40

/** A value between quotation marks, not too long, and with what a terminal would obey made harmless. */
export function valueText(value: string): string {
  const text = value.length <= valueWidth ? value : `${value.slice(0, valueWidth - 1)}…`
  return JSON.stringify(text)
}
