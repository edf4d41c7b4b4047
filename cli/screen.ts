// Everything for people goes to stderr: lines, colours where the terminal wants them, and one line that is drawn over itself.
import { stripVTControlCharacters, styleText } from 'node:util'

const stderr = process.stderr

export type Style = Parameters<typeof styleText>[0]

/** Text in a style, unless NO_COLOR or the stream says otherwise; FORCE_COLOR says so whatever the stream is. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: stderr })
}

/** Of the headline of a verdict; whatever is neither agreement nor violation is a warning. */
export function verdictStyle(kind: string): Style {
  return ['bold', kind === 'agree' ? 'green' : kind === 'violation' ? 'red' : 'yellow']
}

/** Prints lines to stderr, above the line that is drawn. */
export function say(...lines: readonly string[]): void {
  if (lines.length === 0) return
  wipe()
  stderr.write(`${harmless(lines.join('\n'))}\n`)
}

/**
 * Traces, subjects and brokers are other people's: what they say may not steer the terminal. Colours and ends of lines stay,
 * every other control character stands there as Unicode's picture of it.
 */
export function harmless(text: string): string {
  return text.replace(steering, found => (found.length > 1 ? found : pictureOf(found)))
}

const steering = new RegExp(String.raw`${'\x1b'}\[[\d;]*m|(?![\n\t])\p{Cc}`, 'gu')

function pictureOf(control: string): string {
  const code = control.codePointAt(0) ?? 0
  return String.fromCodePoint(code < 0x20 ? 0x2400 + code : 0x2421)
}

/** Prints one JSON object as the last line of stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

/** Whether a line can be drawn over itself: on a terminal that can, in front of somebody. */
export function isDrawable(env: NodeJS.ProcessEnv = process.env): boolean {
  const isUnattended = !['', '0', 'false'].includes(env.CI ?? '')
  return stderr.isTTY === true && !isUnattended && env.TERM !== 'dumb'
}

/** How wide the terminal is at the moment. */
export function columns(): number {
  return stderr.columns ?? 80
}

/** How many columns the drawn line takes; 0 when there is none. */
let drawnWidth = 0

/** Draws a line over the one that was drawn before. */
export function draw(line: string): void {
  stderr.write(`${overDrawn()}${line}`)
  drawnWidth = stripVTControlCharacters(line).length
}

/** Takes the drawn line away, and leaves the cursor where it began. */
export function wipe(): void {
  if (drawnWidth === 0) return
  stderr.write(overDrawn())
  drawnWidth = 0
}

/** Goes back to where the drawn line began and clears it. A terminal that has become narrower since has folded it. */
function overDrawn(): string {
  const rows = Math.ceil(drawnWidth / columns())
  return rows > 1 ? `\r\x1b[${rows - 1}A\x1b[J` : '\r\x1b[2K'
}
