// `lockstep replay` of an abstract specification's trace: each action in turn, and the invariant that the last one breaks.
import { type AbstractVerdict, replayAbstract } from '../properties/explore/replay.ts'
import { specOf } from '../properties/explore/specs.ts'
import { operationLine } from '../properties/explore/told.ts'
import type { AbstractTrace } from '../traces/abstract.ts'
import { TraceError } from '../traces/read.ts'
import { abstractLines } from '../traces/render/abstract.ts'
import { counted } from '../traces/render/failure.ts'
import { exitCodes } from './exit.ts'
import { unexpectedText } from './expected.ts'
import { lookLine } from './failure.ts'
import { printJson, say, styled } from './screen.ts'

/** Replays a trace; gives the exit code of what it found. Throws `TraceError` when an operation does not apply. */
export function replayAbstractTrace(path: string, trace: AbstractTrace, json: boolean): number {
  const { setup, operations, expect } = trace
  // A trace that is about one invariant may break another one on its way.
  const invariants = 'claim' in expect && expect.claim !== undefined ? [expect.claim] : null
  const { verdict } = replayAbstract(specOf({ ...setup, invariants }), operations)
  if (verdict.kind === 'impossible') {
    throw impossible(path, operations, verdict)
  }
  const [claim, sentence] = verdict.kind === 'violation' ? [verdict.invariant, verdict.sentence] : [null, null]
  say(
    claim === null
      ? styled(
          ['bold', 'green'],
          `agree      every invariant of ${setup.spec} holds after ${counted(operations.length, 'operation')}`,
        )
      : styled(['bold', 'red'], `violation  ${claim}, under ${setup.spec}`),
    ...(sentence === null ? [] : [sentence]),
    ...(trace.note === undefined ? [] : [trace.note]),
    '',
    ...abstractLines(trace),
    '',
    lookLine(path, { subject: 'impl', wire: false }),
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

/** The complaint about a trace of which an operation does not apply where it stands. */
export function impossibleTrace(path: string, { setup, operations }: AbstractTrace): TraceError {
  const { verdict } = replayAbstract(specOf({ ...setup, invariants: [] }), operations)
  return verdict.kind === 'impossible'
    ? impossible(path, operations, verdict)
    : new TraceError(`${path} cannot be drawn. Compare it with traces/schema.json.`)
}

function impossible(
  path: string,
  operations: AbstractTrace['operations'],
  { step, possible }: Extract<AbstractVerdict, { readonly kind: 'impossible' }>,
): TraceError {
  const operation = operations[step]
  return new TraceError(
    `${path}: the operation at index ${step} (${operation === undefined ? '' : operationLine(operation)}) ` +
      `does not apply there. What applies: ${possible.join('; ') || 'nothing'}.`,
  )
}
