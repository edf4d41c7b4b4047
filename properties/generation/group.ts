// Walking one group coordinator: clients that join, sync, beat and commit as they should, zombies that still believe in an
// older generation, a log that is slow, fails or moves to another broker, and a clock that stops just short of deadlines.
import type { AssignorName, TopicPartition } from '../../model/vocabulary/choosing.ts'
import type {
  GroupMemberObservation,
  GroupObservation,
  GroupOperation,
  GroupScopeObservation,
} from '../../model/vocabulary/groups.ts'
import type { CommittedOffset, GroupRequest, JoinProtocol } from '../../model/vocabulary/messages.ts'
import type { Random } from '../random.ts'
import type { SetupOf } from '../scope.ts'
import { drawLength } from './mix.ts'
import type { Move, Walker } from './walk.ts'

/** What a client was told once, whether or not it still holds. */
type Membership = {
  readonly groupId: string
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly generationId: number
  readonly client: string
}
type Body<R> = R extends unknown ? Omit<R, 'correlationId'> : never
type Seen = GroupScopeObservation

/** Draws a coordinator's settings, and clients for it. */
export function startGroupWalker(random: Random, given?: SetupOf<'group'>): Walker<'group'> {
  const setup = given ?? drawSetup(random)
  const clients = new GroupClients(random)
  return {
    setup,
    length: drawLength(random, 150),
    moves: [...memberMoves(random, clients), ...offsetMoves(random, clients), ...surroundings(random)],
    saw: (operation, outcome) => clients.saw(operation, outcome.responses),
  }
}

function drawSetup(random: Random): SetupOf<'group'> {
  return {
    scope: 'group',
    config: {
      offsetsRetentionMs: random.pick([100, 1000, 5000]),
      offsetsRetentionCheckIntervalMs: random.pick([50, 500, 2000]),
      groupMaxSize: random.pick([1, 2, 3, 10]),
    },
  }
}

function memberMoves(random: Random, clients: GroupClients): readonly Move<'group'>[] {
  return [
    { name: 'join anew', weight: 6, propose: seen => clients.join(seen, '', random.chance(0.35)) },
    { name: 'join with the id handed out', weight: 14, propose: seen => clients.joinPending(seen) },
    { name: 'join again', weight: 8, propose: seen => clients.rejoin(seen, 1) },
    { name: 'all join again', weight: 10, propose: seen => clients.rejoin(seen, 10) },
    { name: 'a static member restarts', weight: 3, propose: seen => clients.restart(seen) },
    { name: 'sync', weight: 8, propose: seen => clients.sync(seen, 1) },
    { name: 'all sync', weight: 12, propose: seen => clients.sync(seen, 10) },
    {
      name: 'heartbeat',
      weight: 7,
      propose: seen => clients.as(seen, member => ({ kind: 'Heartbeat', ...withoutClient(member) })),
    },
    {
      name: 'leave',
      weight: 3,
      propose: seen =>
        clients.as(seen, ({ groupId, memberId, groupInstanceId }) => ({
          kind: 'LeaveGroup',
          groupId,
          memberId,
          groupInstanceId,
        })),
    },
    { name: 'a pending member leaves', weight: 1, propose: seen => clients.leavePending(seen) },
    { name: 'a zombie joins', weight: 2, propose: seen => clients.joinAsZombie(seen) },
    { name: 'a zombie speaks', weight: 4, propose: () => clients.speakAsZombie() },
  ]
}

function offsetMoves(random: Random, clients: GroupClients): readonly Move<'group'>[] {
  return [
    {
      name: 'commit',
      weight: 10,
      propose: seen =>
        clients.as(seen, member => ({ kind: 'OffsetCommit', ...withoutClient(member), offsets: drawOffsets(random) })),
    },
    {
      name: 'commit from outside',
      weight: 3,
      propose: () =>
        clients.request(random.pick(['k1', 'k2']), {
          kind: 'OffsetCommit',
          groupId: random.pick(['g', 'g', 'h']),
          memberId: random.chance(0.85) ? '' : 'k1-1.1.1',
          groupInstanceId: random.chance(0.9) ? null : 'i1',
          generationId: random.chance(0.9) ? -1 : random.pick([-2, 0, 1]),
          offsets: drawOffsets(random),
        }),
    },
    {
      name: 'fetch offsets',
      weight: 3,
      propose: () =>
        clients.request(random.pick(['k1', 'k2']), {
          kind: 'OffsetFetch',
          groupId: random.pick(['g', 'h']),
          partitions: [...partitions],
        }),
    },
  ]
}

function surroundings(random: Random): readonly Move<'group'>[] {
  return [
    {
      name: 'replicated',
      weight: 14,
      propose: ({ outstanding }) =>
        outstanding.length === 0 ? null : { kind: 'replicated', count: random.between(1, outstanding.length) },
    },
    {
      name: 'failWrites',
      weight: 1.5,
      propose: ({ outstanding }) =>
        outstanding.length === 0
          ? null
          : {
              kind: 'failWrites',
              error: random.pick([
                'NOT_ENOUGH_REPLICAS',
                'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
                'NOT_LEADER_OR_FOLLOWER',
                'REQUEST_TIMED_OUT',
              ]),
            },
    },
    {
      name: 'failover',
      weight: 2,
      propose: ({ outstanding, groups }) =>
        groups.length === 0 && random.chance(0.9)
          ? null
          : { kind: 'failover', kept: random.below(outstanding.length + 1) },
    },
    { name: 'a little time', weight: 6, propose: () => ({ kind: 'advance', ms: random.pick([0, 1, 10, 50, 100]) }) },
    {
      name: 'time to a deadline',
      weight: 4,
      propose: ({ now, groups }) => {
        const deadlines = groups.flatMap(({ members }) => members.map(({ sessionDeadline }) => sessionDeadline))
        const deadline = random.pickOrNull(deadlines)
        if (deadline === null) return null
        return { kind: 'advance', ms: Math.max(0, deadline - now + random.between(-1, 1)) }
      },
    },
    { name: 'much time', weight: 2, propose: () => ({ kind: 'advance', ms: random.pick([500, 1000, 3000, 6000]) }) },
  ]
}

/** The clients of one run: who they are, what they offer, and what they were told. */
class GroupClients {
  readonly #random: Random
  readonly #assignors: readonly AssignorName[]
  readonly #told: Membership[] = []
  readonly #asked = new Map<number, { readonly groupId: string; readonly groupInstanceId: string | null }>()
  #correlationId = 0

  constructor(random: Random) {
    this.#random = random
    this.#assignors = random.pick<readonly AssignorName[]>([
      ['range'],
      ['range', 'roundrobin'],
      ['roundrobin', 'range'],
      ['cooperative-sticky'],
      ['sticky', 'range'],
    ])
  }

  saw(operation: GroupOperation, responses: readonly { readonly client: string; readonly response: object }[]): void {
    if (operation.kind === 'request' && operation.request.kind === 'JoinGroup') {
      const { correlationId, groupId, groupInstanceId } = operation.request
      this.#asked.set(correlationId, { groupId, groupInstanceId })
    }
    for (const { client, response } of responses) {
      if (!('memberId' in response) || !('generationId' in response) || !('correlationId' in response)) continue
      const { memberId, generationId, correlationId } = response
      const asked = typeof correlationId === 'number' ? this.#asked.get(correlationId) : undefined
      if (asked === undefined || typeof memberId !== 'string' || typeof generationId !== 'number') continue
      if (memberId !== '') this.#told.push({ ...asked, memberId, generationId, client })
    }
  }

  request(client: string, body: Body<GroupRequest>): GroupOperation {
    this.#correlationId++
    return { kind: 'request', client, request: { ...body, correlationId: this.#correlationId } }
  }

  join(_seen: Seen, memberId: string, isStatic: boolean): GroupOperation {
    const random = this.#random
    const groupInstanceId = isStatic ? random.pick(['i1', 'i2']) : null
    return this.#joinAs(random.pick(['k1', 'k2', 'k3']), random.pick(['g', 'g', 'g', 'h']), memberId, groupInstanceId)
  }

  joinPending({ groups }: Seen): GroupOperation | null {
    const pending = this.#pending(groups)
    return pending === null ? null : this.#joinAs(clientOf(pending.memberId), pending.groupId, pending.memberId, null)
  }

  /** Whoever was only told its id gives it back, under an instance id as well. */
  leavePending({ groups }: Seen): GroupOperation | null {
    const pending = this.#pending(groups)
    if (pending === null) return null
    const groupInstanceId = this.#random.pick([null, null, 'i1', 'i9'])
    return this.request(clientOf(pending.memberId), { kind: 'LeaveGroup', ...pending, groupInstanceId })
  }

  #pending(groups: Seen['groups']): { readonly groupId: string; readonly memberId: string } | null {
    const group = this.#random.pickOrNull(groups.filter(({ pendingMembers }) => pendingMembers.length > 0))
    const memberId = this.#random.pickOrNull(group?.pendingMembers ?? [])
    return group === null || memberId === null ? null : { groupId: group.groupId, memberId }
  }

  /** Members that a rebalance waits for join first; otherwise somebody joins for no reason. */
  rejoin({ groups }: Seen, most: number): readonly GroupOperation[] | null {
    const group = this.#random.pickOrNull(groups.filter(({ members }) => members.length > 0))
    if (group === null) return null
    const missing = group.members.filter(({ awaitingJoin }) => !awaitingJoin)
    if (group.state !== 'PreparingRebalance' && this.#random.chance(0.6)) return null
    return missing
      .slice(0, most)
      .map(({ client, memberId, groupInstanceId }) => this.#joinAs(client, group.groupId, memberId, groupInstanceId))
  }

  /** A static member without its id, most often while its group is Stable and may stay so. */
  restart({ groups }: Seen): GroupOperation | null {
    const group = this.#random.pickOrNull(groups.filter(({ state }) => state === 'Stable' || this.#random.chance(0.2)))
    const member = this.#random.pickOrNull(
      group?.members.filter(({ groupInstanceId }) => groupInstanceId !== null) ?? [],
    )
    if (group === null || member === null) return null
    return this.#joinAs(member.client, group.groupId, '', member.groupInstanceId)
  }

  sync({ groups }: Seen, most: number): readonly GroupOperation[] | null {
    const group = this.#random.pickOrNull(groups.filter(({ members }) => members.length > 0))
    if (group === null) return null
    const missing = group.members.filter(({ awaitingSync }) => !awaitingSync)
    if (group.state !== 'CompletingRebalance' && this.#random.chance(0.7)) return null
    const shuffled = this.#random.chance(0.5) ? missing : missing.toReversed()
    return shuffled.slice(0, most).map(member => this.#syncAs(group, member))
  }

  /** A request as a present member, sometimes with a generation that is one off. */
  as({ groups }: Seen, body: (member: Membership) => Body<GroupRequest>): GroupOperation | null {
    const group = this.#random.pickOrNull(groups.filter(({ members }) => members.length > 0))
    const member = this.#random.pickOrNull(group?.members ?? [])
    if (group === null || member === null) return null
    const generationId = group.generationId + (this.#random.chance(0.1) ? this.#random.pick([-1, 1]) : 0)
    const { memberId, groupInstanceId, client } = member
    const instance = this.#random.chance(0.04) ? this.#random.pick(['i1', 'i9', null]) : groupInstanceId
    return this.request(
      client,
      body({ groupId: group.groupId, memberId, groupInstanceId: instance, generationId, client }),
    )
  }

  joinAsZombie(_seen: Seen): GroupOperation | null {
    const old = this.#random.pickOrNull(this.#told)
    return old === null ? null : this.#joinAs(old.client, old.groupId, old.memberId, old.groupInstanceId)
  }

  speakAsZombie(): GroupOperation | null {
    const old = this.#random.pickOrNull(this.#told)
    if (old === null) return null
    const { groupId, memberId, groupInstanceId, client } = old
    const names = withoutClient(old)
    switch (this.#random.below(4)) {
      case 0:
        return this.request(client, { kind: 'Heartbeat', ...names })
      case 1:
        return this.request(client, { kind: 'OffsetCommit', ...names, offsets: drawOffsets(this.#random) })
      case 2:
        return this.request(client, { kind: 'SyncGroup', ...names, assignments: [] })
      default:
        return this.request(client, { kind: 'LeaveGroup', groupId, memberId, groupInstanceId })
    }
  }

  #joinAs(client: string, groupId: string, memberId: string, groupInstanceId: string | null): GroupOperation {
    const random = this.#random
    return this.request(client, {
      kind: 'JoinGroup',
      groupId,
      memberId,
      groupInstanceId,
      sessionTimeoutMs: random.pick([100, 1000, 1000, 5000]),
      rebalanceTimeoutMs: random.pick([50, 500, 500, 3000]),
      protocols: random.chance(0.02) ? [] : this.#protocols(),
    })
  }

  #protocols(): readonly JoinProtocol[] {
    const random = this.#random
    // Now and then a name that others may lack, or another preference, with which the group may choose differently.
    const usual = random.chance(0.06) ? this.#assignors.toReversed() : this.#assignors
    const assignors = random.chance(0.04) ? (['roundrobin'] as const) : usual
    const topics = random.pick([['t'], ['t'], ['t'], ['t', 'u']])
    // Two that own as much and not the same differ: what is owned is part of the protocol.
    const owned = random.pick([[], [], [], partitions.slice(0, 1), partitions.slice(1, 2)])
    const generationId = random.pick([-1, -1, -1, 1])
    return assignors.map(name => ({ name, topics, owned, generationId }))
  }

  #syncAs(group: GroupObservation, member: GroupMemberObservation): GroupOperation {
    const random = this.#random
    const isLeader = group.leader === member.memberId || random.chance(0.03)
    const count = group.members.length
    const assignments = group.members
      .map(({ memberId }, index) => ({ memberId, partitions: partitions.filter((_, at) => at % count === index) }))
      .filter(() => random.chance(0.9))
    return this.request(member.client, {
      kind: 'SyncGroup',
      groupId: group.groupId,
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      generationId: group.generationId + (random.chance(0.05) ? random.pick([-1, 1]) : 0),
      assignments: isLeader ? assignments.toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1)) : [],
    })
  }
}

const partitions: readonly TopicPartition[] = [
  { topic: 't', partition: 0 },
  { topic: 't', partition: 1 },
  { topic: 'u', partition: 0 },
]

function drawOffsets(random: Random): readonly CommittedOffset[] {
  return partitions
    .filter(() => random.chance(0.5))
    .map(partition => ({
      ...partition,
      offset: random.chance(0.02) ? -1 : random.below(20),
      leaderEpoch: random.pick([-1, 0, 3]),
      metadata: random.pick(['', '', 'note']),
    }))
}

function withoutClient({ client: _, ...names }: Membership): Omit<Membership, 'client'> {
  return names
}

/** The client whose name a member id begins with. */
function clientOf(memberId: string): string {
  return memberId.split('-')[0] ?? ''
}
