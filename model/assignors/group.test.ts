import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AssignorOperation } from '../vocabulary/choosing.ts'
import { partitions } from './examples.ts'
import { type AssignorState, initialAssignor, observeAssignor, stepAssignor } from './group.ts'
import { checkAssignment } from './invariants.ts'

function after(...operations: readonly AssignorOperation[]): AssignorState {
  let state = initialAssignor()
  for (const operation of operations) state = stepAssignor(state, operation).state
  return state
}

const topic: AssignorOperation = { kind: 'setPartitionCount', topic: 't', count: 2 }
const join = (memberId: string, ...topics: readonly string[]): AssignorOperation => ({
  kind: 'join',
  memberId,
  groupInstanceId: null,
  topics,
})
const assign: AssignorOperation = { kind: 'assign', assignor: 'sticky' }

test('an assignment raises the generation and hands every share out', () => {
  const before = after(topic, join('b', 't'), join('a', 't'))
  expect(stepAssignor(before, assign).outcome).toEqual({
    kind: 'assigned',
    assignment: [
      { memberId: 'a', partitions: partitions('t-0') },
      { memberId: 'b', partitions: partitions('t-1') },
    ],
  })
  expect(observeAssignor(stepAssignor(before, assign).state)).toEqual({
    generationId: 1,
    topics: [{ topic: 't', count: 2 }],
    members: [
      { memberId: 'a', groupInstanceId: null, topics: ['t'], owned: partitions('t-0'), generationId: 1 },
      { memberId: 'b', groupInstanceId: null, topics: ['t'], owned: partitions('t-1'), generationId: 1 },
    ],
  })
})

test('a new member owns nothing, and one that changes its topics keeps what it owns', () => {
  expect(after(topic, join('a', 't'), assign, join('a', 'u'), join('b', 't')).members).toEqual([
    { memberId: 'a', groupInstanceId: null, topics: ['u'], owned: partitions('t-0', 't-1'), generationId: 1 },
    { memberId: 'b', groupInstanceId: null, topics: ['t'], owned: [], generationId: -1 },
  ])
})

test('topics and claimed partitions are kept sorted, each once', () => {
  const claim: AssignorOperation = {
    kind: 'claim',
    memberId: 'a',
    owned: partitions('u-0', 't-1', 't-0', 't-1'),
    generationId: 3,
  }
  expect(after(join('a', 'u', 't', 'u'), claim).members).toEqual([
    {
      memberId: 'a',
      groupInstanceId: null,
      topics: ['t', 'u'],
      owned: partitions('t-0', 't-1', 'u-0'),
      generationId: 3,
    },
  ])
})

test('what does not apply changes nothing', () => {
  const state = after(topic, join('a', 't'))
  const idle: readonly AssignorOperation[] = [
    topic,
    join('a', 't'),
    { kind: 'leave', memberId: 'x' },
    { kind: 'setPartitionCount', topic: 'u', count: 0 },
    { kind: 'claim', memberId: 'x', owned: [], generationId: 4 },
  ]
  for (const operation of idle) expect(stepAssignor(state, operation)).toEqual({ state, outcome: { kind: 'done' } })
  for (const operation of idle) expect(stepAssignor(state, operation).state).toBe(state)
})

const memberIds = fc.constantFrom('a', 'b', 'c', 'd')
const topics = fc.array(fc.constantFrom('t', 'u', 'v'), { maxLength: 4 })
const owned = fc.array(
  fc.record({ topic: fc.constantFrom('t', 'u', 'v'), partition: fc.integer({ min: -1, max: 6 }) }),
  { maxLength: 6 },
)
const operations: fc.Arbitrary<AssignorOperation> = fc.oneof(
  fc.record({
    kind: fc.constant('join' as const),
    memberId: memberIds,
    groupInstanceId: fc.option(fc.constantFrom('i', 'j')),
    topics,
  }),
  fc.record({ kind: fc.constant('leave' as const), memberId: memberIds }),
  fc.record({
    kind: fc.constant('setPartitionCount' as const),
    topic: fc.constantFrom('t', 'u', 'v'),
    count: fc.integer({ min: -1, max: 7 }),
  }),
  fc.record({
    kind: fc.constant('claim' as const),
    memberId: memberIds,
    owned,
    generationId: fc.integer({ min: -1, max: 9 }),
  }),
  fc.record({
    kind: fc.constant('assign' as const),
    assignor: fc.constantFrom('range', 'roundrobin', 'sticky', 'cooperative-sticky'),
  }),
)

test('every assignor keeps its promises in every group', () => {
  fc.assert(
    fc.property(fc.array(operations, { maxLength: 30, size: 'max' }), walk => {
      let state = initialAssignor()
      for (const operation of walk) {
        const { members, topics: counts } = state
        const step = stepAssignor(state, operation)
        state = step.state
        if (operation.kind !== 'assign' || step.outcome.kind !== 'assigned') continue
        const { assignment } = step.outcome
        expect(checkAssignment({ assignor: operation.assignor, members, topics: counts, assignment })).toBe(null)
      }
    }),
    { numRuns: 1000 },
  )
})

test('cooperative assignments settle: once all is revoked, a second one gives every partition away', () => {
  fc.assert(
    fc.property(fc.array(operations, { maxLength: 12, size: 'max' }), walk => {
      const cooperative: AssignorOperation = { kind: 'assign', assignor: 'cooperative-sticky' }
      let state = after(...walk)
      for (const _ of [1, 2, 3]) state = stepAssignor(state, cooperative).state
      const { members, topics: counts } = state
      const assignment = members.map(({ memberId, owned: share }) => ({ memberId, partitions: share }))
      expect(checkAssignment({ assignor: 'sticky', members, topics: counts, assignment })).toBe(null)
      expect(stepAssignor(state, cooperative).outcome).toEqual({ kind: 'assigned', assignment })
    }),
    { numRuns: 1000 },
  )
})
