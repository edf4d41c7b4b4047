import type { PlantedBug } from '../planted-bug.ts'

export const retentionPassesTheWatermark: PlantedBug = {
  name: 'retention-passes-the-watermark',
  kind: 'historical',
  mechanism: 'retention removes what is above the high watermark',
  source: null,
  claim: 'L1',
  caughtBy: ['L1', 'F1'],
  scope: 'log',
  patches: [
    {
      file: 'impl/log/retention.ts',
      find: 'const mayGo = end <= log.highWatermark && (next !== undefined || segment.size > 0)',
      replace: 'const mayGo = end <= log.logEndOffset && (next !== undefined || segment.size > 0)',
    },
  ],
  shortestCounterExample: null,
}
