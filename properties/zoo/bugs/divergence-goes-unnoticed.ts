import type { PlantedBug } from '../planted-bug.ts'

export const divergenceGoesUnnoticed: PlantedBug = {
  name: 'divergence-goes-unnoticed',
  kind: 'historical',
  mechanism:
    'both replicas crash, the leader of before comes back as follower, and nobody compares epochs: the logs differ below the high watermark',
  source: 'before KIP-101, second scenario, KAFKA-1211 (apache/kafka#2808)',
  claim: 'O1',
  caughtBy: ['O1', 'O2', 'O4', 'O5', 'O6', 'F2', 'L2', 'agreement'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/replica/read.ts',
      find: "if (error === 'NONE' && request.lastFetchedEpoch >= 0) {",
      replace: "if (error === 'NONE' && request.lastFetchedEpoch >= 0 && isConsumer) {",
    },
  ],
  shortestCounterExample: null,
}
