// Which partition a batch goes to. Follows KafkaProducer.doSend and RecordAccumulator.append.
import { choosePartition, endBatch } from '../partitioners.ts'
import { completed, type ProducerBatch, type ProducerState, queueOf, withQueue } from './state.ts'

/**
 * Who: an unassigned batch whose topic is in the metadata.
 * Then: its first record's key, or what the application gave, or the partitioner says where it goes. A sticky choice
 * ends with it, because one send is one batch.
 */
export function assigned(state: ProducerState, batch: ProducerBatch): ProducerState {
  const { topic, given, draw, records } = batch
  const partitions = state.metadata.filter(known => known.topic === topic)
  const key = records[0]?.key ?? null
  const chosen = choosePartition(state.partitioner, {
    topic,
    given,
    key,
    partitionCount: partitions.length,
    available: partitions.filter(({ leader }) => leader >= 1).map(({ partition }) => partition),
    draw,
  })
  const endsChoice = key === null && state.partitioner.partitioner === 'sticky'
  const partitioner = endsChoice ? endBatch(chosen.state, topic) : chosen.state
  const { outcome } = chosen
  if (outcome.kind !== 'chosen') {
    const error = outcome.kind === 'error' ? outcome.error : 'UNKNOWN_TOPIC_OR_PARTITION'
    return completed({ ...state, partitioner }, batch, given ?? -1, { kind: 'failed', error })
  }
  const queue = queueOf(state, { topic, partition: outcome.partition })
  const unassigned = state.unassigned.filter(other => other.batch !== batch.batch)
  return withQueue({ ...state, partitioner, unassigned }, { ...queue, batches: [...queue.batches, batch] })
}
