import type { PlantedBug } from '../planted-bug.ts'

export const electionKeepsTheEpoch: PlantedBug = {
  name: 'election-keeps-the-epoch',
  kind: 'slip',
  mechanism: 'the leader epoch does not rise when a partition without a leader gets one',
  source: null,
  claim: 'O6',
  caughtBy: ['O6', 'L2'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/controller/partition-change.ts',
      find: 'leaderEpoch: state.leaderEpoch + (leader === state.leader ? 0 : 1),',
      replace: 'leaderEpoch: state.leaderEpoch + (leader === state.leader || state.leader === -1 ? 0 : 1),',
    },
  ],
  shortestCounterExample: null,
}
