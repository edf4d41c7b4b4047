// A mutant: one small change of one source file. What it is called, and how it is applied to the text.
// This file stands alone: the threads in which mutants run load it before anything else.

/** One change. Positions are characters of the file as it was when the mutant was made. */
export type Mutant = {
  /** Relative to the project's root. */
  readonly file: string
  readonly line: number
  /** Which of the rules in rules.ts made it. */
  readonly rule: string
  readonly start: number
  readonly end: number
  readonly before: string
  readonly after: string
}

/** The source with the change. Throws when the text is not there any more: the mutant was made of another version. */
export function mutatedText(source: string, { file, line, rule, start, end, before, after }: Mutant): string {
  if (source.slice(start, end) === before) return `${source.slice(0, start)}${after}${source.slice(end)}`
  throw new Error(`${file}:${line} no longer has what the mutant (${rule}) changes: ${before}`)
}

/** One line for people: where, and what becomes of it. */
export function mutantLine({ file, line, rule, before, after }: Mutant): string {
  return `${file}:${line} ${rule}: ${oneLine(before)} → ${oneLine(after)}`
}

/** Names a mutant as long as its file stays as it is. */
export function mutantId({ file, start, end, after }: Mutant): string {
  return `${file}@${start}-${end}:${after}`
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  const shown = line.length > 90 ? `${line.slice(0, 60)} … ${line.slice(-25)}` : line
  return shown === '' ? '(nothing)' : shown
}
