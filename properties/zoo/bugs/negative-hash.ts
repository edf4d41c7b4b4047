import type { PlantedBug } from '../planted-bug.ts'

export const negativeHash: PlantedBug = {
  name: 'negative-hash',
  kind: 'historical',
  mechanism: "a negative hash is not masked: a key's partition depends on the client",
  source: null,
  claim: 'O3',
  caughtBy: ['O3'],
  scope: 'partitioner',
  patches: [
    {
      file: 'impl/producer/partitioner.ts',
      find: '(this.#hash(key) & 0x7fffffff) % partitionCount',
      replace: 'Math.abs(this.#hash(key)) % partitionCount',
    },
  ],
  shortestCounterExample: null,
}
