import type { PlantedBug } from '../planted-bug.ts'

export const acknowledgedWithTooFew: PlantedBug = {
  name: 'acknowledged-with-too-few',
  kind: 'historical',
  mechanism: 'min.insync.replicas is compared with the in-sync set as it was when the leadership began',
  source: null,
  claim: 'L4',
  caughtBy: ['L4', 'O4', 'O5', 'F2', 'L2', 'G1', 'G3'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/replica/leadership.ts',
      find: '    this.#inSyncReplicas = partition.inSyncReplicas\n    this.#count()\n',
      replace:
        '    this.#inSyncReplicas = partition.inSyncReplicas\n    this.#firstInSyncReplicas = partition.inSyncReplicas\n    this.#count()\n',
    },
    {
      file: 'impl/replica/leadership.ts',
      find: '  get inSyncReplicas()',
      replace: '  #firstInSyncReplicas\n\n  get inSyncReplicas()',
    },
    {
      file: 'impl/replica/leadership.ts',
      find: 'return this.#inSyncReplicas.length < this.#minInSyncReplicas',
      replace: 'return this.#firstInSyncReplicas.length < this.#minInSyncReplicas',
    },
  ],
  shortestCounterExample: null,
}
