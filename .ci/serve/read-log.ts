// One partition as a consumer reads it, from its start to its high watermark.
import type { WireClient } from '../../impl/host/testing/wire-client.ts'
import { sizeOf, viewOf } from '../../impl/log/batch.ts'
import { decodeBatch } from '../../impl/log/codec.ts'
import type { Batch } from '../../model/vocabulary/records.ts'

/** A batch, its bytes and its values. */
export type Row = Batch & { readonly bytes: Uint8Array }

/** `end` is exclusive. */
export type ReadLog = {
  readonly topic: string
  readonly partition: number
  readonly start: number
  readonly end: number
  readonly leaderEpoch: number
  readonly rows: readonly Row[]
}

const settleWithinMs = 20_000

/** Reads it all. Rejects with a sentence when its high watermark does not come to the leader's end. */
export async function readLog(client: WireClient, topic: string, partition: number): Promise<ReadLog> {
  const { end, leaderEpoch } = await settledEnd(client, topic, partition)
  const { offset: start } = await client.listOffset(topic, partition, -2)
  const rows: Row[] = []
  for (let offset = start; offset < end; ) {
    const { records } = await client.fetch(topic, partition, offset)
    // Behind the last batch that compaction has left there is nothing.
    if (records === null || records.length === 0) break
    rows.push(...rowsOf(records))
    offset = (rows.at(-1)?.lastOffset ?? end) + 1
  }
  return { topic, partition, start, end, leaderEpoch, rows }
}

/** All batches of bytes that end with a whole one. */
export function rowsOf(bytes: Uint8Array): readonly Row[] {
  const view = viewOf(bytes)
  const rows: Row[] = []
  for (let at = 0; at < bytes.length; at += sizeOf(view, at)) {
    rows.push({ ...decodeBatch(bytes, view, at), bytes: bytes.subarray(at, at + sizeOf(view, at)) })
  }
  return rows
}

/** The high watermark, once it is the end of the leader's log, which the end of its epoch tells. */
async function settledEnd(
  client: WireClient,
  topic: string,
  partition: number,
): Promise<{ readonly end: number; readonly leaderEpoch: number }> {
  const until = performance.now() + settleWithinMs
  for (;;) {
    const known = (await client.metadata([topic])).topics[0]?.partitions.find(one => one.partitionIndex === partition)
    const leaderEpoch = known?.leaderEpoch ?? -1
    const [highWatermark, logEnd] = await Promise.all([
      client.listOffset(topic, partition, -1),
      client.endOfEpoch(topic, partition, leaderEpoch),
    ])
    const isWhole = known?.isrNodes.length === known?.replicaNodes.length
    if (isWhole && highWatermark.offset === logEnd.endOffset) return { end: highWatermark.offset, leaderEpoch }
    if (performance.now() > until) {
      const inSync = known?.isrNodes.join(', ')
      throw new Error(
        `${topic}-${partition} does not settle: high watermark ${highWatermark.offset}, end ${logEnd.endOffset}, in sync ${inSync}`,
      )
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
