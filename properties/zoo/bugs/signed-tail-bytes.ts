import type { PlantedBug } from '../planted-bug.ts'

export const signedTailBytes: PlantedBug = {
  name: 'signed-tail-bytes',
  kind: 'historical',
  mechanism: "murmur2's tail bytes are taken as signed: a key that is not ASCII changes its partition between clients",
  source: null,
  claim: 'O3',
  caughtBy: ['O3'],
  scope: 'partitioner',
  patches: [
    {
      file: 'impl/producer/murmur2.ts',
      find: '  if (left === 3) hash ^= byteAt(bytes, tail + 2) << 16\n  if (left >= 2) hash ^= byteAt(bytes, tail + 1) << 8\n  if (left >= 1) hash = Math.imul(hash ^ byteAt(bytes, tail), multiplier)\n',
      replace:
        '  const signedAt = index => (byteAt(bytes, index) << 24) >> 24\n  if (left === 3) hash ^= signedAt(tail + 2) << 16\n  if (left >= 2) hash ^= signedAt(tail + 1) << 8\n  if (left >= 1) hash = Math.imul(hash ^ signedAt(tail), multiplier)\n',
    },
  ],
  shortestCounterExample: null,
}
