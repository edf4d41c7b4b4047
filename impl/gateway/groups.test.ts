// Groups from a client's side: members, offsets and their administration, in the forms that the versions have.
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Asking, askOn, named } from '../host/testing/asking.ts'
import { deleteGroups } from '../wire/apis/delete-groups.ts'
import { deleteTopics } from '../wire/apis/delete-topics.ts'
import { describeGroups } from '../wire/apis/describe-groups.ts'
import { findCoordinator } from '../wire/apis/find-coordinator.ts'
import { heartbeat } from '../wire/apis/heartbeat.ts'
import { joinGroup } from '../wire/apis/join-group.ts'
import { leaveGroup } from '../wire/apis/leave-group.ts'
import { listGroups } from '../wire/apis/list-groups.ts'
import { metadata } from '../wire/apis/metadata.ts'
import { offsetCommit } from '../wire/apis/offset-commit.ts'
import { offsetDelete } from '../wire/apis/offset-delete.ts'
import { offsetFetch } from '../wire/apis/offset-fetch.ts'
import { syncGroup } from '../wire/apis/sync-group.ts'
import { type Api, type RequestOf, type ResponseOf, zeroUuid } from '../wire/schema.ts'

let asking: Asking
beforeAll(async () => {
  asking = await Asking.start({ brokers: 2 })
  await asking.cluster.createTopic('t', { partitions: 2 })
  await asking.cluster.createTopic('u', { partitions: 1 })
})
afterAll(() => asking.stop())

async function coordinatorOf(group: string): Promise<number> {
  const { coordinators } = await asking.ask(findCoordinator, 4, { coordinatorKeys: [group] })
  return coordinators[0]?.nodeId ?? 1
}

/** Asks the group's coordinator. */
async function ask<A extends Api>(
  group: string,
  api: A,
  version: number,
  body: Partial<RequestOf<A>>,
): Promise<ResponseOf<A>> {
  return await asking.ask(api, version, body, { broker: await coordinatorOf(group) })
}

const metadataOf = new Uint8Array([0, 1, 0, 0, 0, 1, 0, 1, 116, 0, 0, 0, 0])
const joining = (groupId: string, memberId = ''): Partial<RequestOf<typeof joinGroup>> => ({
  groupId,
  memberId,
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 10_000,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: metadataOf }],
})

/** One member that has joined and synced. */
async function member(groupId: string): Promise<{ readonly memberId: string; readonly generationId: number }> {
  const joined = await ask(groupId, joinGroup, 3, joining(groupId))
  const { memberId, generationId } = joined
  const assignments = [{ memberId, assignment: new Uint8Array([1, 2, 3]) }]
  const synced = await ask(groupId, syncGroup, 3, { groupId, memberId, generationId, assignments })
  expect([named(joined.errorCode), named(synced.errorCode)]).toEqual(['NONE', 'NONE'])
  return { memberId, generationId }
}

describe('members', () => {
  test('join, sync, beat and leave in the lowest versions', async () => {
    const joined = await ask('low', joinGroup, joinGroup.minVersion, joining('low'))
    expect(joined).toMatchObject({ errorCode: 0, generationId: 1, protocolName: 'range', leader: joined.memberId })
    expect(joined.members.map(({ memberId, metadata: bytes }) => [memberId, [...bytes]])).toEqual([
      [joined.memberId, [...metadataOf]],
    ])
    const { memberId, generationId } = joined
    const assignments = [{ memberId, assignment: new Uint8Array([9, 8]) }]
    const synced = await ask('low', syncGroup, 0, { groupId: 'low', memberId, generationId, assignments })
    expect([named(synced.errorCode), [...synced.assignment]]).toEqual(['NONE', [9, 8]])
    const beat = await ask('low', heartbeat, 0, { groupId: 'low', memberId, generationId })
    expect(named(beat.errorCode)).toBe('NONE')
    const left = await ask('low', leaveGroup, 0, { groupId: 'low', memberId })
    expect([named(left.errorCode), left.members]).toEqual(['NONE', []])
    const again = await ask('low', leaveGroup, 2, { groupId: 'low', memberId })
    expect(named(again.errorCode)).toBe('UNKNOWN_MEMBER_ID')
  })

  test('are told their id first in the highest versions (KIP-394), and leave several at a time (KIP-345)', async () => {
    const version = joinGroup.maxVersion
    const first = await ask('high', joinGroup, version, joining('high'))
    expect([named(first.errorCode), first.protocolName]).toEqual(['MEMBER_ID_REQUIRED', null])
    const { memberId, generationId, skipAssignment } = await ask(
      'high',
      joinGroup,
      version,
      joining('high', first.memberId),
    )
    expect([memberId, generationId, skipAssignment]).toEqual([first.memberId, 1, false])
    const about = { groupId: 'high', memberId, generationId, protocolType: 'consumer', protocolName: 'range' }
    const assignments = [{ memberId, assignment: new Uint8Array([1]) }]
    const synced = await ask('high', syncGroup, syncGroup.maxVersion, { ...about, assignments })
    expect(synced).toMatchObject({ errorCode: 0, protocolType: 'consumer', protocolName: 'range' })
    const silent = await ask('high', syncGroup, 5, { groupId: 'high', memberId, generationId, assignments })
    expect(named(silent.errorCode)).toBe('INCONSISTENT_GROUP_PROTOCOL')
    const members = [memberId, 'nobody'].map(one => ({ memberId: one, groupInstanceId: null, reason: 'tired' }))
    const left = await ask('high', leaveGroup, leaveGroup.maxVersion, { groupId: 'high', members })
    expect(named(left.errorCode)).toBe('NONE')
    expect(left.members.map(one => [one.memberId, named(one.errorCode)])).toEqual([
      [memberId, 'NONE'],
      ['nobody', 'UNKNOWN_MEMBER_ID'],
    ])
  })

  test('a second one waits for the first, which is told by its heartbeat', async () => {
    const { memberId, generationId } = await member('two')
    const connection = await asking.connect(await coordinatorOf('two'))
    const second = askOn(connection, joinGroup, 3, joining('two'))
    await pause(30)
    const beat = await ask('two', heartbeat, 4, { groupId: 'two', memberId, generationId })
    expect(named(beat.errorCode)).toBe('REBALANCE_IN_PROGRESS')
    const again = await ask('two', joinGroup, 3, joining('two', memberId))
    expect(again.members.length).toBe(2)
    expect(await second).toMatchObject({
      errorCode: 0,
      generationId: again.generationId,
      leader: memberId,
      members: [],
    })
  })

  test('that leave last while one is awaited leave an Empty group, which no other request brings about', async () => {
    const { memberId } = await member('awaiting')
    const promised = await ask('awaiting', joinGroup, joinGroup.maxVersion, joining('awaiting'))
    expect(named(promised.errorCode)).toBe('MEMBER_ID_REQUIRED')
    await ask('awaiting', leaveGroup, 2, { groupId: 'awaiting', memberId })
    // To be described moves no group on: its timer must have rung.
    const state = async () => (await ask('awaiting', describeGroups, 5, { groups: ['awaiting'] })).groups[0]?.groupState
    await expect.poll(state).toBe('Empty')
    const joined = await ask('awaiting', joinGroup, joinGroup.maxVersion, joining('awaiting', promised.memberId))
    expect([named(joined.errorCode), joined.generationId]).toEqual(['NONE', 3])
  })

  test('a group without a name is refused', async () => {
    const errors = await Promise.all([
      asking.ask(joinGroup, 3, joining('')),
      asking.ask(syncGroup, 3, { groupId: '' }),
      asking.ask(heartbeat, 4, { groupId: '' }),
      asking.ask(leaveGroup, 2, { groupId: '' }),
      asking.ask(leaveGroup, 3, { groupId: '' }),
      asking.ask(offsetDelete, 0, { groupId: '' }),
    ])
    expect(errors.map(({ errorCode }) => named(errorCode))).toEqual(errors.map(() => 'INVALID_GROUP_ID'))
  })

  test('another broker than the coordinator says that it is not it', async () => {
    const broker = 3 - (await coordinatorOf('elsewhere'))
    const about = { groupId: 'elsewhere', memberId: 'm', generationId: 1 }
    const beat = await asking.ask(heartbeat, 0, about, { broker })
    const joined = await asking.ask(joinGroup, 5, joining('elsewhere'), { broker })
    const listed = await asking.ask(offsetFetch, 9, { groups: [groupOf('elsewhere', null)] }, { broker })
    // Before version 2 an answer had no error of its own.
    const topics = [{ name: 't', partitionIndexes: [1] }]
    const old = await asking.ask(offsetFetch, 1, { groupId: 'elsewhere', topics }, { broker })
    const row = { partitionIndex: 1, committedOffset: -1, committedLeaderEpoch: -1, metadata: '' }
    expect(old.topics).toEqual([{ name: 't', partitions: [{ ...row, errorCode: 16 }] }])
    expect([beat.errorCode, joined.errorCode, listed.groups[0]?.errorCode].map(named)).toEqual([
      'NOT_COORDINATOR',
      'NOT_COORDINATOR',
      'NOT_COORDINATOR',
    ])
  })
})

type CommitRow = RequestOf<typeof offsetCommit>['topics'][number]['partitions'][number]
const rowOf = (
  partitionIndex: number,
  committedOffset: number,
  committedMetadata: string | null = null,
): CommitRow => ({
  partitionIndex,
  committedOffset,
  committedLeaderEpoch: -1,
  committedMetadata,
})
const topicOf = (name: string, partitions: readonly CommitRow[]) => ({ name, topicId: zeroUuid, partitions })
type Asked = RequestOf<typeof offsetFetch>['groups'][number]
const groupOf = (groupId: string, topics: Asked['topics']): Asked => ({
  groupId,
  memberId: null,
  memberEpoch: -1,
  topics,
})

async function commit(
  group: string,
  topics: RequestOf<typeof offsetCommit>['topics'],
  version = 9,
  rest = {},
): Promise<unknown> {
  const body = { groupId: group, generationIdOrMemberEpoch: -1, topics, ...rest }
  const answer = await ask(group, offsetCommit, version, body)
  return answer.topics.flatMap(({ partitions }) =>
    partitions.map(({ partitionIndex, errorCode }) => `${partitionIndex} ${named(errorCode)}`),
  )
}

function rowsOf(
  topics: readonly {
    readonly partitions: readonly {
      readonly partitionIndex: number
      readonly committedOffset: number
      readonly metadata: string | null
    }[]
  }[],
): unknown {
  return topics.flatMap(({ partitions }) =>
    partitions.map(one => [one.partitionIndex, one.committedOffset, one.metadata]),
  )
}

describe('offsets', () => {
  test('are committed and read in the lowest versions, partition by partition', async () => {
    expect(
      await commit(
        'c',
        [topicOf('t', [rowOf(0, 5, 'm'), rowOf(1, 6), rowOf(9, 1)]), topicOf('nope', [rowOf(0, 1)])],
        2,
      ),
    ).toEqual(['0 NONE', '1 NONE', '9 UNKNOWN_TOPIC_OR_PARTITION', '0 UNKNOWN_TOPIC_OR_PARTITION'])
    const asked = [{ name: 't', partitionIndexes: [1, 0, 7] }]
    const { topics } = await ask('c', offsetFetch, offsetFetch.minVersion, { groupId: 'c', topics: asked })
    expect(rowsOf(topics)).toEqual([
      [1, 6, ''],
      [0, 5, 'm'],
      [7, -1, ''],
    ])
  })

  test('all of a group, and several groups at a time, are read since versions 2 and 8', async () => {
    await commit('d', [topicOf('t', [rowOf(1, 3)]), topicOf('u', [rowOf(0, 4)])])
    const all = await ask('d', offsetFetch, 7, { groupId: 'd', topics: null })
    expect(all.topics.map(({ name }) => name)).toEqual(['t', 'u'])
    const names = { name: 'u', topicId: zeroUuid, partitionIndexes: [0] }
    const body = { groups: [groupOf('d', null), groupOf('never', null), groupOf('d', [names])] }
    const several = await ask('d', offsetFetch, 9, body)
    const isHere = (await coordinatorOf('never')) === (await coordinatorOf('d'))
    expect(several.groups.map(({ groupId, errorCode, topics }) => [groupId, named(errorCode), rowsOf(topics)])).toEqual(
      [
        [
          'd',
          'NONE',
          [
            [1, 3, ''],
            [0, 4, ''],
          ],
        ],
        ['never', isHere ? 'NONE' : 'NOT_COORDINATOR', []],
        ['d', 'NONE', [[0, 4, '']]],
      ],
    )
    expect((await asking.ask(offsetFetch, 9, { groups: [] })).groups).toEqual([])
  })

  test('topics are named by their ids since version 10', async () => {
    await asking.cluster.createTopic('named', { partitions: 1 })
    const known = await asking.ask(metadata, 12, { topics: [{ name: 'named', topicId: zeroUuid }] })
    const topicId = known.topics[0]?.topicId ?? ''
    const byIds = [topicId, 'f'.repeat(32), zeroUuid].map(id => ({ name: '', topicId: id, partitions: [rowOf(0, 8)] }))
    expect(await commit('ids', byIds, 10)).toEqual(['0 NONE', '0 UNKNOWN_TOPIC_ID', '0 UNKNOWN_TOPIC_ID'])
    const asked = [topicId, 'f'.repeat(32)].map(id => ({ name: '', topicId: id, partitionIndexes: [0] }))
    const read = async (topics: Asked['topics']) =>
      (await ask('ids', offsetFetch, 10, { groups: [groupOf('ids', topics)] })).groups[0]?.topics.map(one => [
        one.topicId,
        one.partitions[0]?.committedOffset,
        named(one.partitions[0]?.errorCode),
      ])
    expect(await read(asked)).toEqual([
      [topicId, 8, 'NONE'],
      ['f'.repeat(32), -1, 'UNKNOWN_TOPIC_ID'],
    ])
    expect(await read(null)).toEqual([[topicId, 8, 'NONE']])
    await asking.ask(deleteTopics, 5, { topicNames: ['named'], timeoutMs: 1000 })
    expect(await read(null)).toEqual([])
  })

  test('a commit of a generation that is over is refused for every partition', async () => {
    const { memberId, generationId } = await member('gen')
    const own = { memberId, generationIdOrMemberEpoch: generationId }
    expect(await commit('gen', [topicOf('t', [rowOf(0, 1)])], 8, own)).toEqual(['0 NONE'])
    const late = { memberId, generationIdOrMemberEpoch: generationId + 1 }
    expect(await commit('gen', [topicOf('t', [rowOf(0, 2), rowOf(1, 2)])], 8, late)).toEqual([
      '0 ILLEGAL_GENERATION',
      '1 ILLEGAL_GENERATION',
    ])
    const stranger = { memberId: 'nobody', generationIdOrMemberEpoch: generationId }
    expect(await commit('gen', [topicOf('t', [rowOf(0, 2)])], 8, stranger)).toEqual(['0 UNKNOWN_MEMBER_ID'])
  })

  test('a commit of a member of a group that is not there is told so in a way that its version knows', async () => {
    const member = { memberId: 'm', generationIdOrMemberEpoch: 3 }
    const asked = [topicOf('t', [rowOf(0, 1)])]
    expect(await commit('nowhere', asked, 8, member)).toEqual(['0 ILLEGAL_GENERATION'])
    expect(await commit('nowhere', asked, 9, member)).toEqual(['0 GROUP_ID_NOT_FOUND'])
    expect(await commit('nowhere', asked, 9, { memberId: 'm' })).toEqual(['0 NONE'])
  })

  test('a commit of nothing makes no group', async () => {
    expect(await commit('nothing', [])).toEqual([])
    expect(await commit('nothing', [topicOf('nope', [rowOf(0, 1)])])).toEqual(['0 UNKNOWN_TOPIC_OR_PARTITION'])
    const { groups } = await ask('nothing', listGroups, 5, {})
    expect(groups.map(({ groupId }) => groupId)).not.toContain('nothing')
  })

  test('are deleted one by one (KIP-496)', async () => {
    await commit('del', [topicOf('t', [rowOf(0, 1), rowOf(1, 2)])])
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0 }] }]
    const answer = await ask('del', offsetDelete, 0, { groupId: 'del', topics })
    expect(answer).toMatchObject({ errorCode: 0, topics: [{ name: 't', partitions: [{ errorCode: 0 }] }] })
    const left = await ask('del', offsetFetch, 7, { groupId: 'del', topics: null })
    expect(rowsOf(left.topics)).toEqual([[1, 2, '']])
    const some = [
      { name: 't', partitions: [1, 9].map(partitionIndex => ({ partitionIndex })) },
      { name: 'nope', partitions: [{ partitionIndex: 0 }] },
    ]
    const parts = (await ask('del', offsetDelete, 0, { groupId: 'del', topics: some })).topics.flatMap(
      ({ name, partitions }) => partitions.map(one => `${name}/${one.partitionIndex} ${named(one.errorCode)}`),
    )
    expect(parts.sort()).toEqual(['nope/0 UNKNOWN_TOPIC_OR_PARTITION', 't/1 NONE', 't/9 UNKNOWN_TOPIC_OR_PARTITION'])
    const nowhere = await ask('absent', offsetDelete, 0, { groupId: 'absent', topics: some })
    expect([named(nowhere.errorCode), nowhere.topics]).toEqual(['GROUP_ID_NOT_FOUND', []])
    const absent = await ask('absent', offsetDelete, 0, { groupId: 'absent', topics })
    expect([named(absent.errorCode), absent.topics]).toEqual(['GROUP_ID_NOT_FOUND', []])
  })
})

describe('administration', () => {
  test('groups are listed with their states, and described with their members', async () => {
    const { memberId } = await member('shown')
    const listed = await ask('shown', listGroups, 5, { statesFilter: ['stable'], typesFilter: ['classic'] })
    expect(listed.groups).toContainEqual({
      groupId: 'shown',
      protocolType: 'consumer',
      groupState: 'Stable',
      groupType: 'classic',
    })
    expect((await ask('shown', listGroups, 5, { statesFilter: ['Dead'] })).groups).toEqual([])
    expect((await ask('shown', listGroups, 0, {})).groups.map(({ groupId }) => groupId)).toContain('shown')
    const body = { groups: ['shown', 'unknown'], includeAuthorizedOperations: true }
    const { groups } = await ask('shown', describeGroups, 5, body)
    expect(groups[0]).toMatchObject({
      errorCode: 0,
      groupState: 'Stable',
      protocolType: 'consumer',
      protocolData: 'range',
      authorizedOperations: 3400,
      members: [{ memberId, clientId: 'wire-client', clientHost: '/127.0.0.1', memberMetadata: metadataOf }],
    })
  })

  test('that a group does not exist is an error since version 6 (KIP-1043)', async () => {
    for (const [version, error] of [
      [0, 'NONE'],
      [5, 'NONE'],
      [6, 'GROUP_ID_NOT_FOUND'],
    ] as const) {
      const { groups } = await ask('unknown', describeGroups, version, { groups: ['unknown'] })
      expect(groups.map(one => [named(one.errorCode), one.groupState])).toEqual([[error, 'Dead']])
    }
    expect((await asking.ask(describeGroups, 6, { groups: [] })).groups).toEqual([])
  })

  test('a group with members stays, one without goes', async () => {
    await member('busy')
    await commit('idle', [topicOf('t', [rowOf(0, 1)])])
    const remove = async (group: string) => {
      const { results } = await ask(group, deleteGroups, 2, { groupsNames: [group] })
      return results.map(({ groupId, errorCode }) => [groupId, named(errorCode)])
    }
    expect(await remove('busy')).toEqual([['busy', 'NON_EMPTY_GROUP']])
    expect(await remove('idle')).toEqual([['idle', 'NONE']])
    expect(await remove('idle')).toEqual([['idle', 'GROUP_ID_NOT_FOUND']])
    expect((await asking.ask(deleteGroups, 0, { groupsNames: [] })).results).toEqual([])
  })
})
