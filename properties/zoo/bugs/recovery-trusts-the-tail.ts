import type { PlantedBug } from '../planted-bug.ts'

export const recoveryTrustsTheTail: PlantedBug = {
  name: 'recovery-trusts-the-tail',
  kind: 'historical',
  mechanism: 'recovery keeps a corrupt batch and indexes it: it looks at lengths, not at checksums',
  source: null,
  claim: 'L6',
  caughtBy: ['L6'],
  scope: 'log',
  patches: [
    {
      file: 'impl/log/segment.ts',
      find: 'if (!header.isSound(bytes, view, at, size) || header.baseOffsetOf(view, at) < this.#nextOffset) return false',
      replace: 'if (bytes.length < size || header.baseOffsetOf(view, at) < this.#nextOffset) return false',
    },
  ],
  shortestCounterExample: null,
}
