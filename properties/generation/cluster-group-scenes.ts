// Scenes of groups: a member comes to a group at rest, a static member is replaced, a member commits after its session has
// run out at the coordinator, or just before the coordinator is deposed.
import type { ClusterObservation, ClusterOperation } from '../../model/vocabulary/cluster.ts'
import type { GroupObservation } from '../../model/vocabulary/groups.ts'
import type { BrokerId } from '../../model/vocabulary/units.ts'
import type { Random } from '../random.ts'
import type { SetupOf } from '../scope.ts'
import type { FaultBudget } from './cluster-faults.ts'
import { namesWhere, userPartitions } from './cluster-views.ts'
import type { Move } from './walk.ts'

type Scene = readonly ClusterOperation[] | null

/** Scenes for runs that have groups. */
export function groupScenes(
  random: Random,
  setup: SetupOf<'cluster'>,
  budget: FaultBudget,
): readonly Move<'cluster'>[] {
  return [
    { name: 'a member joins a stable group', weight: 4, propose: seen => joinStableGroup(random, seen, null) },
    {
      name: 'a static member is replaced',
      weight: 3,
      propose: seen => {
        const members = groupsOf(seen).flatMap(group => group.members)
        const instance = random.pickOrNull(members.flatMap(({ groupInstanceId }) => groupInstanceId ?? []))
        return instance === null ? null : joinStableGroup(random, seen, instance)
      },
    },
    { name: 'a zombie commits', weight: 3, propose: seen => zombieCommits(random, setup, seen) },
    {
      name: 'a coordinator is deposed with a commit',
      weight: 3,
      propose: seen => (budget.hasLeft ? deposedWithACommit(random, seen) : null),
    },
  ]
}

function groupsOf({ brokers }: ClusterObservation): readonly GroupObservation[] {
  return Object.values(brokers).flatMap(broker => (broker.status === 'down' ? [] : broker.groups))
}

/** A consumer that could commit now, and the endpoint of the coordinator that it knows. */
function aCommitter(
  random: Random,
  { consumers }: ClusterObservation,
): { readonly consumer: string; readonly coordinator: BrokerId } | null {
  const knowing = namesWhere(
    consumers,
    ({ membership, positions }) => membership === 'stable' && positions.some(({ offset }) => offset >= 0),
  )
  const consumer = random.pickOrNull(knowing)
  const coordinator = consumer === null ? undefined : consumers[consumer]?.coordinator
  return consumer === null || coordinator === undefined || coordinator < 1 ? null : { consumer, coordinator }
}

/** A coordinator has just written a commit, which waits for its followers, when another broker takes over. */
function deposedWithACommit(random: Random, seen: ClusterObservation): Scene {
  const committer = aCommitter(random, seen)
  if (committer === null) return null
  const { consumer, coordinator } = committer
  return [
    { kind: 'commit', consumer },
    { kind: 'deliver', from: consumer, to: `b${coordinator}` },
    { kind: 'expireSession', broker: coordinator },
    { kind: 'deliver', from: 'ctl', to: `b${coordinator}` },
  ]
}

/** Time passes at the coordinator alone, until a member's session is over; the member knows nothing, and commits. */
function zombieCommits(random: Random, { client }: SetupOf<'cluster'>, seen: ClusterObservation): Scene {
  const committer = aCommitter(random, seen)
  if (committer === null) return null
  const { consumer, coordinator } = committer
  const node = `b${coordinator}`
  return [
    { kind: 'advance', ms: client.sessionTimeoutMs, node },
    { kind: 'commit', consumer },
    { kind: 'deliver', from: consumer, to: node },
    { kind: 'deliver', from: node, to: consumer },
  ]
}

/** Somebody opens a consumer in a group that is at rest, and time passes until all have heard of it. */
function joinStableGroup(random: Random, seen: ClusterObservation, groupInstanceId: string | null): Scene {
  const closed = random.pickOrNull(
    namesWhere(seen.consumers, ({ open, membership }) => !open || membership !== 'stable'),
  )
  const isStable = namesWhere(seen.consumers, ({ membership }) => membership === 'stable').length > 0
  const topics = [...new Set(userPartitions(seen).map(({ topic }) => topic))]
  if (closed === null || !isStable || topics.length === 0) return null
  const assignor = groupsOf(seen).find(({ members }) => members.length > 0)?.protocolName
  return [
    {
      kind: 'openConsumer',
      consumer: closed,
      groupId: 'g',
      groupInstanceId,
      topics,
      partitions: [],
      assignors: [assignor ?? 'range'],
      reset: 'earliest',
    },
    { kind: 'elapse', ms: 1000 },
  ]
}
