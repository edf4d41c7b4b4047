// What stands beside the model of a producer's partitioner. It is a beginning: it deals records without keys in turn, and leaves
// keys and the sticky partitioner to the model. Put your own partitioner in its place, and let it do more.
//
// Operations, outcomes and what is observed:   node_modules/kafka-lockstep/docs/subjects.md
// What each operation has to do, with sources: docs/protocol/choosing.md of kafka-lockstep
import { type OperationOf, type OutcomeOf, partialSubject, subjectDeclined } from 'kafka-lockstep'

export const subject = partialSubject('partitioner', {
  name: 'my partitioner',
  // Leave this out when nothing is left to the model: campaigns then say which behaviours they never reached.
  declines: true,
  start: setup => {
    if (setup.partitioner === 'sticky') throw subjectDeclined('there is no sticky partitioner yet')
    // For each topic: how many records were dealt.
    const dealt = new Map<string, number>()
    return { apply: operation => apply(dealt, operation) }
  },
})

/** One operation: calls your partitioner, and says how it answered. Null: not done, so that the model's answer stands. */
function apply(dealt: Map<string, number>, operation: OperationOf<'partitioner'>): OutcomeOf<'partitioner'> | null {
  if (operation.kind === 'newBatch') return { kind: 'done' }
  const { topic, given, key, partitionCount, available } = operation
  if (given !== null) {
    return given >= 0 && given < partitionCount
      ? { kind: 'chosen', partition: given }
      : { kind: 'error', error: 'UNKNOWN_TOPIC_OR_PARTITION' }
  }
  if (key !== null) return null
  const count = dealt.get(topic) ?? 0
  dealt.set(topic, count + 1)
  return { kind: 'chosen', partition: available[count % available.length] ?? count % partitionCount }
}
