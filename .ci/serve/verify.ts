// Everything that a cluster is held to after it was killed and started again, while nobody writes.
import type { WireClient } from '../../impl/host/testing/wire-client.ts'
import type { Book } from './book.ts'
import type { Dice } from './dice.ts'
import { topics } from './load.ts'
import { type ReadLog, readLog } from './read-log.ts'
import { verifyReplicas } from './replica-files.ts'
import { verifyGroups, verifyTopics } from './verify-groups.ts'
import { verifyCompacted, verifyLog } from './verify-log.ts'
import { verifyLookups } from './verify-lookups.ts'

/** What was looked at. */
export type Looked = { readonly batches: number }

/** Tells the book what is wrong. */
export async function verify(data: string, client: WireClient, book: Book, dice: Dice): Promise<Looked> {
  let batches = 0
  for (const { topic, partitions, config } of topics) {
    const isCompacted = 'cleanup.policy' in config
    for (let partition = 0; partition < partitions; partition++) {
      try {
        batches += await verifyPartition(data, client, topic, partition, isCompacted, book, dice)
      } catch (error) {
        book.problem(`${topic}-${partition} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }
  await verifyGroups(client, book)
  await verifyTopics(data, client, book)
  return { batches }
}

/** Answers how many batches it has. */
async function verifyPartition(
  data: string,
  client: WireClient,
  topic: string,
  partition: number,
  isCompacted: boolean,
  book: Book,
  dice: Dice,
): Promise<number> {
  let log = await readLog(client, topic, partition)
  for (;;) {
    if (isCompacted) verifyCompacted(log, book)
    else verifyLog(log, book)
    const before = book.problems.length
    await verifyLookups(log, client, book, dice)
    await verifyReplicas(data, log, isCompacted, book)
    if (!isCompacted || book.problems.length === before) return log.rows.length
    // The brokers' own compaction may have come in between: what is looked up is then not what was read.
    const again = await readLog(client, topic, partition)
    if (offsetsOf(again) === offsetsOf(log)) return log.rows.length
    book.problems.length = before
    log = again
  }
}

function offsetsOf({ rows }: ReadLog): string {
  return rows.flatMap(({ records }) => records.map(({ offset }) => offset)).join(' ')
}
