import { expect, test } from 'vitest'
import { answersOf, commit, errorsOf, fetch, join, partition, request, seen, stableGroup } from './examples.ts'
import { groupPartition } from './partition.ts'

const replicated = { kind: 'replicated', count: 9 } as const
const stored = { topic: 't', partition: 0, offset: 7, leaderEpoch: -1, metadata: '' }

test('a commit counts, and is answered, once it is replicated', () => {
  expect(errorsOf(commit('c1', '', -1, 7))).toEqual([])
  expect(answersOf(commit('c1', '', -1, 7), fetch('c1')).map(({ response }) => response)).toMatchObject([
    { error: 'NONE', offsets: [{ ...partition(0), offset: -1, leaderEpoch: -1, metadata: '' }] },
  ])
  expect(errorsOf(commit('c1', '', -1, 7), replicated)).toEqual(['c1 OffsetCommit NONE'])
  expect(answersOf(commit('c1', '', -1, 7), replicated, fetch('c1')).map(({ response }) => response)).toEqual([
    { kind: 'OffsetFetchResponse', correlationId: 1, error: 'NONE', groupId: 'g', offsets: [stored] },
  ])
})

test('a commit that could not be written takes nothing', () => {
  const failed = [commit('c1', '', -1, 7), { kind: 'failWrites', error: 'NOT_ENOUGH_REPLICAS' } as const]
  expect(errorsOf(...failed)).toEqual(['c1 OffsetCommit COORDINATOR_NOT_AVAILABLE'])
  expect(seen(...failed)).toMatchObject({ groups: [{ state: 'Empty', offsets: [] }], log: [], outstanding: [] })
})

test('outsiders may not commit to a group that has members, nor members of another generation', () => {
  expect(errorsOf(...stableGroup, commit('x', '', -1, 7))).toEqual(['x OffsetCommit UNKNOWN_MEMBER_ID'])
  expect(errorsOf(...stableGroup, commit('c1', 'c1-1.1.1', 1, 7))).toEqual(['c1 OffsetCommit ILLEGAL_GENERATION'])
  expect(errorsOf(commit('c1', 'c1-1.1.1', 1, 7))).toEqual(['c1 OffsetCommit ILLEGAL_GENERATION'])
  expect(errorsOf(...stableGroup, commit('c1', 'c1-1.1.1', -1, 7))).toEqual(['c1 OffsetCommit ILLEGAL_GENERATION'])
  expect(errorsOf(...stableGroup, commit('c1', 'c1-1.1.1', 2, -1))).toEqual([])
})

test('a commit without a generation is taken while nobody is a member, under whatever name', () => {
  expect(errorsOf(commit('x', 'stranger', -1, 7), replicated)).toEqual(['x OffsetCommit NONE'])
  const empty = [commit('x', '', -2, 7), replicated]
  expect(errorsOf(...empty, commit('x', 'stranger', -1, 8), replicated)).toEqual(['x OffsetCommit NONE'])
  expect(errorsOf(...empty, commit('x', '', 0, 8))).toEqual(['x OffsetCommit UNKNOWN_MEMBER_ID'])
})

test('a static member is fenced by the one that replaced it', () => {
  const bare = {
    kind: 'OffsetCommit',
    memberId: 'c1-1.1.1',
    groupInstanceId: 'i',
    generationId: 1,
    offsets: [],
  } as const
  const twice = [join('c1', { groupInstanceId: 'i' }), join('c2', { groupInstanceId: 'i' })]
  expect(errorsOf(...twice, request('c1', bare))).toEqual(['c1 OffsetCommit FENCED_INSTANCE_ID'])
  expect(errorsOf(...stableGroup, request('c1', bare))).toEqual(['c1 OffsetCommit UNKNOWN_MEMBER_ID'])
})

test('offsets of an Empty group expire, and the group goes with the last of them (KIP-211)', () => {
  const old = [commit('c1', '', -1, 7), replicated, { kind: 'advance', ms: 9_999 } as const]
  expect(seen(...old).groups).toHaveLength(1)
  const expired = [...old, { kind: 'advance', ms: 5_000 } as const]
  expect(seen(...expired)).toMatchObject({
    groups: [],
    outstanding: [
      [
        { key: 'offset|g|t|0', value: null },
        { key: 'group|g', value: null },
      ],
    ],
  })
})

test('offsets survive a failover, with the time of their commit', () => {
  const moved = [{ kind: 'advance', ms: 3 } as const, commit('c1', '', -1, 7), replicated]
  expect(seen(...moved).log).toEqual([{ key: 'offset|g|t|0', value: '7|-1|3|' }])
  const { groups } = seen(...moved, { kind: 'advance', ms: 5 }, { kind: 'failover', kept: 0 })
  expect(groups).toMatchObject([{ state: 'Empty', offsets: [{ ...stored, commitTimestamp: 3 }] }])
})

// "group" hashes to 98629247, and "polygenelubricants" to the smallest integer, which has no positive twin.
test("a group's partition is Java's hash of its id, without its sign", () => {
  expect(['', 'a', 'group', 'polygenelubricants'].map(groupId => groupPartition(groupId, 50))).toEqual([0, 47, 47, 0])
})
