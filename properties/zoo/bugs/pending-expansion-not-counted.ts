import type { PlantedBug } from '../planted-bug.ts'

export const pendingExpansionNotCounted: PlantedBug = {
  name: 'pending-expansion-not-counted',
  kind: 'historical',
  mechanism: 'the high watermark follows the committed in-sync set alone while an expansion is pending',
  source: null,
  claim: 'F2',
  caughtBy: ['F2', 'O4', 'L8', 'G1', 'agreement'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/replica/leadership.ts',
      find: '({ brokerId }) => this.#inSyncReplicas.includes(brokerId) || proposed.includes(brokerId),',
      replace: '({ brokerId }) => this.#inSyncReplicas.includes(brokerId) || (proposed.length < 0 && brokerId < 0),',
    },
  ],
  shortestCounterExample: 9,
}
