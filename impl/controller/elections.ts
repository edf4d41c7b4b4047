// What becomes of partitions when brokers come and go or an administrator wishes: every change of a partition's state
// but a leader's own wish goes through here. docs/protocol/cluster.md §3.5, §3.7, §3.10.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { PartitionState } from '../../model/vocabulary/messages.ts'
import type { BrokerId } from '../../model/vocabulary/units.ts'
import type { ClusterMetadata, PartitionSlot } from './cluster-metadata.ts'
import { changeInSyncReplicas, type ElectionRules, electPreferred, electUnclean } from './partition-change.ts'
import { completed } from './reassignment.ts'

/** Decides over the partitions of one cluster. */
export class Elections {
  readonly #metadata: ClusterMetadata

  constructor(metadata: ClusterMetadata) {
    this.#metadata = metadata
  }

  /** What a change of the partition has to know. */
  rules({ state }: PartitionSlot): ElectionRules {
    const config = this.#metadata.topicConfig(state.topic)
    if (config === undefined) throw new Error(`the topic ${state.topic} has partitions and no settings`)
    const { minInSyncReplicas, uncleanLeaderElection } = config
    return { minInSyncReplicas, uncleanLeaderElection, isUnfenced: this.#metadata.isUnfenced }
  }

  /** Takes a broker out of the in-sync set of a partition; out of the eligible set too when it lost its data. */
  remove(slot: PartitionSlot, brokerId: BrokerId, lost: BrokerId | null = null): void {
    const target = slot.state.inSyncReplicas.filter(id => id !== brokerId)
    this.change(slot, changeInSyncReplicas(slot.state, target, this.rules(slot), lost))
  }

  /** Looks again at the partitions without a leader that are concerned. */
  electMissing(concerned: (slot: PartitionSlot) => boolean): void {
    for (const slot of this.#metadata.leaderless()) {
      if (!concerned(slot)) continue
      this.change(slot, changeInSyncReplicas(slot.state, slot.state.inSyncReplicas, this.rules(slot)))
    }
  }

  /** Elects a leader as an administrator asks (KIP-460). */
  elect(slot: PartitionSlot, election: 'preferred' | 'unclean'): ErrorName {
    const { leader, replicas, inSyncReplicas } = slot.state
    if (election === 'preferred') {
      const [preferred = -1] = replicas
      if (leader === preferred) return 'ELECTION_NOT_NEEDED'
      if (!inSyncReplicas.includes(preferred) || !this.#metadata.isUnfenced(preferred)) {
        return 'PREFERRED_LEADER_NOT_AVAILABLE'
      }
      this.change(slot, electPreferred(slot.state, preferred))
      return 'NONE'
    }
    if (leader >= 0) return 'ELECTION_NOT_NEEDED'
    const elected = electUnclean(slot.state, this.rules(slot))
    if (elected === null) return 'ELIGIBLE_LEADERS_NOT_AVAILABLE'
    this.change(slot, elected)
    return 'NONE'
  }

  /** Notes a partition's new state. */
  change(slot: PartitionSlot, state: PartitionState): void {
    this.#metadata.setPartition(slot, state)
    this.completeReassignment(slot)
  }

  /** Ends the partition's reassignment if it has come to its end. */
  completeReassignment(slot: PartitionSlot): void {
    if (slot.reassignment === null) return
    const state = completed(slot.state, slot.reassignment, this.rules(slot))
    if (state === null) return
    this.#metadata.setReassignment(slot, null)
    this.#metadata.setPartition(slot, state)
  }
}
