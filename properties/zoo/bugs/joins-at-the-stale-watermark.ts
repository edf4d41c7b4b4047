import type { PlantedBug } from '../planted-bug.ts'

export const joinsAtTheStaleWatermark: PlantedBug = {
  name: 'joins-at-the-stale-watermark',
  kind: 'historical',
  mechanism:
    "a follower joins the in-sync set at the new leader's stale high watermark, before the start of the leader's epoch",
  source: 'KAFKA-7128 (apache/kafka#5557)',
  claim: 'L1',
  caughtBy: ['L1', 'O2', 'O4', 'F2', 'L2', 'agreement'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/replica/leadership.ts',
      find: 'if (fetchOffset < this.#held.log.highWatermark || fetchOffset < this.startOffset) return',
      replace: 'if (fetchOffset < this.#held.log.highWatermark) return',
    },
  ],
  shortestCounterExample: 12,
}
