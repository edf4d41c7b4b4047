// What becomes of a partition when its in-sync set changes or somebody may lead it: a function of values.
// Follows `PartitionChangeBuilder` and KIP-966; docs/protocol/cluster.md §3.7.
import type { PartitionState } from '../../model/vocabulary/messages.ts'
import type { BrokerId } from '../../model/vocabulary/units.ts'

/** What the change has to know besides the partition's own state. */
export type ElectionRules = {
  readonly minInSyncReplicas: number
  readonly uncleanLeaderElection: boolean
  readonly isUnfenced: (brokerId: BrokerId) => boolean
}

type Elected = Pick<PartitionState, 'leader' | 'inSyncReplicas' | 'eligibleLeaderReplicas'>

/**
 * The state after `target` became the in-sync set (ascending), and a broker that lost its data stopped being eligible.
 * The same object when nothing of it changed.
 */
export function changeInSyncReplicas(
  state: PartitionState,
  target: readonly BrokerId[],
  rules: ElectionRules,
  lost: BrokerId | null = null,
): PartitionState {
  const enough = target.length >= Math.min(rules.minInSyncReplicas, state.replicas.length)
  const eligible = enough
    ? []
    : sorted([...state.inSyncReplicas, ...state.eligibleLeaderReplicas]).filter(
        id => !target.includes(id) && id !== lost,
      )
  return withElected(state, elect(state, target, eligible, rules))
}

/** The state after `leader` was chosen over the head of whoever led; the in-sync set stays. */
export function electPreferred(state: PartitionState, leader: BrokerId): PartitionState {
  return withElected(state, { ...state, leader })
}

/** The state after an unfenced replica was made leader whatever it holds; null when all are fenced. */
export function electUnclean(state: PartitionState, rules: ElectionRules): PartitionState | null {
  const leader = state.replicas.find(rules.isUnfenced)
  return leader === undefined ? null : withElected(state, alone(leader))
}

function elect(
  state: PartitionState,
  target: readonly BrokerId[],
  eligible: readonly BrokerId[],
  rules: ElectionRules,
): Elected {
  const { replicas, leader, lastKnownLeader } = state
  const { isUnfenced } = rules
  const of = (chosen: BrokerId): Elected => ({
    leader: chosen,
    inSyncReplicas: target,
    eligibleLeaderReplicas: eligible,
  })
  if (target.includes(leader) && isUnfenced(leader)) return of(leader)
  const inSync = replicas.find(id => target.includes(id) && isUnfenced(id))
  if (inSync !== undefined) return of(inSync)
  const safe = replicas.find(id => eligible.includes(id) && isUnfenced(id))
  if (safe !== undefined) {
    const inSyncReplicas = sorted([...target, safe])
    return { leader: safe, inSyncReplicas, eligibleLeaderReplicas: eligible.filter(id => id !== safe) }
  }
  const any = rules.uncleanLeaderElection ? replicas.find(isUnfenced) : undefined
  if (any !== undefined) return alone(any)
  const nobody = target.length === 0 && eligible.length === 0
  if (nobody && lastKnownLeader >= 0 && isUnfenced(lastKnownLeader)) return alone(lastKnownLeader)
  return of(-1)
}

function alone(leader: BrokerId): Elected {
  return { leader, inSyncReplicas: [leader], eligibleLeaderReplicas: [] }
}

function withElected(state: PartitionState, elected: Elected): PartitionState {
  const { leader, inSyncReplicas, eligibleLeaderReplicas } = elected
  const same =
    leader === state.leader &&
    sameIds(inSyncReplicas, state.inSyncReplicas) &&
    sameIds(eligibleLeaderReplicas, state.eligibleLeaderReplicas)
  if (same) return state
  return {
    ...state,
    leader,
    inSyncReplicas,
    eligibleLeaderReplicas,
    leaderEpoch: state.leaderEpoch + (leader === state.leader ? 0 : 1),
    lastKnownLeader: leader >= 0 ? leader : state.lastKnownLeader,
    partitionEpoch: state.partitionEpoch + 1,
  }
}

/** Whether two ascending arrays hold the same ids. */
export function sameIds(a: readonly BrokerId[], b: readonly BrokerId[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index])
}

/** The ids, ascending, each once. */
export function sorted(ids: readonly BrokerId[]): readonly BrokerId[] {
  return Array.from(new Set(ids)).sort((a, b) => a - b)
}
