// The coordinators of brokers in a cluster: requests through the network, records in replicated logs.
import { expect, test } from 'vitest'
import { LastingTestCluster } from '../../properties/simulation/lasting-cluster.ts'
import { encodeAssignment, encodeSubscription } from '../client/consumer-protocol.ts'
import type { GroupRequest, ListGroups } from '../group/messages.ts'
import type { WireResponse } from '../ports/network.ts'

type Unnumbered<Request> = Request extends unknown ? Omit<Request, 'correlationId'> : never

const subscription = encodeSubscription({
  topics: ['t'],
  userData: new Uint8Array([1, 2]),
  ownedPartitions: [],
  generationId: -1,
  rackId: 'Käserei',
})
const share = encodeAssignment({ partitions: [{ topic: 't', partition: 0 }], userData: null })
const offset = (topic: string) => ({ topic, partition: 0, offset: 7, leaderEpoch: 0, metadata: 'ä😀' })
const commit = (groupId: string, topic: string) =>
  ({
    kind: 'OffsetCommit',
    groupId,
    memberId: '',
    groupInstanceId: null,
    generationId: -1,
    understandsUnknownGroup: true,
    offsets: [offset(topic)],
  }) as const

/** A cluster with the topics t and u, whose groups b1 coordinates, and a client that speaks to it by hand. */
function startCluster() {
  const cluster = new LastingTestCluster()
  cluster.administration.createInternalTopic({
    topic: '__consumer_offsets',
    partitions: -1,
    replicationFactor: -1,
    assignments: [{ partition: 0, brokerIds: [1, 2, 3] }],
    settings: [],
  })
  cluster.createTopic('t', [[1, 2, 3]])
  cluster.createTopic('u', [[1, 2, 3]])
  const coordinator = cluster.image.partitions.find(({ topic }) => topic === '__consumer_offsets')?.leader ?? -1
  const { network } = cluster.cluster
  let correlationId = 0
  /** Asks a broker, and answers the last that it says when everything is quiet. */
  const ask = (request: Unnumbered<GroupRequest | ListGroups>, broker = coordinator): WireResponse | null => {
    const from = `b${broker}`
    cluster.cluster.apply({ kind: 'cut', from, to: 'c1' })
    network.takeChanged()
    network.send('c1', from, { ...request, correlationId: ++correlationId })
    cluster.elapse(1000)
    const answers = [...network.takeChanged()].find(link => link.name === `${from}>c1`)?.queue ?? []
    const last = answers.at(-1)?.message
    return last !== undefined && 'error' in last ? last : null
  }
  const join = (groupId: string) => {
    const fields = {
      groupId,
      groupInstanceId: null,
      sessionTimeoutMs: 60_000,
      rebalanceTimeoutMs: 60_000,
      reason: null,
    }
    const answer = ask({
      ...fields,
      kind: 'JoinGroup',
      memberId: '',
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: subscription }],
      clientId: 'k',
      clientHost: '/127.0.0.1',
      requiresKnownMemberId: false,
      supportsSkippingAssignment: true,
    })
    const memberId = answer?.kind === 'JoinGroupResponse' ? answer.memberId : ''
    const names = { groupId, memberId, groupInstanceId: null, generationId: 1, protocolType: null, protocolName: null }
    ask({ ...names, kind: 'SyncGroup', assignments: [{ memberId, assignment: share }] })
    return memberId
  }
  return { cluster, coordinator, ask, join }
}

test('groups are listed by the broker that coordinates them, by state and type in any case', () => {
  const { ask, join } = startCluster()
  join('g')
  expect(ask(commit('f', 't'))).toMatchObject({ kind: 'OffsetCommitResponse', error: 'NONE' })
  const list = (states: readonly string[], types: readonly string[] = []) => {
    const answer = ask({ kind: 'ListGroups', states, types })
    return answer?.kind === 'ListGroupsResponse' ? answer.groups : null
  }
  const f = { groupId: 'f', protocolType: '', state: 'Empty' }
  const g = { groupId: 'g', protocolType: 'consumer', state: 'Stable' }
  expect(list([])).toEqual([f, g])
  expect(list(['stable', 'Dead'])).toEqual([g])
  expect(list(['EMPTY'], ['Classic'])).toEqual([f])
  expect(list([], ['consumer'])).toEqual([])
})

test('a broker that does not coordinate a group says so to every request, and lists nothing', () => {
  const { ask, coordinator } = startCluster()
  const other = coordinator === 1 ? 2 : 1
  expect(ask({ kind: 'DescribeGroup', groupId: 'g' }, other)).toMatchObject({ error: 'NOT_COORDINATOR' })
  expect(ask({ kind: 'DeleteGroup', groupId: 'g' }, other)).toMatchObject({ error: 'NOT_COORDINATOR' })
  expect(ask({ kind: 'OffsetDelete', groupId: 'g', partitions: [] }, other)).toMatchObject({ error: 'NOT_COORDINATOR' })
  expect(ask(commit('g', 't'), other)).toMatchObject({ error: 'NOT_COORDINATOR' })
  expect(ask({ kind: 'ListGroups', states: [], types: [] }, other)).toMatchObject({ groups: [] })
})

test('everything is as it was, byte for byte, after all processes were killed', () => {
  const { cluster, ask, join, coordinator } = startCluster()
  const groupId = '群 1'
  const memberId = join(groupId)
  const names = { memberId, groupInstanceId: null, generationId: 1 }
  expect(
    ask({ kind: 'OffsetCommit', groupId, ...names, understandsUnknownGroup: true, offsets: [offset('t')] }),
  ).toMatchObject({ error: 'NONE' })
  const described = ask({ kind: 'DescribeGroup', groupId })
  expect(described).toMatchObject({
    state: 'Stable',
    members: [{ clientId: 'k', clientHost: '/127.0.0.1', metadata: subscription, assignment: share }],
  })
  cluster.killAll()
  cluster.start(1, 2, 3)
  cluster.do({ kind: 'electLeader', topic: '__consumer_offsets', partition: 0, election: 'preferred' })
  cluster.elapse(1000)
  const again = ask({ kind: 'DescribeGroup', groupId }, coordinator)
  expect(again).toEqual({ ...described, correlationId: expect.anything() })
  expect(ask({ kind: 'OffsetFetch', groupId, partitions: null })).toMatchObject({ offsets: [offset('t')] })
})

test('what is committed for a topic goes with the topic', () => {
  const { cluster, ask } = startCluster()
  ask(commit('g', 't'))
  ask(commit('g', 'u'))
  expect(cluster.administration.deleteTopics([{ topic: 't', topicId: null }])).toMatchObject([{ error: 'NONE' }])
  cluster.elapse(1000)
  const left = ask({ kind: 'OffsetFetch', groupId: 'g', partitions: null })
  expect(left).toMatchObject({ error: 'NONE', offsets: [{ topic: 'u' }] })
  cluster.createTopic('t', [[1, 2, 3]])
  expect(ask({ kind: 'OffsetFetch', groupId: 'g', partitions: [{ topic: 't', partition: 0 }] })).toMatchObject({
    offsets: [{ offset: -1 }],
  })
})
