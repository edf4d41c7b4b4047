// The contract under which a partition's strong claims hold: enough replicas must acknowledge, elections are clean, and
// fewer replicas die uncleanly at a time than must acknowledge. Outside it, loss is legal. See docs/claims.md.
import type { BrokerObservation } from '../vocabulary/cluster.ts'
import type { PartitionState } from '../vocabulary/messages.ts'
import type { ClusterTransition, Contract, PartitionHistory, UncleanCrash } from './known.ts'
import { partitionState } from './views.ts'

/** The contract of a partition after an operation. Once broken it stays broken. */
export function contractAfter(entry: PartitionHistory, transition: ClusterTransition): Contract {
  const { contract } = entry
  if (!contract.holds) return contract
  const { before, operation, outcome, after } = transition
  const state = partitionState(after.controller.image, entry.topic, entry.partition)
  if (state === null) return contract
  const reason = brokenBySettings(transition, state)
  if (reason !== null) return { holds: false, reason }
  if (outcome.kind === 'done' && 'topic' in operation && operation.topic === entry.topic) {
    if (operation.kind === 'electLeader' && operation.election === 'unclean') {
      return { holds: false, reason: 'an unclean election' }
    }
    if (operation.kind === 'rot' && operation.partition === entry.partition) return { holds: false, reason: 'bit rot' }
  }
  if (before.brokers === after.brokers && before.controller.image === after.controller.image) return contract
  const crashes = crashesAfter(contract.crashes, transition, state)
  if (crashes === contract.crashes) return contract
  return crashes.length >= minInSync(transition, state)
    ? { holds: false, reason: `${crashes.length} unclean crashes at a time` }
    : { holds: true, crashes }
}

/** How many in-sync replicas an acknowledgement needs. */
export function minInSync({ after }: ClusterTransition, { topic, replicas }: PartitionState): number {
  const config = after.controller.image.topics.find(entry => entry.topic === topic)?.config
  return Math.min(config?.minInSyncReplicas ?? 1, replicas.length)
}

function brokenBySettings(transition: ClusterTransition, state: PartitionState): string | null {
  const config = transition.after.controller.image.topics.find(entry => entry.topic === state.topic)?.config
  if (config?.uncleanLeaderElection === true) return 'unclean.leader.election.enable=true'
  return minInSync(transition, state) < 2 ? 'min.insync.replicas below 2' : null
}

/**
 * A broker that goes down other than by a clean stop counts until it is in sync again under a later registration: the
 * controller has taken it out of the set by then, so it has fetched again whatever it lost.
 */
function crashesAfter(
  known: readonly UncleanCrash[],
  { before, after }: ClusterTransition,
  { replicas, inSyncReplicas }: PartitionState,
): readonly UncleanCrash[] {
  const epochOf = (brokerId: number) =>
    after.controller.image.brokers.find(broker => broker.brokerId === brokerId)?.brokerEpoch ?? -1
  const died = replicas.filter(id => isUp(before.brokers[`b${id}`]) && !isUp(after.brokers[`b${id}`]))
  const staying = known.filter(
    ({ brokerId, brokerEpoch }) =>
      !died.includes(brokerId) && !(inSyncReplicas.includes(brokerId) && epochOf(brokerId) > brokerEpoch),
  )
  if (died.length === 0 && staying.length === known.length) return known
  const epochBefore = (id: number) =>
    before.controller.image.brokers.find(broker => broker.brokerId === id)?.brokerEpoch ?? -1
  return [...staying, ...died.map(brokerId => ({ brokerId, brokerEpoch: epochBefore(brokerId) }))]
}

function isUp(broker: BrokerObservation | undefined): boolean {
  return broker !== undefined && broker.status !== 'down'
}
