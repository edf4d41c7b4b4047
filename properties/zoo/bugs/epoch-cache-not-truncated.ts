import type { PlantedBug } from '../planted-bug.ts'

export const epochCacheNotTruncated: PlantedBug = {
  name: 'epoch-cache-not-truncated',
  kind: 'historical',
  mechanism: 'the leader-epoch cache is not truncated with the log: it names wrong ends of epochs later',
  source: null,
  claim: 'O5',
  caughtBy: ['O5'],
  scope: 'log',
  patches: [
    {
      file: 'impl/log/log.ts',
      find: '    this.epochs.truncateFromEnd(end)\n    this.#highWatermark',
      replace: '    this.#highWatermark',
    },
  ],
  shortestCounterExample: null,
}
