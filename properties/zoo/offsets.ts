// Planted bugs against the claims about offsets.
import type { PlantedBug } from './planted-bug.ts'

export const offsetBugs: readonly PlantedBug[] = [
  {
    name: 'watermark-not-truncated',
    source: 'ours: a truncation leaves the high watermark behind the end of the log',
    claim: 'F1',
    scope: 'log',
    patch: {
      file: 'impl/log/log.ts',
      find: '    this.#highWatermark = Math.min(this.#highWatermark, end)\n',
      replace: '',
    },
  },
  {
    name: 'pending-expansion-not-counted',
    source: 'the high watermark follows the committed in-sync set while an expansion is pending',
    claim: 'F2',
    scope: 'cluster',
    patch: {
      file: 'impl/replica/leadership.ts',
      find: '({ brokerId }) => this.#inSyncReplicas.includes(brokerId) || proposed.includes(brokerId),',
      replace: '({ brokerId }) => this.#inSyncReplicas.includes(brokerId) || (proposed.length < 0 && brokerId < 0),',
    },
  },
  {
    name: 'consumers-read-to-the-end',
    source: 'ours: a consumer is given records above the high watermark',
    claim: 'F3',
    scope: 'cluster',
    patch: {
      file: 'impl/replica/read.ts',
      find: 'const endOffset = isConsumer ? log.highWatermark : log.logEndOffset',
      replace: 'const endOffset = log.logEndOffset',
    },
  },
  {
    name: 'lagging-end-offset',
    source: 'KIP-207: a new leader whose high watermark lags shows a smaller end than its predecessor',
    claim: 'F4',
    scope: 'cluster',
    patch: {
      file: 'impl/replica/read.ts',
      find: 'const isBehind = leadership.startOffset > log.highWatermark',
      replace: 'const isBehind = leadership.startOffset > log.logEndOffset',
    },
  },
  {
    name: 'index-not-truncated',
    source: 'the index is not truncated with its segment: reads land on the wrong record',
    claim: 'F5',
    scope: 'log',
    patch: {
      file: 'impl/log/segment.ts',
      find: '    this.#index.truncate(position)\n',
      replace: '',
    },
  },
  {
    name: 'offsets-of-live-groups-expire',
    source: 'before KIP-211: offsets expire while the group has members',
    claim: 'F6',
    scope: 'group',
    patch: {
      file: 'impl/group/requests.ts',
      find: "  if (phase.kind !== 'Empty' || group.commitsOutstanding > 0) return false\n  const now = effects.now()\n  const expired = group.offsets.sorted.filter(\n    ({ commitTimestamp }) => now - Math.max(commitTimestamp, phase.since) >= retentionMs,",
      replace:
        "  const since = phase.kind === 'Empty' ? phase.since : 0\n  const now = effects.now()\n  const expired = group.offsets.sorted.filter(\n    ({ commitTimestamp }) => now - Math.max(commitTimestamp, since) >= retentionMs,",
    },
  },
  {
    name: 'exact-time-missed',
    source: 'ours: the search by time takes the first record after the wanted time, not at it',
    claim: 'F7',
    scope: 'log',
    patch: {
      file: 'impl/log/find-by-time.ts',
      find: 'if (offset >= startOffset && recordTimestamp >= timestamp)',
      replace: 'if (offset >= startOffset && recordTimestamp > timestamp)',
    },
  },
]
