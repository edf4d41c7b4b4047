import type { PlantedBug } from '../planted-bug.ts'

export const producerStateNotTruncated: PlantedBug = {
  name: 'producer-state-not-truncated',
  kind: 'historical',
  mechanism:
    'the state of producers is not truncated with the log: retries count as duplicates of records that are gone',
  source: null,
  claim: 'O3',
  caughtBy: ['O3'],
  scope: 'log',
  patches: [
    {
      file: 'impl/log/log.ts',
      find: '    active.truncate(position)\n    this.producers.restore(this.#disk, this.#folder, active)\n',
      replace: '    active.truncate(position)\n',
    },
  ],
  shortestCounterExample: null,
}
