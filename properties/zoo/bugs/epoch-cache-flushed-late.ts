import type { PlantedBug } from '../planted-bug.ts'

export const epochCacheFlushedLate: PlantedBug = {
  name: 'epoch-cache-flushed-late',
  kind: 'historical',
  mechanism: 'a new leader epoch reaches the checkpoint file with the next change only: a restart forgets it',
  source: null,
  claim: 'O5',
  caughtBy: ['O5'],
  scope: 'log',
  patches: [
    {
      file: 'impl/log/leader-epoch-cache.ts',
      find: '    this.#replace([...this.#entries.filter(entry => entry.startOffset < startOffset), { epoch, startOffset }])\n',
      replace:
        '    const kept = this.#entries.filter(entry => entry.startOffset < startOffset)\n    this.#replace(kept)\n    this.#entries = [...kept, { epoch, startOffset }]\n',
    },
  ],
  shortestCounterExample: null,
}
