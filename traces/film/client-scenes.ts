// What producers and consumers show of themselves.
import { remembered } from '../../model/memo.ts'
import type { ConsumerObservation, ProducerObservation } from '../../model/vocabulary/clients.ts'
import { listed, partitionWord } from '../render/words.ts'
import { fact } from './facts.ts'
import type { NodeScene } from './film.ts'

/** A producer, with its batches that are not done. Without a session it is down. */
export const producerNode = remembered(
  ({ session, queues, unassigned, completed, now }: ProducerObservation): NodeScene => {
    if (session === null) return { status: 'down', facts: [], logs: [] }
    const { acks, idempotent, producerId, producerEpoch, failed } = session
    const facts = [
      fact('acks', acks === -1 ? 'all' : acks),
      ...(idempotent ? [fact('producer id', `${producerId}, epoch ${producerEpoch}`)] : []),
      ...(failed ? [fact('failed', 'yes')] : []),
      ...queues.map(queue =>
        fact(`to ${partitionWord(queue)}`, listed(queue.batches.map(({ batch, state }) => `batch ${batch} ${state}`))),
      ),
      ...(unassigned.length === 0 ? [] : [fact('without a partition', `batches ${listed(unassigned)}`)]),
      fact('completed', completed.length),
      fact('clock', `${now} ms`),
    ]
    return { status: 'up', facts, logs: [] }
  },
)

/** A consumer, with its membership and its positions. A closed one is down. */
export const consumerNode = remembered((consumer: ConsumerObservation): NodeScene => {
  const { open, membership, memberId, generationId, coordinator, positions, processed, now } = consumer
  if (!open) return { status: 'down', facts: [], logs: [] }
  return {
    status: membership === 'fenced' ? 'fenced' : 'up',
    facts: [
      ...(membership === 'none' ? [] : [fact('member', `${membership}${memberId === '' ? '' : ` as ${memberId}`}`)]),
      ...(generationId < 0 ? [] : [fact('generation', generationId)]),
      ...(coordinator < 0 ? [] : [fact('coordinator', `b${coordinator}`)]),
      ...positions.map(at => fact(`at ${partitionWord(at)}`, at.offset < 0 ? 'unknown' : at.offset)),
      fact('processed', processed.length),
      fact('clock', `${now} ms`),
    ],
    logs: [],
  }
})
