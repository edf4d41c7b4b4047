// What stands beside the model of Kafka's log. It is a beginning: a follower's log in memory, with its leader epochs, which
// does three of twenty kinds of operations. Put your own log in its place, and let it do more, one kind after the other.
//
// Operations, outcomes and what is observed:   node_modules/kafka-lockstep/docs/subjects.md
// What each operation has to do, with sources: docs/protocol/log.md of kafka-lockstep
import { type ObservationOf, type OperationOf, type OutcomeOf, partialSubject } from 'kafka-lockstep'

type Batch = ObservationOf<'log'>['batches'][number]
type Epoch = ObservationOf<'log'>['epochs'][number]
type ErrorName = Extract<OutcomeOf<'log'>, { readonly kind: 'error' }>['error']

/** Sequences for it have these kinds of operations only. Leave the list out when your log does everything. */
const operations = ['replicate', 'assignEpoch', 'endOffsetForEpoch'] as const

export const subject = partialSubject('log', {
  name: 'my log',
  operations,
  // Every run starts with a new, empty log.
  start: () => {
    const log = new MyLog()
    return {
      apply: operation => apply(log, operation),
      // Compared after every operation. The more is shown, the earlier a mistake is seen; what is not shown is not compared.
      observe: () => ({ logEndOffset: log.endOffset, epochs: log.epochs, batches: log.batches }),
    }
  },
})

/** One operation: calls your log, and says how it answered. */
function apply(log: MyLog, operation: OperationOf<'log'>): OutcomeOf<'log'> {
  switch (operation.kind) {
    case 'replicate':
      return done(log.replicate(operation.batches))
    case 'assignEpoch':
      return done(log.assignEpoch(operation.leaderEpoch))
    case 'endOffsetForEpoch':
      return { kind: 'epochEnd', end: log.endOffsetForEpoch(operation.leaderEpoch) }
    default:
      throw new Error(`not written yet: ${operation.kind}`)
  }
}

function done(error: ErrorName | null): OutcomeOf<'log'> {
  return error === null ? { kind: 'done' } : { kind: 'error', error }
}

/** A follower's log. */
class MyLog {
  batches: readonly Batch[] = []
  epochs: readonly Epoch[] = []

  get endOffset(): number {
    return (this.batches.at(-1)?.lastOffset ?? -1) + 1
  }

  /** Takes batches as the leader numbered them, or none of them. */
  replicate(batches: readonly Batch[]): ErrorName | null {
    if (batches.some(batch => batch.corrupt)) return 'CORRUPT_MESSAGE'
    let next = this.endOffset
    for (const { baseOffset, lastOffset } of batches) {
      if (baseOffset > lastOffset || baseOffset < next) return 'OFFSET_OUT_OF_RANGE'
      next = lastOffset + 1
    }
    let newest = this.epochs.at(-1)?.epoch ?? -1
    for (const { leaderEpoch } of batches) {
      if (leaderEpoch < newest) return 'FENCED_LEADER_EPOCH'
      newest = leaderEpoch
    }
    for (const batch of batches) {
      this.#beginEpoch(batch.leaderEpoch, batch.baseOffset)
      this.batches = [...this.batches, batch]
    }
    return null
  }

  /** A leader's epoch begins, also when no record follows. */
  assignEpoch(epoch: number): ErrorName | null {
    const newest = this.epochs.at(-1)
    if (newest !== undefined && epoch < newest.epoch) return 'FENCED_LEADER_EPOCH'
    this.#beginEpoch(epoch, this.endOffset)
    return null
  }

  /** Where the records of an epoch end: what a follower asks before it cuts its log. */
  endOffsetForEpoch(epoch: number): { readonly epoch: number; readonly endOffset: number } {
    const newest = this.epochs.at(-1)
    if (newest === undefined || epoch === -1 || epoch > newest.epoch) return { epoch: -1, endOffset: -1 }
    if (epoch === newest.epoch) return { epoch, endOffset: this.endOffset }
    const endOffset = this.epochs.find(entry => entry.epoch > epoch)?.startOffset ?? this.endOffset
    return { epoch: this.epochs.filter(entry => entry.epoch <= epoch).at(-1)?.epoch ?? epoch, endOffset }
  }

  #beginEpoch(epoch: number, startOffset: number): void {
    if (this.epochs.at(-1)?.epoch === epoch) return
    this.epochs = [...this.epochs.filter(entry => entry.startOffset < startOffset), { epoch, startOffset }]
  }
}
