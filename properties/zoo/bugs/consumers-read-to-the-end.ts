import type { PlantedBug } from '../planted-bug.ts'

export const consumersReadToTheEnd: PlantedBug = {
  name: 'consumers-read-to-the-end',
  kind: 'slip',
  mechanism: 'a consumer is given records above the high watermark',
  source: null,
  claim: 'F3',
  caughtBy: ['F3'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/replica/read.ts',
      find: 'const endOffset = isConsumer ? log.highWatermark : log.logEndOffset',
      replace: 'const endOffset = log.logEndOffset',
    },
  ],
  shortestCounterExample: null,
}
