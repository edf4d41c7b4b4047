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
      file: 'impl/log/log.ts',
      find: 'const map = buildOffsetMap(this.segments.slice(0, count), start)',
      replace: 'const map = buildOffsetMap(this.segments, start)',
    },
  ],
  shortestCounterExample: null,
}
