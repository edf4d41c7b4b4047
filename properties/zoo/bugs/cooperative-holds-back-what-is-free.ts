import type { PlantedBug } from '../planted-bug.ts'

export const cooperativeHoldsBackWhatIsFree: PlantedBug = {
  name: 'cooperative-holds-back-what-is-free',
  kind: 'slip',
  mechanism: 'the cooperative assignor hands out only what its new owner lists already, also when nobody else lists it',
  source: null,
  claim: 'G4',
  caughtBy: ['G4'],
  scope: 'assignor',
  patches: [
    {
      file: 'impl/group/assignors/cooperative-sticky.ts',
      find: '(isListedByOther[number] && !isListedByOwner[number] ? nobody : owner)',
      replace: '(!isListedByOwner[number] ? nobody : owner)',
    },
  ],
  shortestCounterExample: null,
}
