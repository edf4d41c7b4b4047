import type { PlantedBug } from '../planted-bug.ts'

export const truncationIgnoresTheEpoch: PlantedBug = {
  name: 'truncation-ignores-the-epoch',
  kind: 'historical',
  mechanism:
    'the follower cuts at the offset that it is told, without looking which epoch that offset ends: a diverging suffix stays',
  source: 'KIP-279, KAFKA-6361 (apache/kafka#4882)',
  claim: 'O4',
  caughtBy: ['O4', 'O6', 'L2', 'agreement'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/replica/following.ts',
      find: '= Math.min(own.epoch === -1 ? endOffset : own.endOffset, before.end)',
      replace: '= Math.min(endOffset, before.end)',
    },
  ],
  shortestCounterExample: 11,
}
