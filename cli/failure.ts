// A finding as people read it: the sentence, the sequence, the two sides, the command that replays it, the file.
import { headline, sideBySide } from '../traces/render/failure.ts'
import { styled } from './screen.ts'
import type { NamedAccount } from './tasks.ts'

/** Where a finding comes from, and where its trace was written. */
export type Found = {
  /** What was given as `--subject`. */
  readonly subjectSpec: string
  /** Relative to where the command runs. */
  readonly path: string
  /** `seed 41207, run 318, shrunk from 64 operations to 6`. */
  readonly origin: string
}

/** The whole finding, in lines. */
export function findingLines(
  { verdict, lines, subjectName }: NamedAccount,
  { subjectSpec, path, origin }: Found,
): readonly string[] {
  const [first = '', ...more] = headline(verdict)
  const sides = sideBySide(verdict, subjectName)
  const option = subjectSpec === 'impl' ? '' : ` --subject ${shellWord(subjectSpec)}`
  return [
    styled(['bold', verdict.kind === 'violation' ? 'red' : 'yellow'], first),
    ...more,
    origin,
    '',
    ...lines,
    '',
    ...(sides.length === 0 ? [] : [...sides, '']),
    `replay   npx lockstep replay ${shellWord(path)}${option}`,
    `written  ${path}`,
  ]
}

/** A word that a shell takes as it is. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./][A-Za-z0-9_./:=@,+#-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
