// SyncGroup. Assignments go as the bytes of Kafka's consumer protocol.

import { syncGroup as kafkaSyncGroup } from '../apis/sync-group.ts'
import { errorCode } from '../errors.ts'
import { defineApi } from '../schema.ts'
import { decodeAssignment, encodeAssignment } from './consumer-protocol.ts'
import { defineFamily, errorOf, type Family } from './family.ts'
import { groupName } from './own-fields.ts'

const api = defineApi({ ...kafkaSyncGroup, response: { ...kafkaSyncGroup.response, groupName } })

export const syncGroup: Family<'SyncGroup'> = defineFamily(
  api,
  5,
  {
    toBody: ({ groupId, memberId, groupInstanceId, generationId, assignments }) => ({
      groupId,
      generationId,
      memberId,
      groupInstanceId,
      protocolType: null,
      protocolName: null,
      assignments: assignments.map(({ memberId: id, partitions }) => ({
        memberId: id,
        assignment: encodeAssignment(partitions),
      })),
    }),
    toMessage: ({ groupId, memberId, groupInstanceId, generationId, assignments }, correlationId) => ({
      kind: 'SyncGroup',
      correlationId,
      groupId,
      memberId,
      groupInstanceId,
      generationId,
      assignments: assignments.map(({ memberId: id, assignment }) => ({
        memberId: id,
        partitions: decodeAssignment(assignment),
      })),
    }),
  },
  {
    toBody: ({ groupId, error, partitions }) => ({
      throttleTimeMs: 0,
      errorCode: errorCode(error),
      protocolType: null,
      protocolName: null,
      assignment: encodeAssignment(partitions),
      groupName: groupId,
    }),
    toMessage: ({ errorCode: code, assignment, groupName: groupId }, correlationId) => ({
      kind: 'SyncGroupResponse',
      correlationId,
      error: errorOf(code),
      groupId,
      partitions: decodeAssignment(assignment),
    }),
  },
)
