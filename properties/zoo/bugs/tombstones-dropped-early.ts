import type { PlantedBug } from '../planted-bug.ts'

export const tombstonesDroppedEarly: PlantedBug = {
  name: 'tombstones-dropped-early',
  kind: 'historical',
  mechanism: 'the cleaner drops a tombstone before its time has come',
  source: null,
  claim: 'L5',
  caughtBy: ['L5'],
  scope: 'log',
  patches: [
    {
      file: 'impl/log/cleaner.ts',
      find: 'const tombstonesExpired = horizon !== null && rules.now >= horizon',
      replace: 'const tombstonesExpired = horizon === null || rules.now >= horizon',
    },
  ],
  shortestCounterExample: null,
}
