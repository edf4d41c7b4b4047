import type { PlantedBug } from '../planted-bug.ts'

export const oneRememberedBatch: PlantedBug = {
  name: 'one-remembered-batch',
  kind: 'historical',
  mechanism: 'the broker remembers one batch of a producer, not five: a retry of an older one is no duplicate to it',
  source: 'KAFKA-5494 (apache/kafka#3743)',
  claim: 'O3',
  caughtBy: ['O3'],
  scope: 'log',
  patches: [
    {
      file: 'impl/log/producer-state.ts',
      find: 'const rememberedBatches = 5',
      replace: 'const rememberedBatches = 1',
    },
  ],
  shortestCounterExample: null,
}
