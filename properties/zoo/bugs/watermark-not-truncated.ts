import type { PlantedBug } from '../planted-bug.ts'

export const watermarkNotTruncated: PlantedBug = {
  name: 'watermark-not-truncated',
  kind: 'slip',
  mechanism: 'a truncation leaves the high watermark behind the end of the log',
  source: null,
  claim: 'F1',
  caughtBy: ['F1'],
  scope: 'log',
  patches: [
    {
      file: 'impl/log/log.ts',
      find: '    this.#highWatermark = Math.min(this.#highWatermark, end)\n',
      replace: '',
    },
  ],
  shortestCounterExample: null,
}
