// How far a command has come: a bar with what matters beside it, drawn over itself on a terminal; elsewhere a line now and then.
import { columns, draw, isDrawable, type Style, say, styled, wipe } from './screen.ts'

/** In a log, progress is said this often. */
const plainIntervalMs = 10_000
const drawnIntervalMs = 200

/** Something to be said beside the bar. */
export type Part = {
  readonly text: string
  /** The same for a terminal that is narrow. */
  readonly short?: string
  readonly style?: Style
}

/** How far it is. */
export type Sofar = {
  /** From 0 to 1; null where nobody knows how much there is. */
  readonly done: number | null
  /** What matters most first: a narrow terminal shows only so many. */
  readonly parts: readonly Part[]
}

/** `end` takes the bar away; it may be called again. */
export type Progress = { readonly end: () => void }

/** Asks how far it is, again and again, and shows it until `end`. */
export function startProgress(sofar: () => Sofar): Progress {
  const isDrawn = isDrawable()
  const show = (): void => (isDrawn ? draw(barLine(sofar(), columns())) : say(plainLine(sofar())))
  const timer = setInterval(show, isDrawn ? drawnIntervalMs : plainIntervalMs)
  timer.unref()
  // Something that throws ends the process here, before Node says what it was.
  process.on('exit', wipe)
  if (isDrawn) show()
  return {
    end: () => {
      clearInterval(timer)
      process.off('exit', wipe)
      wipe()
    },
  }
}

/** Room for the `^C` that a terminal shows behind the line, which would fold it. */
const marginRight = 3
const barMost = 30
const barLeast = 8
const gap = '  '

/** One line that fits: in full beside a bar, or in short, or as much of it as there is room for; a bar in what is left. */
export function barLine({ done, parts }: Sofar, terminalColumns: number): string {
  const room = Math.max(0, terminalColumns - marginRight)
  const percent: readonly Part[] = done === null ? [] : [{ text: `${Math.floor(clamped(done) * 100)}%` }]
  const full = [...percent, ...parts]
  const short = full.map(part => ({ ...part, text: part.short ?? part.text }))
  const needed = widthOf(full) + (done === null ? 0 : barLeast + gap.length)
  const shown = needed <= room ? full : short.slice(0, fitting(short, room))
  const barWidth = Math.min(barMost, room - widthOf(shown) - gap.length)
  const texts = shown.map(({ text, style }) => (style === undefined ? text : styled(style, text)))
  const bar = done === null || barWidth < barLeast ? [] : [barOf(clamped(done), barWidth)]
  return [...bar, ...texts].join(gap)
}

/** The line for a log. */
export function plainLine({ done, parts }: Sofar): string {
  const percent = done === null ? '' : `${Math.floor(clamped(done) * 100)}%: `
  return `${percent}${parts.map(({ text }) => text).join(', ')}`
}

/** `12 s left`: what a progress says of the time that remains. */
export function leftPart(seconds: number): Part {
  const left = Math.max(0, Math.ceil(seconds))
  const minutes = Math.ceil(left / 60)
  const hours = Math.ceil(minutes / 60)
  if (left < 100) return { text: `${left} s left`, short: `${left}s left` }
  if (minutes < 100) return { text: `${minutes} min left`, short: `${minutes}m left` }
  return { text: `${hours} h left`, short: `${hours}h left` }
}

function fitting(parts: readonly Part[], room: number): number {
  let count = parts.length
  while (widthOf(parts.slice(0, count)) > room) count--
  return count
}

function widthOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { text }) => sum + text.length, 0) + Math.max(0, parts.length - 1) * gap.length
}

function barOf(done: number, width: number): string {
  const full = Math.round(done * width)
  return styled('cyan', '━'.repeat(full)) + styled('dim', '─'.repeat(width - full))
}

function clamped(done: number): number {
  return Math.min(1, Math.max(0, done))
}
