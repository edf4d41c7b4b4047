// Planted bugs against the claims about order.
import type { PlantedBug } from './planted-bug.ts'

export const orderBugs: readonly PlantedBug[] = [
  {
    name: 'diverging-suffix-kept',
    source:
      'KIP-101, second scenario: logs that differ below the high watermark, and nobody notices; the follower does not cut',
    claim: 'O1',
    scope: 'cluster',
    patch: {
      file: 'impl/replica/following.ts',
      find: 'if (!this.#done(log.truncate(target))) return',
      replace: 'if (!this.#done(log.truncate(Math.max(target, before.end)))) return',
    },
  },
  {
    name: 'append-leaves-a-gap',
    source: 'ours: a leader skips an offset at the beginning of its epoch',
    claim: 'O2',
    scope: 'log',
    patch: {
      file: 'impl/log/log.ts',
      find: 'header.stamp(view, 0, this.logEndOffset, leaderEpoch)',
      replace: 'header.stamp(view, 0, this.logEndOffset + (this.epochs.newest === leaderEpoch ? 0 : 1), leaderEpoch)',
    },
  },
  {
    name: 'one-remembered-batch',
    source: 'KAFKA-5494: the broker remembers one batch of a producer, not five',
    claim: 'O3',
    scope: 'log',
    patch: {
      file: 'impl/log/producer-state.ts',
      find: 'const rememberedBatches = 5',
      replace: 'const rememberedBatches = 1',
    },
  },
  {
    name: 'producer-state-not-truncated',
    source: 'the state of producers is not truncated with the log: retries count as duplicates of what is gone',
    claim: 'O3',
    scope: 'log',
    patch: {
      file: 'impl/log/log.ts',
      find: '    active.truncate(position)\n    this.producers.restore(this.#disk, this.#folder, active)\n',
      replace: '    active.truncate(position)\n',
    },
  },
  {
    name: 'truncation-ignores-the-epoch',
    source:
      'KIP-279, KAFKA-6361: the follower cuts at the offset that it is told, without looking which epoch that is for',
    claim: 'O4',
    scope: 'cluster',
    patch: {
      file: 'impl/replica/following.ts',
      find: 'let target: Offset = Math.min(own.epoch === -1 ? endOffset : own.endOffset, before.end)',
      replace: 'let target: Offset = Math.min(endOffset, before.end)',
    },
  },
  {
    name: 'truncates-to-the-high-watermark',
    source:
      'before KIP-101, KAFKA-1211: a new follower cuts its log at its own lagging high watermark, then is elected',
    claim: 'O4',
    scope: 'cluster',
    patch: {
      file: 'impl/replica/replica.ts',
      find: '    const following = new Following(',
      replace: '    this.#held.log.truncate(this.#held.log.highWatermark)\n    const following = new Following(',
    },
  },
  {
    name: 'epoch-cache-not-truncated',
    source: 'the leader-epoch cache is not truncated with the log',
    claim: 'O5',
    scope: 'log',
    patch: {
      file: 'impl/log/log.ts',
      find: '    this.epochs.truncateFromEnd(end)\n    this.#highWatermark',
      replace: '    this.#highWatermark',
    },
  },
  {
    name: 'election-keeps-the-epoch',
    source: 'ours: the leader epoch does not rise when an unclean leader is elected',
    claim: 'O6',
    scope: 'cluster',
    patch: {
      file: 'impl/controller/partition-change.ts',
      find: 'leaderEpoch: state.leaderEpoch + (leader === state.leader ? 0 : 1),',
      replace: 'leaderEpoch: state.leaderEpoch + (leader === state.leader || state.leader === -1 ? 0 : 1),',
    },
  },
]
