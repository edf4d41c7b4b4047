// What members of groups do on a live broker, and whoever looks at groups from outside.
import { findGroup, type Group, type GroupMember } from '../../model/group/state.ts'
import { symbolOf } from '../../model/service/names.ts'
import type { World } from '../../model/service/world.ts'
import type { AssignorName, TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { ServiceAssignment, ServiceMember, ServiceOperation } from '../../model/vocabulary/service.ts'
import type { Random } from '../random.ts'
import type { ServiceMove } from './service.ts'

const groups = ['g1', 'g2'] as const
const clients = ['c1', 'c2', 'c3'] as const
/** Each takes as long as a session. */
const lapsesMost = 1

type Join = Extract<ServiceOperation, { readonly kind: 'join' }>

/** The moves of one run. Each client keeps its instance id for as long as the run lasts. */
export function groupMoves(random: Random): readonly ServiceMove[] {
  const draw = new Draw(random)
  let lapses = 0
  const move = (name: string, weight: number, propose: ServiceMove['propose']): ServiceMove => ({
    name,
    weight,
    propose,
  })
  const byMember = (
    world: World,
    then: (member: ServiceMember, group: Group, self: GroupMember) => readonly ServiceOperation[] | null,
  ) => {
    const groupId = draw.group()
    const group = findGroup(world.coordinator, groupId)
    const self = random.pickOrNull(group.members.filter(isFree))
    return self === null ? null : then(memberOf(world, groupId, self), group, self)
  }
  return [
    move('join', 8, world => draw.join(world, 'long')),
    move('bringTogether', 8, world => draw.bringTogether(world)),
    move('rejoin', 3, world =>
      byMember(world, (member, _group, self) => [{ ...draw.offer(member, self), session: 'long' }]),
    ),
    move('restartStatic', 3, world =>
      byMember(world, (member, _group, self) =>
        member.groupInstanceId === null
          ? null
          : [{ ...draw.offer({ ...member, memberId: '' }, self), session: 'long' }],
      ),
    ),
    move('sync', 4, world => byMember(world, (member, group) => [draw.sync(world, member, group)])),
    move('heartbeat', 5, world =>
      byMember(world, (member, group) => [{ kind: 'heartbeat', ...member, generationId: group.generationId }]),
    ),
    move('leave', 2, world => byMember(world, member => [{ kind: 'leave', ...member }])),
    move('commit', 6, world => byMember(world, (member, group) => draw.commit(world, member, group.generationId))),
    move('commitFromOutside', 2, world =>
      draw.commit(
        world,
        { group: draw.group(), client: random.pick(clients), memberId: '', groupInstanceId: null },
        -1,
      ),
    ),
    move('committed', 4, world => {
      const place = draw.place(world)
      return place === null ? null : [{ kind: 'committed', group: draw.group(), ...place }]
    }),
    move('zombie', 5, world => byMember(world, (member, group) => draw.zombie(world, member, group))),
    move('stranger', 2, world =>
      draw.zombie(
        world,
        {
          group: draw.group(),
          client: random.pick(clients),
          memberId: random.pick(['c1#1', 'c2#2', 'c3#9']),
          groupInstanceId: null,
        },
        findGroup(world.coordinator, 'g1'),
      ),
    ),
    move('describeGroup', 3, () => [{ kind: 'describeGroup', group: draw.group() }]),
    move('listGroups', 1, () => [{ kind: 'listGroups' }]),
    move('deleteGroup', 1, () => [{ kind: 'deleteGroup', group: draw.group() }]),
    move('deleteOffset', 1, world => {
      const place = draw.place(world)
      return place === null ? null : [{ kind: 'deleteOffset', group: draw.group(), ...place }]
    }),
    move('lapse', 0.4, world => {
      if (lapses >= lapsesMost) return null
      const scene = draw.lapse(world)
      if (scene !== null) lapses++
      return scene
    }),
  ]
}

/** Every group is looked at, and asked for what it committed. */
export function groupFinale({ coordinator, topics }: World): readonly ServiceOperation[] {
  return coordinator.groups.flatMap(({ groupId, offsets }) => [
    { kind: 'describeGroup' as const, group: groupId },
    ...offsets
      .filter(({ topic }) => topics.some(known => known.topic === topic))
      .map(({ topic, partition }) => ({ kind: 'committed' as const, group: groupId, topic, partition })),
  ])
}

/** Who waits for an answer says nothing else. */
function isFree({ waitingJoin, waitingSync }: GroupMember): boolean {
  return waitingJoin === null && waitingSync === null
}

function memberOf(world: World, group: string, { client, memberId, groupInstanceId }: GroupMember): ServiceMember {
  return { group, client, memberId: symbolOf(world, memberId, client), groupInstanceId }
}

class Draw {
  readonly #random: Random
  /** One of them is a static member in some runs. */
  readonly #instances: ReadonlyMap<string, string>
  readonly #groups: readonly string[]

  constructor(random: Random) {
    this.#random = random
    const statics = random.chance(0.4) ? clients.filter(() => random.chance(0.6)) : []
    this.#instances = new Map(statics.map(client => [client, `i-${client}`]))
    this.#groups = random.chance(0.8) ? ['g1'] : groups
  }

  group(): string {
    return this.#random.pickOrNull(this.#groups) ?? 'g1'
  }

  /** A client that is in no group joins: twice, where it is first told a member id. */
  join(world: World, session: Join['session']): readonly ServiceOperation[] | null {
    const groupId = this.group()
    const group = findGroup(world.coordinator, groupId)
    const client = this.#random.pickOrNull(clients.filter(name => !isBusy(world, name)))
    if (client === null) return null
    const pending = group.pending.find(({ memberId }) => symbolOf(world, memberId, null).startsWith(`${client}#`))
    const member: ServiceMember = {
      group: groupId,
      client,
      memberId: pending === undefined ? '' : symbolOf(world, pending.memberId, client),
      groupInstanceId: this.#instances.get(client) ?? null,
    }
    const first: Join = { kind: 'join', ...member, session, protocols: this.#protocols() }
    if (member.groupInstanceId !== null || member.memberId !== '' || this.#random.chance(0.2)) return [first]
    const count = world.names.filter(name => name.client === client).length
    return [first, { ...first, memberId: `${client}#${count + 1}` }]
  }

  /** Everybody who should rejoins, and syncs, the leader first or last: the group becomes stable. */
  bringTogether(world: World): readonly ServiceOperation[] | null {
    const groupId = this.group()
    const group = findGroup(world.coordinator, groupId)
    const free = group.members.filter(isFree)
    if (free.length === 0) return this.join(world, 'long')
    switch (group.phase.state) {
      case 'PreparingRebalance':
        return free.map(self => ({ ...this.offer(memberOf(world, groupId, self), self), session: 'long' }))
      case 'CompletingRebalance': {
        const ordered = this.#random.chance(0.5) ? free : free.toReversed()
        return ordered.map(self => this.sync(world, memberOf(world, groupId, self), group))
      }
      default:
        return null
    }
  }

  /** What a member offers when it joins again: mostly what it did before. */
  offer(member: ServiceMember, { protocols }: GroupMember): Omit<Join, 'session'> {
    const same = protocols.map(({ name, topics }) => ({ name, topics }))
    return { kind: 'join', ...member, protocols: this.#random.chance(0.7) ? same : this.#protocols() }
  }

  sync(world: World, member: ServiceMember, group: Group): ServiceOperation {
    const isLeader = group.leader !== null && symbolOf(world, group.leader, member.client) === member.memberId
    const assignments = isLeader ? this.#assignments(world, group) : []
    return { kind: 'sync', ...member, generationId: group.generationId, assignments }
  }

  commit(world: World, member: ServiceMember, generationId: number): readonly ServiceOperation[] | null {
    const place = this.place(world)
    if (place === null) return null
    const offset = this.#random.pick([0, 1, 2, 5, 7])
    return [{ kind: 'commit', ...member, generationId, ...place, offset, metadata: this.#random.pick(['', '', 'm']) }]
  }

  place({ topics }: World): TopicPartition | null {
    const topic = this.#random.pickOrNull(topics)
    return topic === null ? null : { topic: topic.topic, partition: this.#random.below(topic.partitions.length) }
  }

  /** Requests that must change nothing: of another generation, an unknown member, another's instance. */
  zombie(world: World, member: ServiceMember, { generationId }: Group): readonly ServiceOperation[] | null {
    const random = this.#random
    const other = random.pick<readonly [ServiceMember, number]>([
      [member, generationId - 1],
      [member, generationId + 1],
      [{ ...member, memberId: `${member.client}#9` }, generationId],
      [{ ...member, groupInstanceId: 'i-c9' }, generationId],
      [{ ...member, groupInstanceId: 'i-c1' }, generationId],
    ])
    const [who, generation] = other
    const kind = random.pick(['heartbeat', 'heartbeat', 'sync', 'commit', 'leave', 'join'])
    switch (kind) {
      case 'heartbeat':
        return [{ kind, ...who, generationId: generation }]
      case 'sync':
        return [{ kind, ...who, generationId: generation, assignments: [] }]
      case 'commit':
        return this.commit(world, who, generation)
      case 'leave':
        return who === member ? null : [{ kind, ...who }]
      default:
        return who === member ? null : [{ kind: 'join', ...who, session: 'long', protocols: this.#protocols() }]
    }
  }

  /** A member with a short session joins, perhaps syncs, and is not heard of again. */
  lapse(world: World): readonly ServiceOperation[] | null {
    const joins = this.join(world, 'short')
    const last = joins?.at(-1)
    if (joins === null || last?.kind !== 'join' || last.groupInstanceId !== null || last.memberId === '') return null
    const group = findGroup(world.coordinator, last.group)
    const { client, memberId } = last
    const others = group.members.filter(isFree)
    const rejoins = others.map(
      (self): ServiceOperation => ({
        ...this.offer(memberOf(world, last.group, self), self),
        session: 'long',
      }),
    )
    return [...joins, ...rejoins, { kind: 'lapse', group: last.group, client, memberId }]
  }

  #protocols(): Join['protocols'] {
    const random = this.#random
    const topics = random.pick([['t1'], ['t1'], ['t1', 't2'], ['t2']])
    const names = random.pick<readonly AssignorName[]>([
      ['range'],
      ['range'],
      ['range', 'roundrobin'],
      ['roundrobin', 'range'],
      ['sticky'],
    ])
    return names.map(name => ({ name, topics }))
  }

  /** Whatever it likes: the coordinator does not look. */
  #assignments(world: World, { members }: Group): readonly ServiceAssignment[] {
    const partitions = Array.from({ length: this.#random.between(0, 4) }, (_, partition) => ({
      topic: 't1',
      partition,
    }))
    return members
      .map(({ memberId, client }, index) => ({
        memberId: symbolOf(world, memberId, client),
        partitions: partitions.filter(({ partition }) => partition % members.length === index),
      }))
      .sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
  }
}

/** A client that is a member somewhere does not join elsewhere. */
function isBusy({ coordinator }: World, client: string): boolean {
  return coordinator.groups.some(({ members }) => members.some(member => member.client === client))
}
