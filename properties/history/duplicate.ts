// Duplicate: one value at two offsets (O3). A value that the application sent twice may stand there twice.
import { allowed, type Findings } from './anomaly.ts'
import { judgeRepeated } from './legal.ts'
import { type LogIndex, partitionText } from './log-index.ts'
import { linesText, valueText } from './words.ts'

export function findDuplicates({ history, logs }: LogIndex, findings: Findings): void {
  for (const log of logs) {
    for (const value of log.values.values()) {
      if (value.places.length < 2) continue
      const { sentBy } = value
      const judgement =
        sentBy.length > 1 ? allowed('the application sent it more than once') : judgeRepeated(history.settings)
      findings.add('duplicate', judgement, () => {
        const sights = value.places.map(place => ({
          offset: place.offset,
          by: place.seen.find(sight => sight.value === value)?.by ?? 0,
        }))
        return {
          sentence: `${valueText(value.value)} stands in ${partitionText(log)} at ${sights.map(({ offset, by }) => `offset ${offset} (${linesText([by])})`).join(' and at ')}`,
          place: { topic: log.topic, partition: log.partition, offsets: sights.map(({ offset }) => offset) },
          operations: [...sentBy, ...sights.map(({ by }) => by)],
        }
      })
    }
  }
}
