// Everything for people goes to stderr: lines, colours where the terminal wants them, and one line of progress that is
// drawn over itself on a terminal, or said now and then in a log.
import { styleText } from 'node:util'

const stderr = process.stderr
/** In a log, progress is said this often. */
const plainIntervalMs = 10_000
const drawnIntervalMs = 200

type Style = Parameters<typeof styleText>[0]

/** Text in a style, unless NO_COLOR or the stream says otherwise. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: stderr })
}

/** Prints lines to stderr. */
export function say(...lines: readonly string[]): void {
  if (lines.length > 0) stderr.write(`${lines.join('\n')}\n`)
}

/** Prints one JSON object as the last line of stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

/** A line of progress. `update` may be called as often as one likes. */
export type Progress = { readonly update: (text: string) => void; readonly end: () => void }

/** Starts a line of progress; silent ones draw nothing. */
export function startProgress(now: () => number = performance.now.bind(performance)): Progress {
  const isDrawn = stderr.isTTY === true && (process.env.CI ?? '') === '' && process.env.TERM !== 'dumb'
  let last = isDrawn ? Number.NEGATIVE_INFINITY : now()
  return {
    update: text => {
      if (now() - last < (isDrawn ? drawnIntervalMs : plainIntervalMs)) return
      last = now()
      if (isDrawn) stderr.write(`\r\x1b[2K${text.slice(0, (stderr.columns ?? 80) - 1)}`)
      else say(text)
    },
    end: () => {
      if (isDrawn) stderr.write('\r\x1b[2K')
    },
  }
}
