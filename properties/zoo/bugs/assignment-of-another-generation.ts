import type { PlantedBug } from '../planted-bug.ts'

export const assignmentOfAnotherGeneration: PlantedBug = {
  name: 'assignment-of-another-generation',
  kind: 'historical',
  mechanism: 'the assignment of generation n is delivered in generation n + 1: two members own a partition',
  source: null,
  claim: 'G1',
  caughtBy: ['G1', 'G2', 'G3'],
  scope: 'group',
  patches: [
    {
      file: 'impl/group/requests.ts',
      find: '    if (group.phase !== phase) return\n',
      replace: "    if (group.phase.kind !== 'CompletingRebalance') return\n",
    },
  ],
  shortestCounterExample: null,
}
