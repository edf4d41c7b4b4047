import type { PlantedBug } from '../planted-bug.ts'

export const indexNotTruncated: PlantedBug = {
  name: 'index-not-truncated',
  kind: 'historical',
  mechanism: 'the index is not truncated with its segment: reads land on the wrong record',
  source: null,
  claim: 'F5',
  caughtBy: ['F5', 'O2', 'O5', 'F7', 'L6', 'agreement'],
  scope: 'log',
  patches: [
    {
      file: 'impl/log/segment.ts',
      find: '    this.#index.truncate(position)\n',
      replace: '',
    },
  ],
  shortestCounterExample: null,
}
