import type { PlantedBug } from '../planted-bug.ts'

export const watermarkNotLookedAtAfterAShrink: PlantedBug = {
  name: 'watermark-not-looked-at-after-a-shrink',
  kind: 'historical',
  mechanism: 'the high watermark is not looked at again after the in-sync set shrinks: pending sends wait for ever',
  source: 'KAFKA-13091 (apache/kafka#11245)',
  claim: 'P1',
  caughtBy: ['P1', 'F2', 'F3', 'agreement'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/replica/leadership.ts',
      find: '    this.#inSyncReplicas = inSyncReplicas\n    this.#decide()\n    this.advance()\n',
      replace: '    this.#inSyncReplicas = inSyncReplicas\n    this.#decide()\n',
    },
  ],
  shortestCounterExample: null,
}
