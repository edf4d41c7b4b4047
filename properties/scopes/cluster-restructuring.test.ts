import { expect, test } from 'vitest'
import type { OperationOf } from '../scope.ts'
import { clusterScope } from './cluster.ts'
import { restructuredCluster } from './cluster-restructuring.ts'

type Operation = OperationOf<'cluster'>

function restructured(operations: readonly Operation[]): readonly (readonly Operation[])[] {
  return [...restructuredCluster({ setup: clusterScope.plainSetup, operations })].map(run => run.operations)
}

const deliver = (from: string, to: string): Operation => ({ kind: 'deliver', from, to })
const operations: readonly Operation[] = [
  { kind: 'expireSession', broker: 2 },
  deliver('ctl', 'b2'),
  { kind: 'advance', ms: 200, node: 'b2' },
  deliver('b2', 'ctl'),
  deliver('ctl', 'b1'),
  { kind: 'restart', broker: 2 },
  deliver('b2', 'ctl'),
  deliver('ctl', 'b2'),
  deliver('b1', 'ctl'),
]

test('every run is shorter', () => {
  const longer = restructured(operations).filter(({ length }) => length >= operations.length)
  expect(longer).toEqual([])
})

test('a row of single deliveries becomes one passage', () => {
  const elapse: Operation = { kind: 'elapse', ms: 1000 }
  expect(restructured(operations)).toContainEqual([operations[0], elapse, operations[5], elapse])
})

test('what was held back is held back by a cut', () => {
  const settle: Operation = { kind: 'settle' }
  const link = { from: 'b1', to: 'ctl' }
  const held = [operations[0], { kind: 'cut', ...link }, settle, operations[5], settle, { kind: 'heal', ...link }]
  expect(restructured(operations)).toContainEqual([...held, operations[8]])
})

test('what has no single steps stays as it is', () => {
  expect(restructured([{ kind: 'restart', broker: 1 }])).toEqual([])
})
