// An abstract specification's trace as text: one line for each action, with what it changed.
import { replayAbstract } from '../../properties/explore/replay.ts'
import { specOf } from '../../properties/explore/specs.ts'
import { operationLine } from '../../properties/explore/told.ts'
import type { AbstractTrace } from '../abstract.ts'
import { shortened } from './words.ts'

const actionWidth = 56
const changesWidth = 120

/** One line for each operation as far as they apply. */
export function abstractLines({ setup, operations }: AbstractTrace): readonly string[] {
  const { changes } = replayAbstract(specOf({ ...setup, invariants: null }), operations)
  const width = String(operations.length).length + 1
  return changes.map((changed, index) => {
    const operation = operations[index]
    const line = operation === undefined ? '' : operationLine(operation)
    return `${String(index + 1).padStart(width)}  ${line.padEnd(actionWidth)}  ${shortened(changed.join('; '), changesWidth)}`
  })
}
