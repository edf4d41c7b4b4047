// Each promise of claim G4 that the others do not imply: an assignment that it alone notices.
import { expect, test } from 'vitest'
import { assign } from './assign.ts'
import { member } from './examples.ts'
import { assignorInvariants, checkAssignment, nothingIsHeldBackForNobody } from './invariants.ts'

const topics = [{ topic: 't', count: 2 }]
const assignor = 'cooperative-sticky'

test('an assignor that hands out nothing, where nobody owns anything, breaks one promise', () => {
  const members = [member('a', ['t']), member('b', ['t'])]
  const assignment = members.map(({ memberId }) => ({ memberId, partitions: [] }))
  const assigning = { assignor, members, topics, assignment } as const
  expect(checkAssignment(assigning)).toEqual({ claim: 'G4', sentence: 't-0 went to nobody, and nobody owns it' })
  const others = assignorInvariants.filter(invariant => invariant !== nothingIsHeldBackForNobody)
  expect(others).toHaveLength(assignorInvariants.length - 1)
  expect(others.map(invariant => invariant(assigning))).toEqual(others.map(() => null))
})

test('what somebody still lists may be held back, in whatever generation and by whomever it is listed', () => {
  const members = [member('a', ['t']), member('b', [], 't-0'), { ...member('c', ['t'], 't-1'), generationId: -1 }]
  const assignment = assign(assignor, members, topics)
  expect(assignment.map(({ partitions }) => partitions.length)).toEqual([0, 0, 1])
  expect(checkAssignment({ assignor, members, topics, assignment })).toBeNull()
  const none = members.map(({ memberId }) => ({ memberId, partitions: [] }))
  expect(nothingIsHeldBackForNobody({ assignor, members, topics, assignment: none })).toBeNull()
})
