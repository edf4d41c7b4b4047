// Planted bugs against the claims about progress.
import type { PlantedBug } from './planted-bug.ts'

export const progressBugs: readonly PlantedBug[] = [
  {
    name: 'watermark-not-looked-at-after-a-shrink',
    source: 'KAFKA-13091: the high watermark is not looked at again after the in-sync set shrinks',
    claim: 'P1',
    scope: 'cluster',
    patch: {
      file: 'impl/replica/leadership.ts',
      find: '    this.#inSyncReplicas = inSyncReplicas\n    this.#decide()\n    this.advance()\n',
      replace: '    this.#inSyncReplicas = inSyncReplicas\n    this.#decide()\n',
    },
  },
  {
    name: 'heartbeats-say-nothing-of-rebalances',
    source: 'ours: a member learns from its heartbeats that all is well while the group waits for it to join again',
    claim: 'P2',
    scope: 'group',
    patch: {
      file: 'impl/group/states.ts',
      find: "    Heartbeat: 'REBALANCE_IN_PROGRESS',\n",
      replace: "    Heartbeat: 'NONE',\n",
    },
  },
  {
    name: 'older-metadata-taken',
    source: 'KIP-320: metadata with an older leader epoch replace newer ones in a client',
    claim: 'P3',
    scope: 'producer',
    patch: {
      file: 'impl/client/metadata-cache.ts',
      find: '        if (before.leaderEpoch > leaderEpoch) continue\n',
      replace: '',
    },
  },
]
