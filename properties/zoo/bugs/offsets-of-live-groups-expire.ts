import type { PlantedBug } from '../planted-bug.ts'

export const offsetsOfLiveGroupsExpire: PlantedBug = {
  name: 'offsets-of-live-groups-expire',
  kind: 'historical',
  mechanism: 'offsets expire while the group has members',
  source: 'before KIP-211, KAFKA-4682 (apache/kafka#4896)',
  claim: 'F6',
  caughtBy: ['F6'],
  scope: 'group',
  patches: [
    {
      file: 'impl/group/requests.ts',
      find: "  if (phase.kind !== 'Empty' || group.commitsOutstanding > 0) return false\n  const now = effects.now()\n  const expired = group.offsets.sorted.filter(\n    ({ commitTimestamp }) => now - Math.max(commitTimestamp, phase.since) >= retentionMs,",
      replace:
        "  const since = phase.kind === 'Empty' ? phase.since : 0\n  const now = effects.now()\n  const expired = group.offsets.sorted.filter(\n    ({ commitTimestamp }) => now - Math.max(commitTimestamp, since) >= retentionMs,",
    },
  ],
  shortestCounterExample: null,
}
