// LeaveGroup of any number of members. Kafka's member id is never null: who is named by an instance id alone is told
// beside it, so that nothing depends on what an empty member id means.

import { leaveGroup as kafkaLeaveGroup } from '../apis/leave-group.ts'
import { errorCode } from '../errors.ts'
import { array, defineApi, tagged } from '../schema.ts'
import { defineFamily, errorOf, type Family } from './family.ts'
import { groupName } from './own-fields.ts'

/** The places in `members` of those whose member id is null. */
const withoutMemberId = tagged(10_001, array('0+', 'int32'))

const api = defineApi({
  ...kafkaLeaveGroup,
  request: { ...kafkaLeaveGroup.request, withoutMemberId },
  response: { ...kafkaLeaveGroup.response, groupName, withoutMemberId },
})

export const leaveGroup: Family<'LeaveGroup'> = defineFamily(
  api,
  5,
  {
    toBody: ({ groupId, members }) => ({
      groupId,
      memberId: '',
      members: members.map(({ memberId, groupInstanceId, reason }) => ({
        memberId: memberId ?? '',
        groupInstanceId,
        reason,
      })),
      withoutMemberId: placesWithoutMemberId(members),
    }),
    toMessage: ({ groupId, members, withoutMemberId: places }, correlationId) => ({
      kind: 'LeaveGroup',
      correlationId,
      groupId,
      members: members.map(({ memberId, groupInstanceId, reason }, place) => ({
        memberId: places.includes(place) ? null : memberId,
        groupInstanceId,
        reason,
      })),
    }),
  },
  {
    toBody: ({ groupId, error, members }) => ({
      throttleTimeMs: 0,
      errorCode: errorCode(error),
      members: members.map(({ memberId, groupInstanceId, error: ofMember }) => ({
        memberId: memberId ?? '',
        groupInstanceId,
        errorCode: errorCode(ofMember),
      })),
      groupName: groupId,
      withoutMemberId: placesWithoutMemberId(members),
    }),
    toMessage: ({ errorCode: code, members, groupName: groupId, withoutMemberId: places }, correlationId) => ({
      kind: 'LeaveGroupResponse',
      correlationId,
      error: errorOf(code),
      groupId,
      members: members.map(({ memberId, groupInstanceId, errorCode: ofMember }, place) => ({
        memberId: places.includes(place) ? null : memberId,
        groupInstanceId,
        error: errorOf(ofMember),
      })),
    }),
  },
)

function placesWithoutMemberId(members: readonly { readonly memberId: string | null }[]): readonly number[] {
  return members.flatMap(({ memberId }, place) => (memberId === null ? [place] : []))
}
