// DescribeGroups of one group.

import type { GroupState } from '../../../model/vocabulary/groups.ts'
import { describeGroups as api } from '../apis/describe-groups.ts'
import { errorCode } from '../errors.ts'
import { WireError } from '../wire-error.ts'
import { defineFamily, errorOf, type Family, only } from './family.ts'

export const describeGroup: Family<'DescribeGroup'> = defineFamily(
  api,
  6,
  {
    toBody: ({ groupId }) => ({ groups: [groupId], includeAuthorizedOperations: false }),
    toMessage: ({ groups }, correlationId) => ({
      kind: 'DescribeGroup',
      correlationId,
      groupId: only(groups, 'groups'),
    }),
  },
  {
    toBody: ({ groupId, error, state, protocolType, protocolName, members }) => ({
      throttleTimeMs: 0,
      groups: [
        {
          errorCode: errorCode(error),
          errorMessage: null,
          groupId,
          groupState: state,
          protocolType,
          protocolData: protocolName,
          members: members.map(({ metadata, assignment, ...same }) => ({
            ...same,
            memberMetadata: metadata,
            memberAssignment: assignment,
          })),
          authorizedOperations: notAsked,
        },
      ],
    }),
    toMessage: ({ groups }, correlationId) => {
      const { errorCode: code, groupId, groupState, protocolType, protocolData, members } = only(groups, 'groups')
      return {
        kind: 'DescribeGroupResponse',
        correlationId,
        error: errorOf(code),
        groupId,
        state: stateOf(groupState),
        protocolType,
        protocolName: protocolData,
        members: members.map(({ memberMetadata, memberAssignment, ...same }) => ({
          ...same,
          metadata: memberMetadata,
          assignment: memberAssignment,
        })),
      }
    },
  },
)

/** KIP-430: what stands for authorized operations that nobody asked for. */
const notAsked = -2147483648

const states: readonly GroupState[] = ['Empty', 'PreparingRebalance', 'CompletingRebalance', 'Stable', 'Dead']

/** The state of a name. Throws WireError for what is none. */
export function stateOf(name: string): GroupState {
  const state = states.find(known => known === name)
  if (state === undefined) throw new WireError(`a group in the state ${name}`)
  return state
}
