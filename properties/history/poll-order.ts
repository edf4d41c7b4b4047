// Poll-skip and nonmonotonic-poll: a consumer is given records one after the other, and they stand further apart than one,
// or not in that order (F4). Both within one poll and from one poll to the next.
import { allowed, type Findings, type Judgement } from './anomaly.ts'
import type { HistorySettings } from './history.ts'
import { judgeLoss, judgeMissing } from './legal.ts'
import { keptBelow, type LogIndex, partitionText } from './log-index.ts'
import { type Step, walkReading } from './reading.ts'
import { linesText } from './words.ts'

export function findPollOrder(index: LogIndex, findings: Findings): void {
  walkReading(index, step => {
    const distance = step.to.rank - step.from.rank
    if (distance > 1) addSkip(index, findings, step)
    else if (distance < 1) addBackwards(index, findings, step)
  })
}

function addSkip({ history }: LogIndex, findings: Findings, step: Step): void {
  const { log, client, from, to, fromPoll, toPoll } = step
  findings.add('poll-skip', judgeSkip(history.settings, step), () => {
    const skipped = log.places.slice(from.rank + 1, to.rank)
    const witnesses = skipped.slice(0, witnessesMost).flatMap(({ seen }) => seen.slice(0, 1).map(({ by }) => by))
    const offsets = skipped.map(({ offset }) => offset)
    const which =
      offsets.length === 1 ? `offset ${offsets[0]}` : `${offsets.length} records from offset ${offsets[0]} on`
    return {
      sentence: `${client} was given offset ${to.offset} of ${partitionText(log)} after offset ${from.offset} (${linesText([fromPoll, toPoll])}), and passed over ${which} (${linesText(witnesses)})`,
      place: { topic: log.topic, partition: log.partition, offsets: offsets.slice(0, offsetsMost) },
      operations: [fromPoll, toPoll, ...witnesses],
    }
  })
}

function addBackwards({ history }: LogIndex, findings: Findings, step: Step): void {
  const { log, client, from, to, fromPoll, toPoll, isMoved } = step
  findings.add('nonmonotonic-poll', isMoved ? moved : judgeLoss(history.settings), () => ({
    sentence: `${client} was given offset ${to.offset} of ${partitionText(log)} after offset ${from.offset} (${linesText([fromPoll, toPoll])})`,
    place: { topic: log.topic, partition: log.partition, offsets: [to.offset] },
    operations: [fromPoll, toPoll],
  }))
}

/** Forbidden as soon as one of the records that were passed over had to be given. */
function judgeSkip(settings: HistorySettings, { log, from, to, isMoved }: Step): Judgement {
  if (isMoved) return moved
  return judgeMissing(settings, () => keptBelow(log, to.rank) === keptBelow(log, from.rank + 1))
}

const moved = allowed('the group may have given the partition to others in between')
const witnessesMost = 3
const offsetsMost = 100
