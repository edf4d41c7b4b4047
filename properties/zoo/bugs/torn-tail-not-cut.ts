import type { PlantedBug } from '../planted-bug.ts'

export const tornTailNotCut: PlantedBug = {
  name: 'torn-tail-not-cut',
  kind: 'historical',
  mechanism:
    'recovery indexes what is whole and leaves the torn tail in the file: what is appended next stands elsewhere than the index says',
  source: null,
  claim: 'L6',
  caughtBy: ['L6', 'O2', 'F5'],
  scope: 'log',
  patches: [
    {
      file: 'impl/log/segment.ts',
      find: '    if (end < onDisk) this.#file.truncate(end)\n',
      replace: '',
    },
  ],
  shortestCounterExample: null,
}
