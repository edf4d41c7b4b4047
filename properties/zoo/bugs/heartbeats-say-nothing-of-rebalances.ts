import type { PlantedBug } from '../planted-bug.ts'

export const heartbeatsSayNothingOfRebalances: PlantedBug = {
  name: 'heartbeats-say-nothing-of-rebalances',
  kind: 'slip',
  mechanism: 'a member learns from its heartbeats that all is well while the group waits for it to join again',
  source: null,
  claim: 'P2',
  caughtBy: ['P2', 'G2'],
  scope: 'group',
  patches: [
    {
      file: 'impl/group/states.ts',
      find: "    Heartbeat: 'REBALANCE_IN_PROGRESS',\n",
      replace: "    Heartbeat: 'NONE',\n",
    },
  ],
  shortestCounterExample: null,
}
