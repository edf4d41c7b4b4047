import { expect, test } from 'vitest'
import type { ServiceOperation, ServiceOutcome, ServiceSetup } from '../../model/vocabulary/service.ts'
import { PossibleWorlds } from './possible-worlds.ts'

const setup: ServiceSetup = { scope: 'service', brokers: 1, versions: { JoinGroup: 9, DescribeGroups: 6 } }
const protocols = [{ name: 'range', topics: ['t1'] }] as const
const by = (client: string, memberId: string) => ({ group: 'g1', client, memberId, groupInstanceId: null })
const join = (client: string, memberId = ''): ServiceOperation => {
  return { kind: 'join', ...by(client, memberId), session: 'long', protocols }
}
const describeGroup: ServiceOperation = { kind: 'describeGroup', group: 'g1' }
const deleteGroup: ServiceOperation = { kind: 'deleteGroup', group: 'g1' }

/** An answer to a join: only what is not the same in all of them. */
function joined(client: string, memberId: string, generationId: number): ServiceOutcome {
  const isIn = generationId > 0
  const members = isIn ? [{ memberId, groupInstanceId: null, topics: ['t1'] }] : []
  const error = isIn ? 'NONE' : 'MEMBER_ID_REQUIRED'
  const leader = isIn ? memberId : ''
  const protocolName = isIn ? ('range' as const) : null
  const answer = { to: 'join', client, error, memberId, generationId, protocolName, leader, members } as const
  return { kind: 'answers', answers: [answer] }
}

const seen = (state: 'Empty' | 'PreparingRebalance'): ServiceOutcome => {
  return { kind: 'group', state, protocolName: '', members: [] }
}

/** c1 was a member alone and has left, while c2 and c3 have been told their ids. */
function lastMemberGone(): PossibleWorlds {
  const worlds = new PossibleWorlds(setup)
  const left: ServiceOutcome = { kind: 'answers', answers: [{ to: 'leave', client: 'c1', error: 'NONE' }] }
  const steps: readonly (readonly [ServiceOperation, ServiceOutcome])[] = [
    [join('c1'), joined('c1', 'c1#1', -1)],
    [join('c1', 'c1#1'), joined('c1', 'c1#1', 1)],
    [join('c2'), joined('c2', 'c2#1', -1)],
    [join('c3'), joined('c3', 'c3#1', -1)],
    [{ kind: 'leave', ...by('c1', 'c1#1') }, left],
  ]
  for (const [operation, outcome] of steps) expect(worlds.judge(operation, outcome)).toEqual({ kind: 'allowed' })
  return worlds
}

test.each([1, 2, 3, 4])('whoever joins after the last member has gone is in generation 2 or 3: %d', generationId => {
  const { kind } = lastMemberGone().judge(join('c2', 'c2#1'), joined('c2', 'c2#1', generationId))
  expect(kind).toBe(generationId === 2 || generationId === 3 ? 'allowed' : 'wrong')
})

test('a group whose last member has gone is Empty now or later, and then stays so', () => {
  const worlds = lastMemberGone()
  const judged = (state: 'Empty' | 'PreparingRebalance'): string => worlds.judge(describeGroup, seen(state)).kind
  expect(judged('PreparingRebalance')).toBe('allowed')
  expect(judged('PreparingRebalance')).toBe('allowed')
  expect(judged('Empty')).toBe('allowed')
  expect(worlds.worlds).toHaveLength(1)
  expect(judged('PreparingRebalance')).toBe('wrong')
  expect(worlds.judge(deleteGroup, { kind: 'error', error: 'NON_EMPTY_GROUP' }).kind).toBe('wrong')
  expect(worlds.judge(join('c2', 'c2#1'), joined('c2', 'c2#1', 2)).kind).toBe('wrong')
})

test.each(['NONE', 'UNKNOWN_MEMBER_ID'])(
  'an offset of a topic that was deleted is forgotten unless it was committed anew: %s',
  error => {
    const topic: ServiceOperation = {
      kind: 'createTopic',
      topic: 't1',
      partitions: 1,
      replicationFactor: 1,
      config: {},
    }
    const place = { topic: 't1', partition: 0 }
    const commit = (memberId: string): ServiceOperation => {
      return {
        kind: 'commit',
        ...by('c1', memberId),
        generationId: memberId === '' ? -1 : 1,
        ...place,
        offset: 3,
        metadata: '',
      }
    }
    const committed = (told: string): ServiceOutcome => {
      return { kind: 'answers', answers: [{ to: 'commit', client: 'c1', error: told }] }
    }
    const done: ServiceOutcome = { kind: 'done' }
    const worlds = new PossibleWorlds(setup)
    worlds.judge(topic, done)
    worlds.judge(commit(''), committed('NONE'))
    worlds.judge({ kind: 'deleteTopic', topic: 't1' }, done)
    worlds.judge(topic, done)
    expect(worlds.judge(commit(error === 'NONE' ? '' : 'c1#1'), committed(error)).kind).toBe('allowed')
    const forgotten = worlds.judge(
      { kind: 'committed', group: 'g1', ...place },
      { kind: 'committed', offset: -1, metadata: '' },
    )
    expect(forgotten.kind).toBe(error === 'NONE' ? 'wrong' : 'allowed')
  },
)

test('a first join is answered though others were told member ids, and never with a later generation', () => {
  const worlds = new PossibleWorlds(setup)
  worlds.judge(join('c1'), joined('c1', 'c1#1', -1))
  worlds.judge(join('c2'), joined('c2', 'c2#1', -1))
  expect(worlds.awaits(join('c2', 'c2#1'))).toEqual(['c2'])
  expect(worlds.judge(join('c2', 'c2#1'), joined('c2', 'c2#1', 2)).kind).toBe('wrong')
  expect(worlds.judge(join('c2', 'c2#1'), joined('c2', 'c2#1', 1)).kind).toBe('allowed')
})
