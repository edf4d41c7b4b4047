// Messages of the implementation as values: record batches and what members of groups say leave the form of bytes,
// everything else stays as it is.

import { decodeBatches } from '../../impl/log/codec.ts'
import type { Wire } from '../../impl/ports/network.ts'
import type { MessageValue } from '../../model/vocabulary/messages.ts'
import type { Batch, UnplacedBatch } from '../../model/vocabulary/records.ts'
import { groupRequestValue, groupResponseValue } from './group-values.ts'

const noBatches: readonly Batch[] = []

/** Decodes messages, each once for as long as somebody holds it. */
export class MessageValues {
  readonly #known = new WeakMap<Wire, MessageValue>()

  /** The message as a value. Throws on one that the model does not have. */
  of(message: Wire): MessageValue {
    const known = this.#known.get(message)
    if (known !== undefined) return known
    const value = decoded(message)
    if (value !== message) this.#known.set(message, value)
    return value
  }
}

function decoded(message: Wire): MessageValue {
  switch (message.kind) {
    case 'Produce':
      return { ...message, records: decodeBatches(message.records).map(unplaced) }
    case 'FetchResponse':
      return { ...message, records: message.records.length === 0 ? noBatches : decodeBatches(message.records) }
    case 'JoinGroup':
    case 'SyncGroup':
    case 'Heartbeat':
    case 'LeaveGroup':
    case 'OffsetCommit':
    case 'OffsetFetch':
    case 'DescribeGroup':
    case 'DeleteGroup':
    case 'OffsetDelete':
      return groupRequestValue(message)
    case 'JoinGroupResponse':
    case 'SyncGroupResponse':
    case 'HeartbeatResponse':
    case 'LeaveGroupResponse':
    case 'OffsetCommitResponse':
    case 'OffsetFetchResponse':
    case 'DescribeGroupResponse':
    case 'DeleteGroupResponse':
    case 'OffsetDeleteResponse':
      return groupResponseValue(message)
    case 'ListGroups':
    case 'ListGroupsResponse':
      throw new Error(`the model has no ${message.kind}`)
    default:
      return message
  }
}

/** The bytes of a batch have room for an offset and an epoch that the producer does not know. */
function unplaced({ producerId, producerEpoch, baseSequence, records }: Batch): UnplacedBatch {
  return {
    producerId,
    producerEpoch,
    baseSequence,
    records: records.map(({ key, value, timestamp }) => ({ key, value, timestamp })),
  }
}
