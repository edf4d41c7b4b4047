// JoinGroup. What a member offers goes as the bytes of Kafka's consumer protocol, which the coordinator of Kafka never
// looks into.

import type { AssignorName } from '../../../model/vocabulary/choosing.ts'
import { joinGroup as kafkaJoinGroup } from '../apis/join-group.ts'
import { errorCode } from '../errors.ts'
import { defineApi } from '../schema.ts'
import { WireError } from '../wire-error.ts'
import { decodeSubscription, encodeSubscription } from './consumer-protocol.ts'
import { defineFamily, errorOf, type Family, present } from './family.ts'
import { groupName } from './own-fields.ts'

const api = defineApi({ ...kafkaJoinGroup, response: { ...kafkaJoinGroup.response, groupName } })

export const joinGroup: Family<'JoinGroup'> = defineFamily(
  api,
  9,
  {
    toBody: ({ groupId, memberId, groupInstanceId, sessionTimeoutMs, rebalanceTimeoutMs, protocols }) => ({
      groupId,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      memberId,
      groupInstanceId,
      protocolType: 'consumer',
      protocols: protocols.map(protocol => ({ name: protocol.name, metadata: encodeSubscription(protocol) })),
      reason: null,
    }),
    toMessage: (body, correlationId) => ({
      kind: 'JoinGroup',
      correlationId,
      groupId: body.groupId,
      memberId: body.memberId,
      groupInstanceId: body.groupInstanceId,
      sessionTimeoutMs: body.sessionTimeoutMs,
      rebalanceTimeoutMs: body.rebalanceTimeoutMs,
      protocols: body.protocols.map(({ name, metadata }) => ({
        name: checkedAssignor(name),
        ...decodeSubscription(metadata),
      })),
    }),
  },
  {
    toBody: ({ groupId, error, generationId, protocolName, leader, memberId, members }) => ({
      throttleTimeMs: 0,
      errorCode: errorCode(error),
      generationId,
      protocolType: 'consumer',
      protocolName,
      leader,
      skipAssignment: false,
      memberId,
      // All of them were chosen for the one protocol that `protocolName` says.
      members: members.map(({ memberId: id, groupInstanceId, protocol }) => ({
        memberId: id,
        groupInstanceId,
        metadata: encodeSubscription(protocol),
      })),
      groupName: groupId,
    }),
    toMessage: (body, correlationId) => {
      const protocolName = body.protocolName === null ? null : checkedAssignor(body.protocolName)
      return {
        kind: 'JoinGroupResponse',
        correlationId,
        error: errorOf(body.errorCode),
        groupId: body.groupName,
        generationId: body.generationId,
        protocolName,
        leader: body.leader,
        memberId: body.memberId,
        members: body.members.map(({ memberId, groupInstanceId, metadata }) => ({
          memberId,
          groupInstanceId,
          protocol: { name: present(protocolName, 'protocolName'), ...decodeSubscription(metadata) },
        })),
      }
    },
  },
)

const assignors: readonly AssignorName[] = ['range', 'roundrobin', 'sticky', 'cooperative-sticky']

function checkedAssignor(name: string): AssignorName {
  const known = assignors.find(assignor => assignor === name)
  if (known === undefined) throw new WireError(`an assignor ${name}`)
  return known
}
