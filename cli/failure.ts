// A finding as people read it: the sentence, the sequence, the two sides, the command that replays it, the file.
import { headline, sideBySide } from '../traces/render/failure.ts'
import { styled } from './screen.ts'
import type { SubjectChoice } from './subject.ts'
import type { NamedAccount } from './tasks.ts'

/** Where a finding comes from, and where its trace was written. */
export type Found = {
  readonly choice: SubjectChoice
  /** Relative to where the command runs. */
  readonly path: string
  /** `seed 41207, run 318, shrunk from 64 operations to 6`. */
  readonly origin: string
  /** The command that runs it again; `lockstep replay` unless given. */
  readonly replay?: string
  /** How the file is called: `written` unless it was there before. */
  readonly fileIs?: 'written' | 'kept at' | 'not kept'
  /** Where its picture is, or why there is none; null when nothing was written that it could stand beside. */
  readonly picture: string | null
}

/** The whole finding, in lines. */
export function findingLines(
  { verdict, lines, subjectName }: NamedAccount,
  { choice, path, origin, picture, replay = replayCommand(path, choice), fileIs = 'written' }: Found,
): readonly string[] {
  const [first = '', ...more] = headline(verdict)
  const sides = sideBySide(verdict, subjectName)
  return [
    styled(['bold', verdict.kind === 'violation' ? 'red' : 'yellow'], first),
    ...more,
    origin,
    '',
    ...lines,
    '',
    ...(sides.length === 0 ? [] : [...sides, '']),
    `replay   ${replay}`,
    `${fileIs.padEnd(8)} ${path}`,
    ...(picture === null ? [] : [picture]),
  ]
}

/** The command that runs a trace again. */
export function replayCommand(path: string, choice: SubjectChoice): string {
  return `npx lockstep replay ${shellWord(path)}${subjectOptions(choice)}`
}

/** The line that says how to look at a trace. */
export function lookLine(path: string, choice: SubjectChoice): string {
  return `look     ${showCommand(path, choice)}`
}

/** The command that draws a trace or a story, which runs it. */
export function showCommand(path: string, choice: SubjectChoice): string {
  return `npx lockstep show ${shellWord(path)}${subjectOptions(choice)}`
}

/** The choice as a command line has it, behind the command: ` --subject zoo:x --wire`. */
export function subjectOptions({ subject, wire }: SubjectChoice): string {
  return `${subject === 'impl' ? '' : ` --subject ${shellWord(subject)}`}${wire ? ' --wire' : ''}`
}

/** A word that a shell takes as it is. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./][A-Za-z0-9_./:=@,+#-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
