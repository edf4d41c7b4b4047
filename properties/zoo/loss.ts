// Planted bugs against the claims about loss.
import type { PlantedBug } from './planted-bug.ts'

export const lossBugs: readonly PlantedBug[] = [
  {
    name: 'joins-at-the-stale-watermark',
    source:
      "KAFKA-7128: a follower joins at the new leader's stale high watermark, before the start of the leader's epoch",
    claim: 'L1',
    scope: 'cluster',
    patch: {
      file: 'impl/replica/leadership.ts',
      find: 'if (fetchOffset < this.#held.log.highWatermark || fetchOffset < this.startOffset) return',
      replace: 'if (fetchOffset < this.#held.log.highWatermark) return',
    },
  },
  {
    name: 'acknowledged-at-the-first-record',
    source:
      "the wait compares the high watermark with the batch's base offset, not with the offset behind its last record",
    claim: 'L1',
    scope: 'cluster',
    patch: {
      file: 'impl/replica/replica.ts',
      find: 'this.#await({ endOffset: appended.lastOffset + 1, dueAt, isGroupWrite: false, complete })',
      replace: 'this.#await({ endOffset: appended.baseOffset, dueAt, isGroupWrite: false, complete })',
    },
  },
  {
    name: 'unfenced-fetch',
    source: "KIP-320, KAFKA-6880: a fetch of another leader epoch counts; a zombie's fetch moves the high watermark",
    claim: 'L2',
    scope: 'cluster',
    patch: {
      file: 'impl/replica/read.ts',
      find: 'if (currentLeaderEpoch >= 0 && currentLeaderEpoch !== held.leaderEpoch) {',
      replace: 'if (currentLeaderEpoch > held.leaderEpoch) {',
    },
  },
  {
    name: 'stale-broker-epoch-joins',
    source: 'KIP-903, KAFKA-14617: a restarted broker with lost data is added back by a request from before its crash',
    claim: 'L3',
    scope: 'cluster',
    patch: {
      file: 'impl/controller/alter-partition.ts',
      find: 'registered.fenced || registered.brokerEpoch !== brokerEpoch',
      replace: 'registered.fenced || registered.brokerEpoch < brokerEpoch',
    },
  },
  {
    name: 'last-replica-standing',
    source: 'KIP-966: a replica that may have lost its unsynced tail stays eligible and is elected cleanly',
    claim: 'L3',
    scope: 'cluster',
    patch: {
      file: 'impl/controller/controller.ts',
      find: 'if (!isProven) this.#loseData(brokerId)',
      replace: 'if (!isProven && brokerId < 0) this.#loseData(brokerId)',
    },
  },
  {
    name: 'acknowledged-with-too-few',
    source: '`min.insync.replicas` is not looked at before the append',
    claim: 'L4',
    scope: 'cluster',
    patch: {
      file: 'impl/replica/replica.ts',
      find: "if (needsInSyncReplicas && leadership.isShort) return refused('NOT_ENOUGH_REPLICAS')",
      replace:
        "if (needsInSyncReplicas && leadership.inSyncReplicas.length === 0) return refused('NOT_ENOUGH_REPLICAS')",
    },
  },
  {
    name: 'tombstones-dropped-early',
    source: 'the cleaner drops a tombstone before its horizon',
    claim: 'L5',
    scope: 'log',
    patch: {
      file: 'impl/log/cleaner.ts',
      find: 'const tombstonesExpired = horizon !== null && rules.now >= horizon',
      replace: 'const tombstonesExpired = horizon === null || rules.now >= horizon',
    },
  },
  {
    name: 'cleaner-passes-the-watermark',
    source: 'the cleaner compacts what is not committed yet',
    claim: 'L5',
    scope: 'log',
    patch: {
      file: 'impl/log/log.ts',
      find: 'const count = this.#row.floor(this.#highWatermark)',
      replace: 'const count = this.segments.length - 1',
    },
  },
  {
    name: 'recovery-trusts-the-tail',
    source: 'recovery keeps a corrupt batch: it checks lengths, not checksums',
    claim: 'L6',
    scope: 'log',
    patch: {
      file: 'impl/log/segment.ts',
      find: 'if (!header.isSound(bytes, view, at, size) || header.baseOffsetOf(view, at) < this.#nextOffset) return false',
      replace: 'if (bytes.length < size || header.baseOffsetOf(view, at) < this.#nextOffset) return false',
    },
  },
  {
    name: 'retention-passes-the-watermark',
    source: 'retention removes what is above the high watermark',
    claim: 'L1',
    scope: 'log',
    patch: {
      file: 'impl/log/retention.ts',
      find: 'const mayGo = end <= log.highWatermark && (next !== undefined || segment.size > 0)',
      replace: 'const mayGo = end <= log.logEndOffset && (next !== undefined || segment.size > 0)',
    },
  },
  {
    name: 'commits-what-it-asked-for',
    source: "ours: a consumer's position passes a batch that it did not process, and is committed",
    claim: 'L7',
    scope: 'cluster',
    patch: {
      file: 'impl/consumer/fetched.ts',
      find: 'if (offset < next) continue',
      replace: 'if (offset < next || offset === next + 1) continue',
    },
  },
  {
    name: 'sent-batch-reported-as-failed',
    source: 'ours: a producer that gives up a batch which it has sent says that it is certainly not in the log',
    claim: 'L8',
    scope: 'producer',
    patch: {
      file: 'impl/producer/client.ts',
      find: "this.#complete(batch, { kind: batch.wasSent ? 'unknown' : 'failed', error })",
      replace: "this.#complete(batch, { kind: 'failed', error })",
    },
  },
]
