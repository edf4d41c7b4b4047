import type { PlantedBug } from '../planted-bug.ts'

export const unfencedFetch: PlantedBug = {
  name: 'unfenced-fetch',
  kind: 'historical',
  mechanism: "a fetch of an older leader epoch counts: a zombie's fetch moves a new leader's high watermark",
  source: 'KIP-320, KAFKA-6880 and KAFKA-7395 (apache/kafka#5661)',
  claim: 'L2',
  caughtBy: ['L2', 'O4', 'O6', 'F3', 'G3', 'P1', 'P2'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/replica/read.ts',
      find: 'if (currentLeaderEpoch >= 0 && currentLeaderEpoch !== held.leaderEpoch) {',
      replace: 'if (currentLeaderEpoch > held.leaderEpoch) {',
    },
  ],
  shortestCounterExample: 11,
}
