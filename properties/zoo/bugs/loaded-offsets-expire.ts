import type { PlantedBug } from '../planted-bug.ts'

export const loadedOffsetsExpire: PlantedBug = {
  name: 'loaded-offsets-expire',
  kind: 'historical',
  mechanism:
    'offsets that a coordinator loads from the log count as expired since their commit, whatever the retention',
  source: 'KAFKA-8069 (apache/kafka#6401)',
  claim: 'F6',
  caughtBy: ['F6'],
  scope: 'group',
  patches: [
    {
      file: 'impl/group/records.ts',
      find: '    groups.set(groupId, group)\n    group.offsets.set(offset)\n',
      replace: '    groups.set(groupId, group)\n    group.offsets.set(offset)\n    group.hasLoadedOffsets = true\n',
    },
    {
      file: 'impl/group/group.ts',
      find: '  commitsOutstanding = 0\n',
      replace: '  commitsOutstanding = 0\n  hasLoadedOffsets = false\n',
    },
    {
      file: 'impl/group/requests.ts',
      find: '({ commitTimestamp }) => now - Math.max(commitTimestamp, phase.since) >= retentionMs,',
      replace:
        '({ commitTimestamp }) => now - Math.max(commitTimestamp, phase.since) >= (group.hasLoadedOffsets ? 0 : retentionMs),',
    },
  ],
  shortestCounterExample: null,
}
