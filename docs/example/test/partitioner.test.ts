// Holds the partitioner against the model of Kafka: `npm test`. What fails is kept in test/traces, and tried first from then on.
import { type OperationOf, type OutcomeOf, partialSubject, subjectDeclined } from 'kafka-lockstep'
import { lockstep } from 'kafka-lockstep/vitest'
import { RoundRobinPartitioner } from '../src/partitioner.js'

const subject = partialSubject('partitioner', {
  name: 'round robin',
  start: setup => {
    if (setup.partitioner !== 'roundRobin') throw subjectDeclined('only round robin is written')
    const partitioner = new RoundRobinPartitioner()
    return { apply: operation => apply(partitioner, operation) }
  },
})

function apply(partitioner: RoundRobinPartitioner, operation: OperationOf<'partitioner'>): OutcomeOf<'partitioner'> {
  // A new batch is for sticky partitioners.
  if (operation.kind === 'newBatch') return { kind: 'done' }
  const { given, partitionCount } = operation
  if (given === null) return { kind: 'chosen', partition: partitioner.choose(operation) }
  return given >= 0 && given < partitionCount
    ? { kind: 'chosen', partition: given }
    : { kind: 'error', error: 'UNKNOWN_TOPIC_OR_PARTITION' }
}

lockstep('the round robin partitioner chooses what Kafka chooses', { scope: 'partitioner', subject })
