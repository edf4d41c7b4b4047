// A run that did not agree, as text: what was violated and when it holds, the sequence with what each operation did, and the
// two sides where they part.
import { shownPath } from '../../properties/compare.ts'
import { openLockstep } from '../../properties/lockstep.ts'
import type { SetupOf } from '../../properties/scope.ts'
import type { Difference, ScopeName, Scopes, Subject, Verdict } from '../../properties/verdict.ts'
import { claimTitle } from './claim-titles.ts'
import { did } from './did.ts'
import { operationLine } from './operation.ts'
import { shortened } from './words.ts'

/** How a run went, one line an operation, up to where it ended. */
export type Account = { readonly verdict: Verdict; readonly lines: readonly string[] }

const commandWidth = 52
const commandMost = 110
const didWidth = 110
const valueWidth = 48
const differencesShown = 8

/** Runs the operations and writes down what each did on the model's side. */
export function account<S extends ScopeName>(
  setup: SetupOf<S>,
  operations: readonly Scopes[S]['operation'][],
  subject: Subject<S>,
): Account {
  const lockstep = openLockstep(setup, subject, { labels: false })
  const width = String(operations.length).length + 1
  const lines: string[] = []
  let before = lockstep.start
  for (const [index, operation] of operations.entries()) {
    const step = lockstep.step(operation)
    if (step === null) break
    const what = did(setup.scope, before, step.model.observation, step.model.outcome).join('; ')
    const command = shortened(operationLine(setup.scope, operation), commandMost)
    const column = command.length <= commandWidth ? command.padEnd(commandWidth) : command
    lines.push(`${String(index + 1).padStart(width)}  ${column}  ${shortened(what, didWidth)}`.trimEnd())
    before = step.model.observation
    if (step.verdict !== null) break
  }
  return { verdict: lockstep.end().verdict, lines }
}

/** `violation  L1 acknowledged means kept`, the settings, and what was seen. */
export function headline(verdict: Verdict): readonly string[] {
  switch (verdict.kind) {
    case 'agree':
      return [`agree      the sides agree after ${counted(verdict.operations, 'operation')}`]
    case 'violation': {
      const under = verdict.settings.length === 0 ? [] : [`           under ${verdict.settings.join(', ')}`]
      return [`violation  ${claimTitle(verdict.claim)}`, ...under, `           ${verdict.sentence}`]
    }
    case 'unknown':
      return [`unknown    ${verdict.sentence}`]
  }
}

/** The two sides side by side where they part; nothing when they show the same. */
export function sideBySide(verdict: Verdict, subjectName: string): readonly string[] {
  if (verdict.kind !== 'violation' || verdict.differences.length === 0) return []
  const rows = verdict.differences.slice(0, differencesShown).map(differenceRow)
  const header = [`after ${verdict.step + 1}`, 'model', subjectName] as const
  const widths = [0, 1].map(column => Math.max(...[header, ...rows].map(row => row[column]?.length ?? 0)))
  const left = verdict.differences.length - rows.length
  return [
    ...[header, ...rows].map(row =>
      `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ')}`.trimEnd(),
    ),
    ...(left > 0 ? [`  and ${left} more`] : []),
  ]
}

/** `1 operation`, `2 operations`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function differenceRow({ path, model, subject }: Difference): readonly [string, string, string] {
  return [path === '' ? '(all)' : shownPath({ path }), valueText(model), valueText(subject)]
}

/** A value of one side, short enough for a column. */
export function valueText(value: unknown): string {
  return value === undefined ? 'missing' : shortened(JSON.stringify(value), valueWidth)
}
