import type { PlantedBug } from '../planted-bug.ts'

export const ownWatermarkTrusted: PlantedBug = {
  name: 'own-watermark-trusted',
  kind: 'historical',
  mechanism:
    "a follower keeps its own high watermark when its leader's is lower, as after an unclean election: records are read that the leader may never have had",
  source: null,
  claim: 'O1',
  caughtBy: ['O1', 'F2'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/replica/following.ts',
      find: 'log.updateHighWatermark(response.highWatermark)',
      replace: 'log.updateHighWatermark(Math.max(response.highWatermark, log.highWatermark))',
    },
  ],
  shortestCounterExample: null,
}
