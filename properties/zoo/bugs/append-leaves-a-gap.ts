import type { PlantedBug } from '../planted-bug.ts'

export const appendLeavesAGap: PlantedBug = {
  name: 'append-leaves-a-gap',
  kind: 'slip',
  mechanism: 'a leader skips an offset at the beginning of its epoch',
  source: null,
  claim: 'O2',
  caughtBy: ['O2'],
  scope: 'log',
  patches: [
    {
      file: 'impl/log/log.ts',
      find: 'header.stamp(view, 0, this.logEndOffset, leaderEpoch)',
      replace: 'header.stamp(view, 0, this.logEndOffset + (this.epochs.newest === leaderEpoch ? 0 : 1), leaderEpoch)',
    },
  ],
  shortestCounterExample: null,
}
