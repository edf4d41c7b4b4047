import type { PlantedBug } from '../planted-bug.ts'

export const olderMetadataTaken: PlantedBug = {
  name: 'older-metadata-taken',
  kind: 'historical',
  mechanism:
    'metadata with an older leader epoch replace newer ones in a client, which sends to a deposed leader for ever',
  source: 'KIP-320, KAFKA-7738 (apache/kafka#6045)',
  claim: 'P3',
  caughtBy: ['P3', 'O3'],
  scope: 'producer',
  patches: [
    {
      file: 'impl/client/metadata-cache.ts',
      find: '        if (before.leaderEpoch > leaderEpoch) continue\n',
      replace: '',
    },
  ],
  shortestCounterExample: null,
}
