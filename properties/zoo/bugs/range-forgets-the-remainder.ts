import type { PlantedBug } from '../planted-bug.ts'

export const rangeForgetsTheRemainder: PlantedBug = {
  name: 'range-forgets-the-remainder',
  kind: 'slip',
  mechanism: 'the first members get one partition less than they should when the division leaves a rest',
  source: null,
  claim: 'G4',
  caughtBy: ['G4'],
  scope: 'assignor',
  patches: [
    {
      file: 'impl/group/assignors/range.ts',
      find: 'let larger = partitionCount % subscribers.length',
      replace: 'let larger = (partitionCount % subscribers.length) - 1',
    },
  ],
  shortestCounterExample: null,
}
