// What was sent and what was acknowledged: what the cluster is held to after a kill.
//
// Batches are kept as they were sent, so that what is read later can be compared byte for byte. A record's value begins
// with the name of its batch, by which a batch that is found in a log is known again.

/** One batch that was sent. */
export type Sent = {
  readonly name: string
  readonly lane: string
  readonly topic: string
  readonly partition: number
  /** Position among what its lane sent; of an idempotent lane, the sequence of its first record too. */
  readonly order: number
  readonly baseSequence: number
  readonly bytes: Uint8Array
  readonly records: readonly {
    readonly key: string | null
    readonly value: string | null
    readonly timestamp: number
  }[]
  /** The base offset that was acknowledged; -1 while none was. */
  acknowledged: number
  /** The base offset at which it was found in the log; -1 before. */
  found: number
}

/** A producer for one partition. */
export type LaneName = {
  readonly lane: string
  readonly topic: string
  readonly partition: number
  readonly isIdempotent: boolean
}

/** Growing offsets of one group for one partition. */
export type Commits = {
  readonly group: string
  readonly topic: string
  readonly partition: number
  asked: number
  acknowledged: number
}

/** A topic that an administrator made. */
export type MadeTopic = {
  readonly topic: string
  exists: 'asked' | 'yes' | 'deleting' | 'no'
  partitions: number
  partitionsAsked: number
  retentionMs: string
  retentionMsAsked: string
}

/** A member of a group as it was last acknowledged; `generationId` -1 while it is none. */
export type Membership = { readonly group: string; memberId: string; generationId: number }

/** The record of one run. */
export class Book {
  readonly lanes: LaneName[] = []
  readonly sent = new Map<string, Sent>()
  readonly commits: Commits[] = []
  readonly topics = new Map<string, MadeTopic>()
  readonly memberships: Membership[] = []
  /** The largest offset up to which anybody asked to delete, by `topic-partition`. */
  readonly deletedUpTo = new Map<string, number>()
  /** What is wrong, in sentences. */
  readonly problems: string[] = []
  readonly counts = { batches: 0, records: 0, commits: 0, administration: 0, repetitions: 0 }

  problem(what: string): void {
    this.problems.push(what)
  }

  acknowledge(sent: Sent, offset: number): void {
    if (sent.acknowledged === -1) {
      // It was in the log already when it was sent again.
      if (sent.found !== -1 && sent.baseSequence >= 0) this.counts.repetitions++
      this.counts.batches++
      this.counts.records += sent.records.length
      sent.acknowledged = offset
    } else {
      this.counts.repetitions++
      if (sent.acknowledged !== offset) {
        this.problem(`${sent.name} was acknowledged at ${sent.acknowledged}, and its repetition at ${offset}`)
      }
    }
    if (sent.found !== -1 && sent.found !== offset) {
      this.problem(`${sent.name} was found at ${sent.found}, and its repetition acknowledged at ${offset}`)
    }
  }
}
