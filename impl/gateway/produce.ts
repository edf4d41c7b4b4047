// Produce: one message to the core for each partition, and one answer when all of them are answered.
// Follows `KafkaApis.handleProduceRequest`. Batches are handed on as views of the request's own bytes.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { Offset } from '../../model/vocabulary/units.ts'
import type { produce } from '../wire/apis/produce.ts'
import { errorCode, type KafkaErrorName } from '../wire/errors.ts'
import type { ResponseOf } from '../wire/schema.ts'
import type { Core } from './core.ts'
import type { Call } from './session.ts'
import { type ClusterView, currentLeader, endpointsOf, topicNamed } from './view.ts'

type Response = ResponseOf<typeof produce>
type PartitionResponse = Response['responses'][number]['partitionResponses'][number]
/** Filled in when the partition is answered. */
type Row = { index: number; error: KafkaErrorName; baseOffset: Offset; logStartOffset: Offset; message: string | null }

const noRecords = new Uint8Array(0)

/** Carries out Produce. */
export function handleProduce(core: Core, view: ClusterView, call: Call<typeof produce>): void {
  const { request } = call
  const { acks } = request
  const topics = request.topicData.map(({ name, topicId, partitionData }) => {
    const named = topicNamed(view, { name, topicId })
    return { name, topicId, ...named, rows: partitionData.map(({ index }) => newRow(index)), partitionData }
  })
  let open = 1
  const close = (): void => {
    if (--open === 0) call.answer(acks === 0 ? null : responseOf(view, topics))
  }
  for (const { topic, error, rows, partitionData } of topics) {
    partitionData.forEach(({ index, records }, position) => {
      const row = rows[position]
      if (row === undefined) return
      const refusal = error === 'NONE' ? refuse(request, acks) : error
      if (refusal !== null) {
        row.error = refusal
        row.message = refusal === 'UNSUPPORTED_FOR_MESSAGE_FORMAT' ? noTransactions : null
        return
      }
      open++
      core.produce(
        call.client,
        {
          topic,
          partition: index,
          acks: acks === 0 || acks === 1 ? acks : -1,
          timeoutMs: request.timeoutMs,
          records: records ?? noRecords,
        },
        (answered: ErrorName, baseOffset) => {
          row.error = answered
          row.baseOffset = baseOffset
          row.logStartOffset = answered === 'NONE' ? core.logStartOffset(topic, index) : -1
          close()
        },
      )
    })
  }
  close()
}

const noTransactions = 'this broker has no transactions: produce without a transactional.id'

function refuse(request: { readonly transactionalId: string | null }, acks: number): KafkaErrorName | null {
  if (request.transactionalId !== null) return 'UNSUPPORTED_FOR_MESSAGE_FORMAT'
  return acks < -1 || acks > 1 ? 'INVALID_REQUIRED_ACKS' : null
}

function newRow(index: number): Row {
  return { index, error: 'NONE', baseOffset: -1, logStartOffset: -1, message: null }
}

type Answered = {
  readonly name: string
  readonly topicId: string
  readonly topic: string
  readonly rows: readonly Row[]
}

function responseOf(view: ClusterView, topics: readonly Answered[]): Response {
  const leaders: number[] = []
  const responses = topics.map(({ name, topicId, topic, rows }) => ({
    name,
    topicId,
    partitionResponses: rows.map((row): PartitionResponse => {
      const isElsewhere = row.error === 'NOT_LEADER_OR_FOLLOWER'
      const leader = isElsewhere ? currentLeader(view, topic, row.index) : noLeader
      if (leader.leaderId >= 0) leaders.push(leader.leaderId)
      return {
        index: row.index,
        errorCode: errorCode(row.error),
        baseOffset: row.baseOffset,
        logAppendTimeMs: -1,
        logStartOffset: row.logStartOffset,
        recordErrors: [],
        errorMessage: row.message,
        currentLeader: leader,
      }
    }),
  }))
  return { responses, throttleTimeMs: 0, nodeEndpoints: endpointsOf(view, leaders) }
}

const noLeader = { leaderId: -1, leaderEpoch: -1 } as const
