import { describe, expect, test } from 'vitest'
import type { ClusterOperation } from '../../model/vocabulary/cluster.ts'
import { openLockstep } from '../lockstep.ts'
import type { Run } from '../scope.ts'
import { clusterScope } from '../scopes/cluster.ts'
import { scopes } from '../scopes.ts'
import { defaultTopicConfig } from '../topic-defaults.ts'
import type { ScopeName } from '../verdict.ts'
import type { Facts } from './facts.ts'
import { Gathering } from './gather.ts'

function faultsOf<S extends ScopeName>(scope: S, { setup, operations }: Run<S>): Facts['faults'] {
  const gathering = new Gathering(scope)
  gathering.begin(0)
  const lockstep = openLockstep(setup, scopes[scope].subject, { labels: false })
  let before = lockstep.start
  for (const operation of operations) {
    const step = lockstep.step(operation)
    if (step === null) throw new Error('the lockstep ended')
    const { outcome, observation: after } = step.model
    gathering.saw({ setup, before, operation, outcome, after }, lockstep)
    before = after
  }
  return gathering.facts().faults
}

describe('a full disk', () => {
  const setup = scopes.log.plainSetup
  const fill = { kind: 'fillDisk', bytes: 0 } as const
  const crash = { kind: 'crash', damage: { kind: 'kept' }, indexes: 'kept' } as const
  const append = {
    kind: 'append',
    leaderEpoch: 0,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    records: [{ key: 'k', value: 'v', timestamp: 5 }],
  } as const
  const felt = (operations: Run<'log'>['operations']) => faultsOf('log', { setup, operations })['disk full']

  test('is felt by the write that does not fit, also after a crash', () => {
    expect(felt([fill, append])).toEqual({ injected: 1, felt: 1 })
    expect(felt([fill, crash, append])).toEqual({ injected: 1, felt: 1 })
  })

  test('is not felt when it was freed before, nor by a log that is offline already', () => {
    expect(felt([fill, { kind: 'fillDisk', bytes: null }, append])).toEqual({ injected: 1, felt: 0 })
    expect(felt([fill, append, fill, append])).toEqual({ injected: 2, felt: 1 })
  })
})

describe('a paused broker', () => {
  const setup = clusterScope.plainSetup
  const pause: ClusterOperation = { kind: 'pause', broker: 2 }
  // Every broker is told of the new topic, and nothing delivers it.
  const more: readonly ClusterOperation[] = [
    { kind: 'settle' },
    { kind: 'createTopic', topic: 't', assignment: [[1, 2]], config: defaultTopicConfig },
  ]

  test('is felt when a message waits for it', () => {
    expect(faultsOf('cluster', { setup, operations: [pause, ...more] })).toEqual({
      'pause of a broker': { injected: 1, felt: 1 },
    })
  })

  test('is not felt any more when it was started again, went on or died', () => {
    const crash: ClusterOperation = { kind: 'crash', broker: 2, damage: { kind: 'kept' }, indexes: 'kept', late: false }
    for (const end of [crash, { kind: 'restart', broker: 2 }, { kind: 'resume', broker: 2 }] as const) {
      const { 'pause of a broker': counts } = faultsOf('cluster', { setup, operations: [pause, end, ...more] })
      expect(counts, end.kind).toEqual({ injected: 1, felt: 0 })
    }
  })
})
