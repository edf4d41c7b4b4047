// Batches for partitions. A request with acks 0 has no response. Since version 10 a response to a wrong leader names the
// right one (KIP-951); since version 13 topics have their id instead of their name (KIP-516).

import { array, defineApi, int16, int32, int64, nullable, records, string, struct, tagged, uuid } from '../schema.ts'

export const produce = defineApi({
  key: 0,
  name: 'Produce',
  minVersion: 3,
  maxVersion: 13,
  flexibleSince: 9,
  request: {
    transactionalId: nullable('3+', string('3+'), null),
    acks: int16(),
    timeoutMs: int32(),
    topicData: array('0+', {
      name: string('0-12'),
      topicId: uuid('13+'),
      partitionData: array('0+', {
        index: int32(),
        records: nullable('0+', records()),
      }),
    }),
  },
  response: {
    responses: array('0+', {
      name: string('0-12'),
      topicId: uuid('13+'),
      partitionResponses: array('0+', {
        index: int32(),
        errorCode: int16(),
        baseOffset: int64(),
        logAppendTimeMs: int64('2+', -1),
        logStartOffset: int64('5+', -1),
        recordErrors: array('8+', {
          batchIndex: int32(),
          batchIndexErrorMessage: nullable('8+', string(), null),
        }),
        errorMessage: nullable('8+', string('8+'), null),
        currentLeader: tagged(
          0,
          struct('10+', {
            leaderId: int32('0+', -1),
            leaderEpoch: int32('0+', -1),
          }),
        ),
      }),
    }),
    throttleTimeMs: int32('1+'),
    nodeEndpoints: tagged(
      0,
      array('10+', {
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: nullable('10+', string(), null),
      }),
    ),
  },
})
