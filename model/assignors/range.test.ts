import fc from 'fast-check'
import { expect, test } from 'vitest'
import { member, named } from './examples.ts'
import { checkAssignment } from './invariants.ts'
import { assignRange } from './range.ts'

test('6 partitions over 3 members are 2 each', () => {
  const members = [member('a', ['t']), member('b', ['t']), member('c', ['t'])]
  expect(named(assignRange(members, [{ topic: 't', count: 6 }]))).toEqual({
    a: ['t-0', 't-1'],
    b: ['t-2', 't-3'],
    c: ['t-4', 't-5'],
  })
})

test('the first members get one more of each topic, by itself', () => {
  const members = [member('c', ['t', 'u']), member('a', ['t', 't', 'gone']), member('b', ['u', 't'])]
  const topics = [
    { topic: 'u', count: 3 },
    { topic: 't', count: 7 },
  ]
  expect(named(assignRange(members, topics))).toEqual({
    a: ['t-0', 't-1', 't-2'],
    b: ['t-3', 't-4', 'u-0', 'u-1'],
    c: ['t-5', 't-6', 'u-2'],
  })
})

test('members with an instance id come first, by instance id', () => {
  const members = [
    member('a', ['t']),
    { ...member('z', ['t']), groupInstanceId: 'i1' },
    { ...member('b', ['t']), groupInstanceId: 'i2' },
  ]
  expect(named(assignRange(members, [{ topic: 't', count: 3 }]))).toEqual({ a: ['t-2'], b: ['t-1'], z: ['t-0'] })
})

test('for every number of partitions and members, ranges are neighbours and differ by at most one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 12 }), (count, size) => {
      const members = Array.from({ length: size }, (_, index) => member(String.fromCharCode(97 + index), ['t']))
      const topics = [{ topic: 't', count }]
      const assignment = assignRange(members, topics)
      expect(checkAssignment({ assignor: 'range', members, topics, assignment })).toBe(null)
      const sizes = assignment.map(share => share.partitions.length)
      expect(sizes).toEqual(sizes.toSorted((left, right) => right - left))
      expect(sizes.filter(length => length === Math.floor(count / size) + 1).length).toBe(count % size)
    }),
  )
})
