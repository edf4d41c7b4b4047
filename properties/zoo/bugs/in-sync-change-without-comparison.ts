import type { PlantedBug } from '../planted-bug.ts'

export const inSyncChangeWithoutComparison: PlantedBug = {
  name: 'in-sync-change-without-comparison',
  kind: 'historical',
  mechanism:
    'the controller takes a change of the in-sync set that was proposed for another one: two changes under way overwrite each other',
  source: null,
  claim: 'L2',
  caughtBy: ['L2', 'O2', 'L3', 'P1'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/controller/alter-partition.ts',
      find: "  if (request.partitionEpoch !== partitionEpoch) {\n    return request.partitionEpoch < partitionEpoch ? 'INVALID_UPDATE_VERSION' : 'INVALID_REQUEST'\n  }\n",
      replace: "  if (request.partitionEpoch > partitionEpoch) return 'INVALID_REQUEST'\n",
    },
  ],
  shortestCounterExample: null,
}
