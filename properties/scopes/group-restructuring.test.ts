import { expect, test } from 'vitest'
import type { OperationOf } from '../scope.ts'
import { groupScope } from './group.ts'
import { restructuredGroup } from './group-restructuring.ts'

type Operation = OperationOf<'group'>

const join = (client: string, memberId: string): Operation => ({
  kind: 'request',
  client,
  request: {
    kind: 'JoinGroup',
    correlationId: 1,
    groupId: 'g',
    groupInstanceId: null,
    memberId,
    sessionTimeoutMs: 1000,
    rebalanceTimeoutMs: 1000,
    protocols: [{ name: 'range', topics: ['t'], owned: [], generationId: -1 }],
  },
})
const heartbeat = (memberId: string, generationId: number): Operation => ({
  kind: 'request',
  client: 'k2',
  request: { kind: 'Heartbeat', correlationId: 2, groupId: 'g', groupInstanceId: null, memberId, generationId },
})

const operations = [join('k1', ''), join('k2', ''), join('k2', 'k2-1.1.2'), heartbeat('k2-1.1.2', 2)]
const shorter = [...restructuredGroup({ setup: groupScope.plainSetup, operations })].map(run => run.operations)

test('when a join goes, the member ids behind it move up', () => {
  expect(shorter).toContainEqual([join('k2', ''), join('k2', 'k2-1.1.1'), heartbeat('k2-1.1.1', 2)])
})

test('and so may the generations', () => {
  expect(shorter).toContainEqual([join('k2', ''), join('k2', 'k2-1.1.1'), heartbeat('k2-1.1.1', 1)])
})

test('every run is one operation shorter', () => {
  expect(new Set(shorter.map(({ length }) => length))).toEqual(new Set([3]))
})
