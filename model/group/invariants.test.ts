import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AssignorName } from '../vocabulary/choosing.ts'
import type { GroupOperation, GroupScopeObservation } from '../vocabulary/groups.ts'
import {
  commit,
  fetch,
  heartbeat,
  join,
  leave,
  offer,
  partition,
  request,
  setup,
  stableGroup,
  sync,
} from './examples.ts'
import { checkGroup } from './invariants.ts'
import { initialGroupScope, observeGroupScope, stepGroupScope } from './scope.ts'
import { staticMembersKeepTheirShare } from './static-members.ts'

/** A wish for an operation, which becomes one when the group is known: member and generation as it has them, or not. */
type Wish = {
  readonly what: number
  readonly who: number
  readonly claim: number
  readonly instance: number
  readonly ms: number
}

const wishes = fc.array(
  fc.record({
    what: fc.nat(20),
    who: fc.nat(3),
    claim: fc.nat(11),
    instance: fc.nat(5),
    ms: fc.constantFrom(0, 1, 500, 1_000, 3_000, 12_000),
  }),
  { minLength: 20, maxLength: 60 },
)

function operationFor({ what, who, claim, instance, ms }: Wish, seen: GroupScopeObservation): GroupOperation {
  const [group] = seen.groups
  const client = `c${1 + who}`
  const members = group?.members ?? []
  const own = members.find(member => member.client === client) ?? members[0]
  const memberId = claim === 0 ? 'stranger' : (own?.memberId ?? group?.pendingMembers[0] ?? '')
  const generationId = (group?.generationId ?? 0) - (claim === 1 ? 1 : 0)
  const groupInstanceId = own?.groupInstanceId ?? null
  const names: readonly AssignorName[] = claim % 2 === 0 ? ['range', 'sticky'] : ['sticky', 'range']
  const topics = instance === 0 ? ['t', 'u'] : ['t']
  const protocols = names.map(name => offer(name, ...topics))
  const shares = members.map((member, index) => ({ memberId: member.memberId, partitions: [partition(index)] }))
  if (what < 3) return join(client, { protocols, ...(instance < 2 ? { groupInstanceId: `i${instance}` } : {}) })
  if (what < 8) {
    const pendingOrOwn = claim % 3 === 0 ? (group?.pendingMembers[0] ?? memberId) : memberId
    return join(client, { memberId: pendingOrOwn, protocols, ...(groupInstanceId === null ? {} : { groupInstanceId }) })
  }
  if (what < 11) return sync(client, memberId, generationId, memberId === group?.leader ? shares : [])
  if (what === 11) return heartbeat(client, memberId, generationId)
  if (what === 12) return instance < 2 ? leave(client, memberId) : heartbeat(client, memberId, generationId)
  if (what < 15) return claim < 3 ? commit(client, '', -1, ms) : commit(client, memberId, generationId, ms)
  if (what === 15) return fetch(client)
  if (what < 18) return { kind: 'advance', ms }
  if (what === 18) return { kind: 'replicated', count: 1 + instance }
  if (what === 19) return { kind: 'replicated', count: 1 }
  return claim < 6 ? { kind: 'failover', kept: instance } : { kind: 'failWrites', error: 'REQUEST_TIMED_OUT' }
}

test('every claim holds after every operation on a coordinator', () => {
  const reached = new Set<string>()
  fc.assert(
    fc.property(wishes, all => {
      let state = initialGroupScope(setup)
      for (const wish of all) {
        const before = observeGroupScope(state)
        const operation = operationFor(wish, before)
        const step = stepGroupScope(state, operation)
        const after = observeGroupScope(step.state)
        expect(checkGroup({ config: setup.config, before, operation, outcome: step.outcome, after })).toBeNull()
        for (const { response } of step.outcome.responses) reached.add(`${response.kind} ${response.error}`)
        for (const group of after.groups) reached.add(group.state)
        state = step.state
      }
    }),
    { numRuns: 300, seed: 7 },
  )
  expect([...reached].sort()).toEqual(expect.arrayContaining(['CompletingRebalance', 'Empty', 'Stable']))
  expect([...reached].sort()).toEqual(
    expect.arrayContaining([
      'HeartbeatResponse ILLEGAL_GENERATION',
      'JoinGroupResponse FENCED_INSTANCE_ID',
      'JoinGroupResponse NOT_COORDINATOR',
      'OffsetCommitResponse COORDINATOR_NOT_AVAILABLE',
      'SyncGroupResponse NONE',
      'SyncGroupResponse REBALANCE_IN_PROGRESS',
    ]),
  )
})

const config = setup.config

/** The observations around the last of some operations. */
function last(...operations: readonly GroupOperation[]) {
  let state = initialGroupScope(setup)
  for (const operation of operations.slice(0, -1)) state = stepGroupScope(state, operation).state
  const before = observeGroupScope(state)
  const operation = operations[operations.length - 1] ?? { kind: 'advance', ms: 0 }
  const { state: next, outcome } = stepGroupScope(state, operation)
  return { config, before, operation, outcome, after: observeGroupScope(next) }
}

test('a commit that is taken from an old generation breaks G2', () => {
  const seen = last(...stableGroup, commit('c1', 'c1-1.1.1', 1, 7))
  expect(checkGroup(seen)).toBeNull()
  const [answer] = seen.outcome.responses
  if (answer === undefined) throw new Error('the commit was not answered')
  const taken = { ...answer, response: { ...answer.response, error: 'NONE' as const } }
  expect(checkGroup({ ...seen, outcome: { ...seen.outcome, responses: [taken] } })).toEqual({
    claim: 'G2',
    sentence:
      "OffsetCommit of member 'c1-1.1.1' of g was answered OffsetCommitResponse NONE instead of ILLEGAL_GENERATION",
  })
})

test('an acknowledged commit that a failover forgets breaks F6', () => {
  const seen = last(commit('c1', '', -1, 7), { kind: 'replicated', count: 1 }, { kind: 'failover', kept: 0 })
  expect(checkGroup(seen)).toBeNull()
  expect(checkGroup({ ...seen, after: { ...seen.after, groups: [] } })).toEqual({
    claim: 'F6',
    sentence: 'offset|g|t|0 is not 7|-1|0| after a failover',
  })
})

test('offsets that go while their group has members break F6', () => {
  const used = [...stableGroup, commit('c1', 'c1-1.1.1', 2, 7), { kind: 'replicated', count: 1 } as const]
  const seen = last(...used, { kind: 'advance', ms: 0 })
  const groups = seen.after.groups.map(group => ({ ...group, offsets: [] }))
  expect(checkGroup({ ...seen, after: { ...seen.after, groups } })?.claim).toBe('F6')
})

test('a static member that must join again because it names other topics breaks G5', () => {
  const stable = [
    join('c1', { groupInstanceId: 'i' }),
    sync('c1', 'c1-1.1.1', 1),
    { kind: 'replicated', count: 1 } as const,
  ]
  const seen = last(...stable, join('c1', { groupInstanceId: 'i', protocols: [offer('range', 'u')] }))
  expect(checkGroup(seen)).toBeNull()
  const groups = seen.after.groups.map(group => ({ ...group, state: 'PreparingRebalance' as const }))
  const rebalanced = { ...seen, outcome: { ...seen.outcome, responses: [] }, after: { ...seen.after, groups } }
  expect(staticMembersKeepTheirShare(rebalanced)).toEqual({
    claim: 'G5',
    sentence: 'instance i came back to g and did not find its share',
  })
})

test('a group that is Stable in a new generation at once breaks G3', () => {
  const seen = last(...stableGroup, request('c1', { kind: 'OffsetFetch', partitions: [] }))
  const groups = seen.after.groups.map(group => ({ ...group, generationId: 3 }))
  expect(checkGroup({ ...seen, after: { ...seen.after, groups } })).toEqual({
    claim: 'G3',
    sentence: 'g went from Stable in generation 2 to Stable in generation 3',
  })
})

test('members of one generation that are told of two leaders break G1', () => {
  const seen = last(...stableGroup, { kind: 'advance', ms: 0 })
  const groups = seen.after.groups.map(group => ({ ...group, leader: 'c2-1.1.2' }))
  expect(checkGroup({ ...seen, after: { ...seen.after, groups } })).toEqual({
    claim: 'G1',
    sentence: 'members disagree on leader or protocol of g in generation 2',
  })
})

test.each(['awaitingJoin', 'awaitingSync'] as const)('a member of a Stable group that waits breaks G3: %s', waiting => {
  const seen = last(...stableGroup, { kind: 'advance', ms: 0 })
  const groups = seen.after.groups.map(group => ({
    ...group,
    members: group.members.map(member => ({ ...member, [waiting]: true })),
  }))
  expect(checkGroup({ ...seen, after: { ...seen.after, groups } })).toEqual({
    claim: 'G3',
    sentence: `g is Stable and has a waiting ${waiting === 'awaitingJoin' ? 'join' : 'sync'}`,
  })
})
