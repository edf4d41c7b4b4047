// Inconsistent offsets: one offset at which two values were seen (O1).
import type { Findings } from './anomaly.ts'
import { judgeLoss } from './legal.ts'
import { type LogIndex, partitionText } from './log-index.ts'
import { linesText, valueText } from './words.ts'

export function findInconsistentOffsets({ history, logs }: LogIndex, findings: Findings): void {
  for (const log of logs) {
    for (const { offset, seen } of log.places) {
      if (seen.length === 1) continue
      findings.add('inconsistent-offsets', judgeLoss(history.settings), () => ({
        sentence: `offset ${offset} of ${partitionText(log)} was ${seen.map(({ value, by }) => `${valueText(value.value)} (${linesText([by])})`).join(', and ')}`,
        place: { topic: log.topic, partition: log.partition, offsets: [offset] },
        operations: seen.map(({ by }) => by),
      }))
    }
  }
}
