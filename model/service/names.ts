// Member ids. The broker makes them up, so a run speaks of them in symbols: `c1#2` is the second that client c1 was told.
import type { Group } from '../group/state.ts'
import { unreachable } from '../unreachable.ts'
import type { GroupResponse } from '../vocabulary/messages.ts'
import type { ServiceGroupAnswer } from '../vocabulary/service.ts'
import type { Told } from './groups.ts'
import { type Alternative, versionOf, type World } from './world.ts'

/** The coordinator's id for a symbol; '' for '', and an id that nobody has for a symbol that nobody was told. */
export function named({ names }: World, symbol: string): string {
  if (symbol === '') return ''
  return names.find(name => name.symbol === symbol)?.memberId ?? `nobody ${symbol}`
}

/** The symbol of a member's id; `c1#?` for one that its client was not told yet. */
export function symbolOf({ names }: World, memberId: string, client: string | null): string {
  return names.find(name => name.memberId === memberId)?.symbol ?? `${client ?? ''}#?`
}

/**
 * What clients were told, in their words, ascending by client. First each answer's own id gets its symbol; then leaders and
 * members can be spoken of.
 */
export function toldTo(world: World, former: Group, told: readonly Told[]): Alternative {
  const sorted = [...told].sort((a, b) => (a.client < b.client ? -1 : a.client > b.client ? 1 : 0))
  const after = sorted.reduce(withNameTold, world)
  const answers = sorted
    .flatMap(({ client, response }) => answerOf(after, former, client, response))
    .sort((a, b) => (a.client === b.client ? order.indexOf(a.to) - order.indexOf(b.to) : 0))
  return { outcome: { kind: 'answers', answers }, world: after }
}

/** Answers to one client may come in any order, on connections of their own. */
const order: readonly ServiceGroupAnswer['to'][] = ['join', 'sync', 'heartbeat', 'leave', 'commit']

/** An id counts as told when the coordinator handed it out; an error may repeat one that it never made. */
function withNameTold(world: World, { client, response }: Told): World {
  if (response.kind !== 'JoinGroupResponse' || response.memberId === '') return world
  const { memberId } = response
  const isMade = !memberId.startsWith('nobody ')
  if (!isMade || world.names.some(name => name.memberId === memberId)) return world
  const count = world.names.filter(name => name.client === client).length + 1
  return { ...world, names: [...world.names, { client, memberId, symbol: `${client}#${count}` }] }
}

function answerOf(world: World, former: Group, client: string, response: GroupResponse): readonly ServiceGroupAnswer[] {
  switch (response.kind) {
    case 'JoinGroupResponse':
      return [joinAnswer(world, former, client, response)]
    case 'SyncGroupResponse':
      return [{ to: 'sync', client, error: response.error, partitions: response.partitions }]
    case 'HeartbeatResponse':
      return [{ to: 'heartbeat', client, error: response.error }]
    case 'LeaveGroupResponse':
      return [{ to: 'leave', client, error: response.error }]
    case 'OffsetCommitResponse':
      return [{ to: 'commit', client, error: response.error }]
    case 'OffsetFetchResponse':
      return []
    default:
      return unreachable(response)
  }
}

type Joined = Extract<GroupResponse, { readonly kind: 'JoinGroupResponse' }>

function joinAnswer(world: World, former: Group, client: string, response: Joined): ServiceGroupAnswer {
  const { error, memberId, generationId, protocolName } = response
  const own = memberId === '' || memberId.startsWith('nobody ') ? '' : symbolOf(world, memberId, client)
  if (error !== 'NONE') {
    // Which id another error carries is not said.
    const told = error === 'MEMBER_ID_REQUIRED' ? own : ''
    return { to: 'join', client, error, memberId: told, generationId: -1, protocolName: null, leader: '', members: [] }
  }
  const isTold = versionOf(world, 'JoinGroup') >= 9 || !isLeaderRestarted(former, response)
  const members = isTold ? response.members : []
  const leader = isTold ? response.leader : (former.leader ?? '')
  return {
    to: 'join',
    client,
    error,
    memberId: own,
    generationId,
    protocolName,
    leader: symbolOf(world, leader, null),
    members: members
      .map(({ memberId: id, groupInstanceId, protocol }) => ({
        memberId: symbolOf(world, id, null),
        groupInstanceId,
        topics: protocol.topics,
      }))
      .sort((a, b) => (a.memberId < b.memberId ? -1 : 1)),
  }
}

/**
 * A static leader that was restarted while its group is stable: before version 9 it is not told that it leads, so that it
 * does not assign again (KIP-814).
 */
function isLeaderRestarted(former: Group, { leader, memberId, generationId }: Joined): boolean {
  return (
    former.phase.state === 'Stable' &&
    generationId === former.generationId &&
    leader === memberId &&
    former.leader !== memberId
  )
}
