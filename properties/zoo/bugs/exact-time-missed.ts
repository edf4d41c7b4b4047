import type { PlantedBug } from '../planted-bug.ts'

export const exactTimeMissed: PlantedBug = {
  name: 'exact-time-missed',
  kind: 'slip',
  mechanism: 'the search by time takes the first record after the wanted time, not at it',
  source: null,
  claim: 'F7',
  caughtBy: ['F7'],
  scope: 'log',
  patches: [
    {
      file: 'impl/log/find-by-time.ts',
      find: 'if (offset >= startOffset && recordTimestamp >= timestamp)',
      replace: 'if (offset >= startOffset && recordTimestamp > timestamp)',
    },
  ],
  shortestCounterExample: null,
}
