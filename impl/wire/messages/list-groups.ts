// ListGroups: those that a broker coordinates, every one of them classic.

import { listGroups as api } from '../apis/list-groups.ts'
import { errorCode } from '../errors.ts'
import { stateOf } from './describe-group.ts'
import { defineFamily, errorOf, type Family } from './family.ts'

export const listGroups: Family<'ListGroups'> = defineFamily(
  api,
  5,
  {
    toBody: ({ states, types }) => ({ statesFilter: states, typesFilter: types }),
    toMessage: ({ statesFilter, typesFilter }, correlationId) => ({
      kind: 'ListGroups',
      correlationId,
      states: statesFilter,
      types: typesFilter,
    }),
  },
  {
    toBody: ({ error, groups }) => ({
      throttleTimeMs: 0,
      errorCode: errorCode(error),
      groups: groups.map(({ groupId, protocolType, state }) => ({
        groupId,
        protocolType,
        groupState: state,
        groupType: 'classic',
      })),
    }),
    toMessage: ({ errorCode: code, groups }, correlationId) => ({
      kind: 'ListGroupsResponse',
      correlationId,
      error: errorOf(code),
      groups: groups.map(({ groupId, protocolType, groupState }) => ({
        groupId,
        protocolType,
        state: stateOf(groupState),
      })),
    }),
  },
)
