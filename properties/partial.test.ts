import { describe, expect, test } from 'vitest'
import type { PartitionerOutcome } from '../model/vocabulary/choosing.ts'
import { runLockstep } from './lockstep.ts'
import { type PartialSide, partialSubject } from './partial.ts'
import type { ObservationOf, OperationOf, SetupOf } from './scope.ts'
import type { Subject } from './verdict.ts'

const setup: SetupOf<'partitioner'> = { scope: 'partitioner', partitioner: 'roundRobin' }
const choose: OperationOf<'partitioner'> = {
  kind: 'choose',
  topic: 't',
  given: null,
  key: null,
  partitionCount: 3,
  available: [0, 1, 2],
  draw: 0,
}
const zero: PartitionerOutcome = { kind: 'chosen', partition: 0 }
const topic = { topic: 't', counter: 1, current: null, previous: null }
const shown = { topics: [topic] }

/** Shows nothing at first, and this after the operation. */
function seeing(after: Partial<ObservationOf<'partitioner'>>): PartialSide<'partitioner'> {
  let isDone = false
  const apply = (): PartitionerOutcome => {
    isDone = true
    return zero
  }
  return { apply, observe: () => (isDone ? after : { topics: [] }) }
}

function verdictOf(side: PartialSide<'partitioner'>, declines?: true): object {
  const part = { name: 'part', start: () => side }
  const subject = partialSubject('partitioner', declines === undefined ? part : { ...part, declines })
  return runLockstep(setup, [choose], subject).verdict
}

describe('a partial subject', () => {
  test('is compared by its outcomes, and by what it shows', () => {
    expect(verdictOf({ apply: () => zero })).toMatchObject({ kind: 'agree' })
    expect(verdictOf({ apply: () => ({ kind: 'chosen', partition: 1 }) })).toMatchObject({ kind: 'violation' })
    expect(verdictOf({ apply: () => zero, observe: () => ({ topics: [] }) })).toMatchObject({ kind: 'violation' })
    expect(verdictOf(seeing(shown))).toMatchObject({ kind: 'agree' })
    expect(verdictOf(seeing({ topics: [{ ...topic, counter: 2 }] }))).toMatchObject({ kind: 'violation' })
  })

  test('may leave to the model what changes nothing that it shows', () => {
    expect(verdictOf({ apply: () => null }, true)).toMatchObject({ kind: 'agree' })
    expect(verdictOf({ apply: () => null, observe: () => shown }, true)).toMatchObject({
      kind: 'unknown',
      sentence: expect.stringContaining('it declined choose, which changes topics, and it shows topics: it must do it'),
    })
    expect(verdictOf({ apply: () => null })).toMatchObject({
      kind: 'unknown',
      sentence: expect.stringContaining('it answered null to choose, and does not say that it declines'),
    })
  })

  test('is held to its scope by the compiler', () => {
    const start = (): PartialSide<'log'> => ({ apply: () => ({ kind: 'done' }) })
    const log = partialSubject('log', { name: 'x', operations: ['append'], start })
    // @ts-expect-error there is no such operation
    partialSubject('log', { name: 'x', operations: ['apend'], start })
    // @ts-expect-error there is no such outcome
    partialSubject('log', { name: 'x', start: () => ({ apply: () => ({ kind: 'dune' }) }) })
    // @ts-expect-error there is no such field
    partialSubject('log', { name: 'x', start: () => ({ apply: start().apply, observe: () => ({ logEnd: 4 }) }) })
    // @ts-expect-error it is a subject of another scope
    const group: Subject<'group'> = log
    expect(group.operations).toEqual(['append'])
  })
})
