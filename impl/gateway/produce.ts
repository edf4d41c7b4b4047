// Produce: one message to the core for each partition, and one answer when all of them are answered.
// Follows `KafkaApis.handleProduceRequest`. Batches are handed on as views of the request's own bytes.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { Offset } from '../../model/vocabulary/units.ts'
import { isInternal } from '../broker/topics.ts'
import * as header from '../log/batch.ts'
import { codecNames } from '../ports/compression.ts'
import type { produce } from '../wire/apis/produce.ts'
import { errorCode, type KafkaErrorName } from '../wire/errors.ts'
import type { ResponseOf } from '../wire/schema.ts'
import type { Core } from './core.ts'
import type { Call } from './session.ts'
import { type ClusterView, currentLeader, endpointsOf, noLeader, topicNamed } from './view.ts'

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
    const named = topicNamed(view, { name, topicId }, call.version >= 13)
    return { name, topicId, ...named, rows: partitionData.map(({ index }) => newRow(index)), partitionData }
  })
  let open = 1
  const close = (): void => {
    if (--open > 0) return
    if (acks !== 0) {
      call.answer(responseOf(view, topics))
      return
    }
    call.answer(null)
    // Who wants no answer learns of an error all the same: its connection ends, and it looks at the metadata again.
    const failed = topics.flatMap(({ rows, topic }) => rows.map(row => ({ topic, ...row }))).find(isFailed)
    if (failed !== undefined) {
      const why = `a produce request with acks=0 failed for ${failed.topic}-${failed.index}: ${failed.error}`
      call.client.closeBehindAnswers(why)
    }
  }
  for (const { topic, error, rows, partitionData } of topics) {
    partitionData.forEach(({ index, records }, position) => {
      const row = rows[position]
      if (row === undefined) return
      const refusal = error === 'NONE' ? refuse(core, view, call, topic, index, records ?? noRecords) : { error }
      if (refusal !== null) {
        row.error = refusal.error
        row.message = refusal.message ?? null
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

type Refusal = { readonly error: KafkaErrorName; readonly message?: string }

/** What is refused before it reaches a replica; null for what may be appended. */
function refuse(
  core: Core,
  view: ClusterView,
  { request, version }: Call<typeof produce>,
  topic: string,
  partition: number,
  records: Uint8Array,
): Refusal | null {
  const { acks, transactionalId } = request
  if (transactionalId !== null) {
    const message = 'this broker has no transactions: produce without a transactional.id'
    return { error: 'UNSUPPORTED_FOR_MESSAGE_FORMAT', message }
  }
  if (acks < -1 || acks > 1) return { error: 'INVALID_REQUIRED_ACKS' }
  if (core.broker.replica(topic, partition) === undefined) {
    const isKnown = view.partition(topic, partition) !== undefined
    return { error: isKnown ? 'NOT_LEADER_OR_FOLLOWER' : 'UNKNOWN_TOPIC_OR_PARTITION' }
  }
  if (isInternal(topic)) return { error: 'INVALID_TOPIC_EXCEPTION', message: `${topic} is written to by brokers only` }
  return refuseRecords(version, records)
}

/** What `ProduceRequest.validateRecords` refuses of what the log would not look at, or call corrupt. */
function refuseRecords(version: number, records: Uint8Array): Refusal | null {
  const view = header.viewOf(records)
  const isHeader = records.length > header.field.magic
  if (!isHeader || header.sizeOf(view, 0) > records.length) {
    return { error: 'INVALID_RECORD', message: 'there must be a whole record batch' }
  }
  // Other numbers than those that there once were are taken for rot.
  const magic = view.getInt8(header.field.magic)
  if (magic >= 0 && magic < header.magicV2) {
    return { error: 'INVALID_RECORD', message: `record batches have magic ${header.magicV2}, and not ${magic}` }
  }
  const attributes = records[header.field.attributes + 1] ?? 0
  if (version < 7 && codecNames[attributes & header.attribute.compression] === 'zstd') {
    return { error: 'UNSUPPORTED_COMPRESSION_TYPE', message: 'zstd needs version 7 of Produce' }
  }
  return null
}

function isFailed({ error }: Row): boolean {
  return error !== 'NONE'
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
