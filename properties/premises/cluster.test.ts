import { expect, test } from 'vitest'
import { openLockstep } from '../lockstep.ts'
import type { OperationOf } from '../scope.ts'
import { clusterScope } from '../scopes/cluster.ts'
import { defaultTopicConfig } from '../topic-defaults.ts'

const setup = { ...clusterScope.plainSetup, brokers: 3, producers: 1, consumers: 1 }

/** A record that all have, acknowledged under acks=all. */
const story: readonly OperationOf<'cluster'>[] = [
  {
    kind: 'createTopic',
    topic: 't',
    assignment: [[1, 2, 3]],
    config: { ...defaultTopicConfig, minInSyncReplicas: 2 },
  },
  { kind: 'openProducer', producer: 'p1', acks: -1, idempotent: true, partitioner: 'roundRobin' },
  // Until its brokers know of it, nobody leads the partition.
  { kind: 'settle' },
  { kind: 'send', producer: 'p1', topic: 't', partition: 0, records: [{ key: null, value: 'v' }], draw: 0 },
  { kind: 'elapse', ms: 3000 },
]
const crash: OperationOf<'cluster'> = {
  kind: 'crash',
  broker: 1,
  damage: { kind: 'kept' },
  indexes: 'kept',
  late: false,
}
const later: OperationOf<'cluster'> = { kind: 'elapse', ms: 10_000 }

/** The claims that these operations put to the test. */
function tried(operations: readonly OperationOf<'cluster'>[]): readonly string[] {
  const lockstep = openLockstep(setup, clusterScope.subject, { scope: clusterScope, labels: false })
  const found = new Set<string>()
  for (const operation of operations) {
    expect(lockstep.step(operation)?.verdict).toBe(null)
    for (const claim of Object.keys(clusterScope.premises)) if (lockstep.isTried(claim)) found.add(claim)
  }
  return [...found].sort()
}

test('an acknowledged record puts what is said of acknowledging to the test, and nothing that needs another leader', () => {
  expect(tried(story)).toEqual(['F1', 'F2', 'L2', 'L4', 'O2'])
})

test('acknowledged means kept is tried when another broker comes to lead', () => {
  const claims = tried([...story, crash, later])
  expect(claims).toEqual(expect.arrayContaining(['L1', 'L3', 'O6']))
  // Nobody had read it.
  expect(claims).not.toContain('F4')
})

test('a new leader of a partition outside of the contract tries no claim of the contract', () => {
  const unclean: OperationOf<'cluster'> = { kind: 'setUncleanElection', topic: 't', enabled: true }
  const claims = tried([...story, unclean, crash, later])
  expect(claims).toContain('O6')
  expect(claims).not.toContain('L1')
})

test('progress is tried by a run that ends healed and quietly only', () => {
  const atEnd = (operations: readonly OperationOf<'cluster'>[]) => {
    const lockstep = openLockstep(setup, clusterScope.subject, { scope: clusterScope, labels: false })
    for (const operation of operations) lockstep.step(operation)
    return Object.keys(clusterScope.premises).filter(claim => lockstep.isTriedAtEnd(claim))
  }
  expect(atEnd(story)).toEqual([])
  expect(atEnd([...story, { kind: 'elapse', ms: 60_000 }])).toEqual(['P1', 'P3'])
  expect(atEnd([...story, crash, { kind: 'elapse', ms: 60_000 }])).toEqual([])
})
