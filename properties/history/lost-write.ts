// Lost write and unseen: a send was acknowledged, and nobody ever read the value (L1). It is *lost* when consumers read on
// beyond it, and *unseen* when they did not, or when it is not known where it stood.
//
// Beyond means: some consumer was given an earlier and a later record one after the other. When the header says that
// everything was read from beginning to end, every record below the highest that was read is meant.
import { allowed, type Findings } from './anomaly.ts'
import { judgeMissing } from './legal.ts'
import { isSuperseded, type KnownValue, type LogIndex, type PartitionLog, partitionText } from './log-index.ts'
import { walkReading } from './reading.ts'
import { linesText, valueText } from './words.ts'

export function findLostWrites(index: LogIndex, findings: Findings): void {
  const { settings } = index.history
  const passed = settings.readToEnd ? passedToTheEnd(index) : passedByConsumers(index)
  for (const log of index.logs) {
    for (const value of log.values.values()) {
      const { acknowledgedBy, readBy } = value
      if (acknowledgedBy === null || readBy !== null) continue
      const place = value.places[0]
      const poll = place === undefined ? null : (passed.get(log)?.[place.rank] ?? null)
      const missing = judgeMissing(settings, () => isSuperseded(log, value))
      if (place !== undefined && poll !== null) {
        findings.add('lost-write', missing, () => ({
          sentence: `${acknowledgedText(log, value, acknowledgedBy)}, consumers read on beyond it (${linesText([poll])}), and nobody ever read it`,
          place: { topic: log.topic, partition: log.partition, offsets: [place.offset] },
          operations: [acknowledgedBy, poll],
        }))
      } else {
        findings.add('unseen', settings.readToEnd ? missing : notReadToEnd, () => ({
          sentence: `${acknowledgedText(log, value, acknowledgedBy)}, and nobody has read it by the end`,
          place: { topic: log.topic, partition: log.partition, offsets: place === undefined ? [] : [place.offset] },
          operations: [acknowledgedBy],
        }))
      }
    }
  }
}

const notReadToEnd = allowed('the header does not say that everything was read to the end')

function acknowledgedText(log: PartitionLog, { value, places: [place] }: KnownValue, by: number): string {
  const where = place === undefined ? '' : ` at offset ${place.offset}`
  return `${valueText(value)} was acknowledged in ${partitionText(log)}${where} (${linesText([by])})`
}

/** For each place of a log a poll that read on beyond it, or null. */
type Passed = ReadonlyMap<PartitionLog, readonly (number | null)[]>

function passedToTheEnd({ logs }: LogIndex): Passed {
  return new Map(
    logs.map(log => {
      let beyond: number | null = null
      const polls: (number | null)[] = log.places.map(() => null)
      for (const { rank, seen } of log.places.toReversed()) {
        polls[rank] = beyond
        beyond ??= seen.find(({ value }) => value.readBy !== null)?.value.readBy ?? null
      }
      return [log, polls] as const
    }),
  )
}

function passedByConsumers(index: LogIndex): Passed {
  const passed = new Map(index.logs.map(log => [log, new Passage(log.places.length)] as const))
  walkReading(index, ({ log, from, to, toPoll, isMoved }) => {
    // What another member commits before it processed is lost by the application, and not by Kafka.
    if (isMoved && !index.history.settings.commitsAfterProcessing) return
    passed.get(log)?.pass(from.rank + 1, to.rank, toPoll)
  })
  return new Map([...passed].map(([log, { polls }]) => [log, polls] as const))
}

/** Who passed over each rank first. However often consumers go over the same ranks, each is looked at once. */
class Passage {
  readonly polls: (number | null)[]
  /** For each rank the next one that may not be passed yet. */
  readonly #next: Int32Array

  constructor(ranks: number) {
    this.polls = Array.from({ length: ranks }, () => null)
    this.#next = Int32Array.from({ length: ranks + 1 }, (_, rank) => rank)
  }

  pass(from: number, to: number, poll: number): void {
    for (let rank = this.#open(from); rank < to; rank = this.#open(rank)) {
      this.polls[rank] = poll
      this.#next[rank] = rank + 1
    }
  }

  #open(from: number): number {
    let rank = from
    for (let next = this.#next[rank] ?? rank; next !== rank; next = this.#next[rank] ?? rank) {
      this.#next[rank] = this.#next[next] ?? next
      rank = next
    }
    return rank
  }
}
