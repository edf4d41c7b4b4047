// Heartbeat of one member.

import { heartbeat as kafkaHeartbeat } from '../apis/heartbeat.ts'
import { errorCode } from '../errors.ts'
import { defineApi } from '../schema.ts'
import { defineFamily, errorOf, type Family } from './family.ts'
import { groupName } from './own-fields.ts'

const api = defineApi({ ...kafkaHeartbeat, response: { ...kafkaHeartbeat.response, groupName } })

export const heartbeat: Family<'Heartbeat'> = defineFamily(
  api,
  4,
  {
    toBody: ({ groupId, generationId, memberId, groupInstanceId }) => ({
      groupId,
      generationId,
      memberId,
      groupInstanceId,
    }),
    toMessage: (body, correlationId) => ({ kind: 'Heartbeat', correlationId, ...body }),
  },
  {
    toBody: ({ groupId, error }) => ({ throttleTimeMs: 0, errorCode: errorCode(error), groupName: groupId }),
    toMessage: ({ errorCode: code, groupName: groupId }, correlationId) => ({
      kind: 'HeartbeatResponse',
      correlationId,
      error: errorOf(code),
      groupId,
    }),
  },
)
