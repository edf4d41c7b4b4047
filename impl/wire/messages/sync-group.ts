// SyncGroup of one member.

import { syncGroup as kafkaSyncGroup } from '../apis/sync-group.ts'
import { errorCode } from '../errors.ts'
import { defineApi } from '../schema.ts'
import { defineFamily, errorOf, type Family } from './family.ts'
import { groupName } from './own-fields.ts'

const api = defineApi({ ...kafkaSyncGroup, response: { ...kafkaSyncGroup.response, groupName } })

export const syncGroup: Family<'SyncGroup'> = defineFamily(
  api,
  5,
  {
    toBody: message => message,
    toMessage: (body, correlationId) => ({ kind: 'SyncGroup', correlationId, ...body }),
  },
  {
    toBody: ({ error, groupId, protocolType, protocolName, assignment }) => ({
      throttleTimeMs: 0,
      errorCode: errorCode(error),
      protocolType,
      protocolName,
      assignment,
      groupName: groupId,
    }),
    toMessage: ({ errorCode: code, protocolType, protocolName, assignment, groupName: groupId }, correlationId) => ({
      kind: 'SyncGroupResponse',
      correlationId,
      error: errorOf(code),
      groupId,
      protocolType,
      protocolName,
      assignment,
    }),
  },
)
