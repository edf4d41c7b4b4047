// O3 and L8, on one producer: the sequences of an idempotent session. What is sent is compared with what is queued, before
// and after, so that no memory of the run is needed.
import type { TopicPartition } from '../vocabulary/choosing.ts'
import type { Violation } from '../vocabulary/claims.ts'
import type { ProducerObservation } from '../vocabulary/clients.ts'
import type { Sequence } from '../vocabulary/units.ts'
import type { ProducerTransition } from './transition.ts'

/**
 * O3: along a partition's queue sequences rise, batches that have one stand before those that have none, and a batch keeps
 * the sequence that it has. Without idempotence there are none.
 */
export function sequencesRise({ before, operation, after }: ProducerTransition): Violation | null {
  for (const { topic, partition, batches } of after.queues) {
    const old = operation.kind === 'open' ? [] : queueOf(before, { topic, partition })
    let last: Sequence | null = null
    let isWithout = false
    for (const { batch, baseSequence } of batches) {
      const had = old.find(other => other.batch === batch)?.baseSequence ?? -1
      if (had !== -1 && had !== baseSequence)
        return wrong(topic, partition, `batch ${batch} changed its sequence ${had}`)
      if (baseSequence === -1) {
        isWithout = true
        continue
      }
      if (after.session?.idempotent !== true) return wrong(topic, partition, `batch ${batch} has a sequence`)
      if (isWithout) return wrong(topic, partition, `batch ${batch} has a sequence, and one before it has none`)
      if (last !== null && !isAfter(baseSequence, last)) {
        return wrong(topic, partition, `sequence ${baseSequence} follows ${last}`)
      }
      last = baseSequence
    }
  }
  return null
}

/**
 * L8: what leaves for a partition is either an old sequence again, or the next one: of two batches that leave together the
 * second begins where the first ends.
 *
 * Were sequence 5 to leave after 3 and never 4, the log would refuse everything after it for ever.
 */
export function sequencesAreDense({ before, operation, outcome }: ProducerTransition): Violation | null {
  for (const { request } of outcome.requests) {
    if (request.kind !== 'Produce') continue
    const { topic, partition } = request
    const known = operation.kind === 'open' ? [] : queueOf(before, request).map(({ baseSequence }) => baseSequence)
    const fresh = outcome.requests.flatMap(other => {
      const isHere = other.request.kind === 'Produce' && isSame(other.request, request)
      return isHere ? other.request.records.filter(({ baseSequence }) => !known.includes(baseSequence)) : []
    })
    for (const [index, batch] of fresh.entries()) {
      const previous = fresh[index - 1]
      if (previous === undefined || batch.baseSequence === -1) continue
      const expected = (previous.baseSequence + previous.records.length) % sequences
      if (batch.baseSequence === expected) continue
      return wrong(topic, partition, `sequence ${batch.baseSequence} left where ${expected} was next`)
    }
  }
  return null
}

const sequences = 2 ** 31

/** Sequences wrap, so that "after" means less than half the circle ahead. */
function isAfter(sequence: Sequence, other: Sequence): boolean {
  const ahead = (sequence - other + sequences) % sequences
  return ahead > 0 && ahead < sequences / 2
}

function queueOf(
  { queues }: ProducerObservation,
  at: TopicPartition,
): ProducerObservation['queues'][number]['batches'] {
  return queues.find(queue => isSame(queue, at))?.batches ?? []
}

function isSame(a: TopicPartition, b: TopicPartition): boolean {
  return a.topic === b.topic && a.partition === b.partition
}

function wrong(topic: string, partition: number, sentence: string): Violation {
  return { claim: 'O3', sentence: `${topic}/${partition}: ${sentence}` }
}
