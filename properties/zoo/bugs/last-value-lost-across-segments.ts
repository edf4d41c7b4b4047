import type { PlantedBug } from '../planted-bug.ts'

export const lastValueLostAcrossSegments: PlantedBug = {
  name: 'last-value-lost-across-segments',
  kind: 'historical',
  mechanism:
    "the cleaner's map also learns from the segments that it must not clean: a key's last committed value goes for one that may be cut off again",
  source: null,
  claim: 'L5',
  caughtBy: ['L5'],
  scope: 'log',
  patches: [
    {
      file: 'impl/log/cleaner.ts',
      find: 'const map = buildOffsetMap(row.all.slice(0, count), startOffset, rules.decompress)',
      replace: 'const map = buildOffsetMap(row.all, startOffset, rules.decompress)',
    },
  ],
  shortestCounterExample: null,
}
