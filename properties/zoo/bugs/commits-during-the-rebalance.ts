import type { PlantedBug } from '../planted-bug.ts'

export const commitsDuringTheRebalance: PlantedBug = {
  name: 'commits-during-the-rebalance',
  kind: 'slip',
  mechanism: 'the state table lets a member commit while the assignment is still open',
  source: null,
  claim: 'G3',
  caughtBy: ['G3', 'F6', 'G2'],
  scope: 'group',
  patches: [
    {
      file: 'impl/group/states.ts',
      find: "OffsetCommit: 'REBALANCE_IN_PROGRESS',",
      replace: "OffsetCommit: 'NONE',",
    },
  ],
  shortestCounterExample: null,
}
