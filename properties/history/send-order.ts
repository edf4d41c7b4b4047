// Send-skip and nonmonotonic-send: what a producer sent to a partition stands there in another order, or with records of its
// own in between (O3). Other producers' records between two of one send are legal, and counted.
//
// Sends count in the order of their starts. What may have been in flight at the same time may change places when it is
// sent again without idempotence.
import { allowed, type Findings, type Judgement } from './anomaly.ts'
import type { HistorySettings, Of } from './history.ts'
import { judgeLoss, judgeRepeated } from './legal.ts'
import { type LogIndex, operationOf, type PartitionLog, type Place, partitionText } from './log-index.ts'
import { linesText } from './words.ts'

type Sent = { readonly place: Place; readonly by: number; readonly end: number }

export function findSendOrder(index: LogIndex, findings: Findings): void {
  const lastOfClient = new Map<string, Map<PartitionLog, Sent>>()
  for (const at of index.order) {
    const operation = index.history.operations[at]
    if (operation?.kind === 'crash') lastOfClient.delete(operation.client)
    if (operation?.kind !== 'send' || operation.completed !== 'ok') continue
    const log = index.logOf(operation.topic, operation.partition)
    if (log === null) continue
    const lastSent = lastOfClient.get(operation.client) ?? new Map<PartitionLog, Sent>()
    lastOfClient.set(operation.client, lastSent)
    for (const sent of sentIn(log, operation, at)) {
      const last = lastSent.get(log)
      if (last !== undefined) compare(index, findings, { log, operation, last, sent })
      lastSent.set(log, sent)
    }
  }
}

type Pair = { readonly log: PartitionLog; readonly operation: Of<'send'>; readonly last: Sent; readonly sent: Sent }

function compare(index: LogIndex, findings: Findings, { log, operation, last, sent }: Pair): void {
  const distance = sent.place.rank - last.place.rank
  if (distance === 1 || (distance > 1 && last.by !== sent.by)) return
  const { settings } = index.history
  const describe = () => ({
    sentence: `${operation.client} sent to ${partitionText(log)} what stands at offset ${last.place.offset}, and then what stands at offset ${sent.place.offset} (${linesText([last.by, sent.by])})`,
    place: { topic: log.topic, partition: log.partition, offsets: [last.place.offset, sent.place.offset] },
    operations: [last.by, sent.by],
  })
  if (distance < 1) {
    findings.add('nonmonotonic-send', judgeOrder(settings, last.end > operation.start || last.by === sent.by), describe)
    return
  }
  const isOwn = isOnlyOf(operation.client, index, log, last.place.rank + 1, sent.place.rank)
  findings.add('send-skip', isOwn ? judgeOrder(settings, true) : allowed('other producers wrote in between'), describe)
}

/** `inFlight`: both may have been on their way at the same time. */
function judgeOrder(settings: HistorySettings, inFlight: boolean): Judgement {
  return inFlight && settings.maxInFlight > 1 ? judgeRepeated(settings) : judgeLoss(settings)
}

/** The records of one send whose place is known. A value that was sent more than once has no order of its own. */
function sentIn(log: PartitionLog, { records, end }: Of<'send'>, by: number): readonly Sent[] {
  return records.flatMap(record => {
    const value = log.values.get(record.value)
    const place = value?.places[0]
    const isClear = value?.sentBy.length === 1 && value.places.length === 1 && place?.seen.length === 1
    return isClear && place !== undefined ? [{ place, by, end }] : []
  })
}

/** True when nobody else sent any of the records from one rank to another, exclusive. */
function isOnlyOf(client: string, index: LogIndex, log: PartitionLog, from: number, to: number): boolean {
  for (let rank = from; rank < to; rank++) {
    for (const { value } of log.places[rank]?.seen ?? []) {
      if (value.sentBy.length === 0) return false
      if (value.sentBy.some(by => operationOf(index, by, 'send')?.client !== client)) return false
    }
  }
  return true
}
