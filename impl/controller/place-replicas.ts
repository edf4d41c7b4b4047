// Which brokers get the replicas of new partitions, when nobody says so. After `StripedReplicaPlacer`, without racks: the
// leaders go round, and the followers stand beside them, shifted by one after every round.
import type { BrokerId } from '../../model/vocabulary/units.ts'

/** A whole number from 0 to below `bound`. */
export type Draw = (bound: number) => number

/**
 * Replicas of `partitions` partitions, `replicationFactor` each, the preferred leader first. Fenced brokers come last in
 * each list, and never lead unless all are fenced. There are at least `replicationFactor` brokers.
 */
export function placeReplicas(
  unfenced: readonly BrokerId[],
  fenced: readonly BrokerId[],
  partitions: number,
  replicationFactor: number,
  draw: Draw,
): readonly (readonly BrokerId[])[] {
  if (unfenced.length === 0) return placeReplicas(fenced, [], partitions, replicationFactor, draw)
  const start = draw(unfenced.length)
  const startOfFenced = fenced.length === 0 ? 0 : draw(fenced.length)
  return Array.from({ length: partitions }, (_, partition) =>
    [
      ...aroundLeader(unfenced, start + partition, Math.floor(partition / unfenced.length)),
      ...aroundLeader(fenced, startOfFenced + partition, Math.floor(partition / Math.max(1, fenced.length))),
    ].slice(0, replicationFactor),
  )
}

/** All brokers: the one at `first`, and then the others in a circle that starts `shift` behind it. */
function aroundLeader(brokers: readonly BrokerId[], first: number, shift: number): readonly BrokerId[] {
  const count = brokers.length
  return brokers.map((_, index) => {
    const behind = index === 0 ? 0 : 1 + ((shift + index - 1) % (count - 1))
    return brokers[(first + behind) % count] ?? -1
  })
}
