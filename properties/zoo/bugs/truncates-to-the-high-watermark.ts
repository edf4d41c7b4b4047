import type { PlantedBug } from '../planted-bug.ts'

export const truncatesToTheHighWatermark: PlantedBug = {
  name: 'truncates-to-the-high-watermark',
  kind: 'historical',
  mechanism: 'a new follower cuts its log at its own lagging high watermark, and is elected then',
  source: 'before KIP-101, KAFKA-1211 (apache/kafka#2808)',
  claim: 'O4',
  caughtBy: ['O4', 'O2', 'O5', 'O6', 'F2', 'L1', 'L2', 'L6', 'G3', 'P1', 'agreement'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/replica/replica.ts',
      find: '    const following = new Following(',
      replace: '    this.#held.log.truncate(this.#held.log.highWatermark)\n    const following = new Following(',
    },
  ],
  shortestCounterExample: 9,
}
