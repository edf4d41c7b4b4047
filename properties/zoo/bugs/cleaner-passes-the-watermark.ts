import type { PlantedBug } from '../planted-bug.ts'

export const cleanerPassesTheWatermark: PlantedBug = {
  name: 'cleaner-passes-the-watermark',
  kind: 'historical',
  mechanism: 'the cleaner compacts what is not committed yet',
  source: null,
  claim: 'L5',
  caughtBy: ['L5'],
  scope: 'log',
  patches: [
    {
      file: 'impl/log/log.ts',
      find: 'const count = this.#row.floor(this.#highWatermark)',
      replace: 'const count = this.segments.length - 1',
    },
  ],
  shortestCounterExample: null,
}
