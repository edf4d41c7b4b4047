import type { PlantedBug } from '../planted-bug.ts'

export const inSyncEpochsLostOnTheWire: PlantedBug = {
  name: 'in-sync-epochs-lost-on-the-wire',
  kind: 'slip',
  mechanism:
    'AlterPartition goes without the broker epochs, as it did before KIP-903: no replica joins the in-sync set',
  source: null,
  claim: 'P1',
  caughtBy: ['P1', 'L2'],
  scope: 'cluster',
  wire: true,
  patches: [
    {
      file: 'impl/wire/messages/alter-partition.ts',
      find: 'newIsrWithEpochs: newInSyncReplicas,',
      replace: 'newIsrWithEpochs: newInSyncReplicas.map(({ brokerId }) => ({ brokerId, brokerEpoch: -1 })),',
    },
  ],
  shortestCounterExample: null,
}
