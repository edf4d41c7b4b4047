// ListGroups, DescribeGroups and DeleteGroups. Follows `KafkaApis`; KIP-518, KIP-848 and KIP-1043 for what later versions
// added. Every group here is of the classic type.
import type { deleteGroups } from '../wire/apis/delete-groups.ts'
import type { describeGroups } from '../wire/apis/describe-groups.ts'
import type { listGroups } from '../wire/apis/list-groups.ts'
import { errorCode } from '../wire/errors.ts'
import type { ResponseOf } from '../wire/schema.ts'
import type { Core } from './core.ts'
import type { Call } from './session.ts'

/** READ, DELETE, DESCRIBE, DESCRIBE_CONFIGS and ALTER_CONFIGS as bits: without authorization everybody may do all of it. */
const groupOperations = 3400
const notAsked = -2_147_483_648

/** Carries out ListGroups. */
export function handleListGroups(core: Core, { client, request, answer }: Call<typeof listGroups>): void {
  const { statesFilter: states, typesFilter: types } = request
  core.ask(client, { kind: 'ListGroups', states, types }, response => {
    if (response.kind !== 'ListGroupsResponse') return
    const groups = response.groups.map(({ groupId, protocolType, state }) => ({
      groupId,
      protocolType,
      groupState: state,
      groupType: 'classic',
    }))
    answer({ throttleTimeMs: 0, errorCode: errorCode(response.error), groups })
  })
}

type Described = ResponseOf<typeof describeGroups>['groups'][number]

/** Carries out DescribeGroups. */
export function handleDescribeGroups(core: Core, call: Call<typeof describeGroups>): void {
  const { client, version, request, answer } = call
  const authorizedOperations = request.includeAuthorizedOperations ? groupOperations : notAsked
  const groups: Described[] = []
  let open = request.groups.length
  if (open === 0) answer({ throttleTimeMs: 0, groups })
  request.groups.forEach((groupId, index) => {
    core.ask(client, { kind: 'DescribeGroup', groupId }, response => {
      if (response.kind !== 'DescribeGroupResponse') return
      const { error, state, protocolType, protocolName, members } = response
      // KIP-1043: that a group does not exist is an error since version 6 only.
      const isAbsent = error === 'GROUP_ID_NOT_FOUND'
      groups[index] = {
        errorCode: isAbsent && version < 6 ? 0 : errorCode(error),
        errorMessage: isAbsent ? `Group ${groupId} not found.` : null,
        groupId,
        groupState: error === 'NONE' || isAbsent ? state : '',
        protocolType,
        protocolData: protocolName,
        members: members.map(({ memberId, groupInstanceId, clientId, clientHost, metadata, assignment }) => ({
          memberId,
          groupInstanceId,
          clientId,
          clientHost,
          memberMetadata: metadata,
          memberAssignment: assignment,
        })),
        authorizedOperations,
      }
      if (--open === 0) answer({ throttleTimeMs: 0, groups })
    })
  })
}

/** Carries out DeleteGroups. */
export function handleDeleteGroups(core: Core, { client, request, answer }: Call<typeof deleteGroups>): void {
  const results: ResponseOf<typeof deleteGroups>['results'][number][] = []
  let open = request.groupsNames.length
  if (open === 0) answer({ throttleTimeMs: 0, results })
  request.groupsNames.forEach((groupId, index) => {
    core.ask(client, { kind: 'DeleteGroup', groupId }, response => {
      if (response.kind !== 'DeleteGroupResponse') return
      results[index] = { groupId, errorCode: errorCode(response.error) }
      if (--open === 0) answer({ throttleTimeMs: 0, results })
    })
  })
}
