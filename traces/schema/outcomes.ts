// What operations answer, in every scope: what somebody else's implementation is held to.
import { boolean, integer, kinds, list, nullable, record } from './build.ts'
import { groupResponse, request } from './messages.ts'
import {
  batch,
  brokerId,
  errorName,
  leaderEpoch,
  name,
  offset,
  partition,
  timestamp,
  topicPartitions,
} from './parts.ts'

const done = {}
const error = { error: errorName }

export const outcomeSchemas = {
  log: kinds({
    done,
    error,
    appended: { baseOffset: offset, lastOffset: offset, duplicate: boolean },
    batches: { batches: list(batch, 100_000) },
    epochEnd: { end: record({ epoch: leaderEpoch, endOffset: offset }) },
    found: { record: nullable(record({ offset, timestamp })) },
  }),
  partitioner: kinds({ done, error, chosen: { partition } }),
  assignor: kinds({
    done,
    assigned: { assignment: list(record({ memberId: name, partitions: topicPartitions }), 1000) },
  }),
  producer: kinds({ sent: { requests: list(record({ broker: brokerId, request }), 10_000) } }),
  group: kinds({ responses: { responses: list(record({ client: name, response: groupResponse }), 10_000) } }),
  cluster: kinds({ done, nothing: {}, error, delivered: { messages: integer(0, 2 ** 31 - 1) } }),
}
