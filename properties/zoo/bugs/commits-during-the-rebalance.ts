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
      find: "OffsetCommit: { member: 'REBALANCE_IN_PROGRESS', outsider: 'UNKNOWN_MEMBER_ID' },",
      replace: "OffsetCommit: { member: 'NONE', outsider: 'UNKNOWN_MEMBER_ID' },",
    },
  ],
  shortestCounterExample: null,
}
