import type { PlantedBug } from '../planted-bug.ts'

export const lastReplicaStanding: PlantedBug = {
  name: 'last-replica-standing',
  kind: 'historical',
  mechanism: 'the last in-sync replica loses its unsynced tail, stays eligible and is elected cleanly',
  source: 'KIP-966',
  claim: 'L3',
  caughtBy: ['L3', 'L2'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/controller/controller.ts',
      find: 'if (!isProven) this.#loseData(brokerId)',
      replace: 'if (!isProven && brokerId < 0) this.#loseData(brokerId)',
    },
  ],
  shortestCounterExample: null,
}
