import { expect, test } from 'vitest'
import { partition, topicConfig } from '../controller/examples.ts'
import type { ClusterObservation, ClusterOperation } from '../vocabulary/cluster.ts'
import { contractAfter, minInSync } from './contract.ts'
import { broken, cluster, decided, history, leader, nothingYet, replica, transition } from './examples.ts'
import type { Contract, UncleanCrash } from './known.ts'

const up = cluster([leader(), replica(), replica()])
const b2Down = cluster([leader(), null, replica()])
const holds: Contract = { holds: true, crashes: [] }

function after(
  contract: Contract,
  before: ClusterObservation,
  seen: ClusterObservation,
  operation: ClusterOperation = { kind: 'settle' },
): Contract | undefined {
  return history({ contract }).partitions.map(entry => contractAfter(entry, transition(before, seen, operation)))[0]
}

test('a healthy partition is within the contract, and what is broken stays broken', () => {
  expect(after(holds, nothingYet, up)).toBe(holds)
  expect(after(broken, nothingYet, up)).toBe(broken)
})

test('settings that promise nothing break the contract', () => {
  const weak = { ...up, ...decided({}, [], { ...topicConfig, minInSyncReplicas: 1 }) }
  expect(after(holds, up, weak)).toEqual({ holds: false, reason: 'min.insync.replicas below 2' })
  const single = { ...up, ...decided({ replicas: [1], inSyncReplicas: [1] }) }
  expect(after(holds, up, single)).toEqual({ holds: false, reason: 'min.insync.replicas below 2' })
  const unclean = { ...up, ...decided({}, [], { ...topicConfig, uncleanLeaderElection: true }) }
  expect(after(holds, up, unclean)).toEqual({ holds: false, reason: 'unclean.leader.election.enable=true' })
  const wanting = { ...up, ...decided({}, [], { ...topicConfig, minInSyncReplicas: 5 }) }
  expect(minInSync(transition(up, wanting), partition())).toBe(3)
})

test('an unclean election and rot break it for their own partition, if they happened', () => {
  const elect = (topic: string, election: 'preferred' | 'unclean'): ClusterOperation => {
    return { kind: 'electLeader', topic, partition: 0, election }
  }
  expect(after(holds, up, up, elect('t', 'unclean'))).toEqual({ holds: false, reason: 'an unclean election' })
  expect(after(holds, up, up, elect('t', 'preferred'))).toBe(holds)
  expect(after(holds, up, up, elect('u', 'unclean'))).toBe(holds)
  const rot = (index: number): ClusterOperation => ({ kind: 'rot', broker: 1, topic: 't', partition: index, offset: 0 })
  expect(after(holds, up, up, rot(0))).toEqual({ holds: false, reason: 'bit rot' })
  expect(after(holds, up, up, rot(1))).toBe(holds)
  const [entry] = history().partitions
  const refused = { ...transition(up, up, elect('t', 'unclean')), outcome: { kind: 'nothing' } as const }
  expect(entry === undefined ? null : contractAfter(entry, refused)).toEqual(holds)
})

test('fewer crashes than must acknowledge are within the contract, as many are not', () => {
  const once = after(holds, up, b2Down)
  expect(once).toEqual({ holds: true, crashes: [{ brokerId: 2, brokerEpoch: 2 }] })
  expect(once === undefined ? null : after(once, b2Down, cluster([leader(), null, null]))).toEqual({
    holds: false,
    reason: '2 unclean crashes at a time',
  })
})

test('the same broker that dies twice counts once', () => {
  const crashes: readonly UncleanCrash[] = [{ brokerId: 2, brokerEpoch: 1 }]
  expect(after({ holds: true, crashes }, up, b2Down)).toEqual({
    holds: true,
    crashes: [{ brokerId: 2, brokerEpoch: 2 }],
  })
})

test('a crashed replica counts again once it is in sync under a later registration', () => {
  const dead: Contract = { holds: true, crashes: [{ brokerId: 2, brokerEpoch: 2 }] }
  const registered = (brokerEpoch: number, inSyncReplicas: readonly number[]): ClusterObservation => {
    const { controller } = decided({ inSyncReplicas })
    const brokers = controller.image.brokers.map(entry => (entry.brokerId === 2 ? { ...entry, brokerEpoch } : entry))
    return { ...up, controller: { ...controller, image: { ...controller.image, brokers } } }
  }
  expect(after(dead, b2Down, registered(2, [1, 2, 3]))).toBe(dead)
  expect(after(dead, b2Down, registered(4, [1, 3]))).toBe(dead)
  expect(after(dead, b2Down, registered(4, [1, 2, 3]))).toEqual(holds)
})
