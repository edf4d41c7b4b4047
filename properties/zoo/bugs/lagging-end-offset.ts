import type { PlantedBug } from '../planted-bug.ts'

export const laggingEndOffset: PlantedBug = {
  name: 'lagging-end-offset',
  kind: 'historical',
  mechanism: 'a new leader whose high watermark lags shows a smaller end than its predecessor did',
  source: 'KIP-207, KAFKA-2334 (apache/kafka#5991)',
  claim: 'F4',
  caughtBy: ['F4', 'O6', 'F3'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/replica/read.ts',
      find: 'const isBehind = leadership.startOffset > log.highWatermark',
      replace: 'const isBehind = leadership.startOffset > log.logEndOffset',
    },
  ],
  shortestCounterExample: null,
}
