// `lockstep replay` of an abstract specification's trace: each action in turn, and the invariant that the last one breaks.
import { replayAbstract } from '../properties/explore/replay.ts'
import { specOf } from '../properties/explore/specs.ts'
import { operationLine } from '../properties/explore/told.ts'
import type { AbstractTrace } from '../traces/abstract.ts'
import { TraceError } from '../traces/read.ts'
import { abstractLines } from '../traces/render/abstract.ts'
import { counted } from '../traces/render/failure.ts'
import { exitCodes } from './exit.ts'
import { unexpectedText } from './expected.ts'
import { printJson, say, styled } from './screen.ts'

/** Replays a trace; gives the exit code of what it found. Throws `TraceError` when an operation does not apply. */
export function replayAbstractTrace(path: string, trace: AbstractTrace, json: boolean): number {
  const { setup, operations, expect } = trace
  // A trace that is about one invariant may break another one on its way.
  const invariants = 'claim' in expect && expect.claim !== undefined ? [expect.claim] : null
  const { verdict } = replayAbstract(specOf({ ...setup, invariants }), operations)
  if (verdict.kind === 'impossible') {
    const operation = operations[verdict.step]
    throw new TraceError(
      `${path}: the operation at index ${verdict.step} (${operation === undefined ? '' : operationLine(operation)}) ` +
        `does not apply there. What applies: ${verdict.possible.join('; ') || 'nothing'}.`,
    )
  }
  const claim = verdict.kind === 'violation' ? verdict.invariant : null
  say(
    claim === null
      ? styled(
          ['bold', 'green'],
          `agree      every invariant of ${setup.spec} holds after ${counted(operations.length, 'operation')}`,
        )
      : styled(['bold', 'red'], `violation  ${claim}, under ${setup.spec}`),
    ...(trace.note === undefined ? [] : [trace.note]),
    '',
    ...abstractLines(trace),
    '',
  )
  const shown = claim === null ? ({ kind: 'agree' } as const) : ({ kind: 'violation', claim } as const)
  const unexpected = unexpectedText(shown, expect, 'all hold')
  if (unexpected !== null) say(unexpected)
  if (json)
    printJson({
      trace: path,
      verdict: verdict.kind,
      scope: trace.scope,
      expected: unexpected === null,
      detail: verdict,
    })
  return claim === null ? exitCodes.agree : exitCodes.violation
}
