// JoinGroup in version 9, whatever version the client spoke to the broker that passes it on: what follows from the
// client's version and connection goes beside it.

import { joinGroup as kafkaJoinGroup } from '../apis/join-group.ts'
import { errorCode } from '../errors.ts'
import { bool, defineApi, string, tagged } from '../schema.ts'
import { defineFamily, errorOf, type Family } from './family.ts'
import { groupName } from './own-fields.ts'

const api = defineApi({
  ...kafkaJoinGroup,
  request: {
    ...kafkaJoinGroup.request,
    clientId: tagged(10_000, string()),
    clientHost: tagged(10_001, string()),
    requiresKnownMemberId: tagged(10_002, bool('0+', true)),
    supportsSkippingAssignment: tagged(10_003, bool('0+', true)),
  },
  response: { ...kafkaJoinGroup.response, groupName },
})

export const joinGroup: Family<'JoinGroup'> = defineFamily(
  api,
  9,
  {
    toBody: message => message,
    toMessage: (body, correlationId) => ({ kind: 'JoinGroup', correlationId, ...body }),
  },
  {
    toBody: ({ error, groupId, ...same }) => ({
      ...same,
      throttleTimeMs: 0,
      errorCode: errorCode(error),
      groupName: groupId,
    }),
    toMessage: ({ throttleTimeMs: _, errorCode: code, groupName: groupId, ...same }, correlationId) => ({
      kind: 'JoinGroupResponse',
      correlationId,
      error: errorOf(code),
      groupId,
      ...same,
    }),
  },
)
