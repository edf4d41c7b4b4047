import type { PlantedBug } from '../planted-bug.ts'

export const staleBrokerEpochJoins: PlantedBug = {
  name: 'stale-broker-epoch-joins',
  kind: 'historical',
  mechanism: 'a restarted broker that lost its data is added back by a request from before its crash',
  source: 'KIP-903, KAFKA-14617 (apache/kafka#13408)',
  claim: 'L3',
  caughtBy: ['L3', 'L2'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/controller/alter-partition.ts',
      find: 'registered.fenced || registered.brokerEpoch !== brokerEpoch',
      replace: 'registered.fenced || registered.brokerEpoch < brokerEpoch',
    },
  ],
  shortestCounterExample: null,
}
