// Aborted read (G1a): somebody read a value whose every send certainly failed (L8). Transactions that were aborted may be
// read with `read_uncommitted`.
import { allowed, type Findings, forbidden } from './anomaly.ts'
import { type LogIndex, partitionText } from './log-index.ts'
import { linesText, valueText } from './words.ts'

export function findAbortedReads({ history, logs }: LogIndex, findings: Findings): void {
  const { transactions, isolation } = history.settings
  const judgement =
    transactions && isolation === 'read_uncommitted' ? allowed('aborted transactions, read_uncommitted') : forbidden
  for (const log of logs) {
    for (const { value, sentBy, mayBeWritten, surelyReadBy, places } of log.values.values()) {
      if (sentBy.length === 0 || mayBeWritten || surelyReadBy === null) continue
      findings.add('aborted-read', judgement, () => ({
        sentence: `the send of ${valueText(value)} to ${partitionText(log)} failed (${linesText(sentBy)}), and it was read (${linesText([surelyReadBy])})`,
        place: { topic: log.topic, partition: log.partition, offsets: places.map(({ offset }) => offset) },
        operations: [...sentBy, surelyReadBy],
      }))
    }
  }
}
