// The behaviours of a group coordinator that a campaign counts, most of them read off its answers.
import type { GroupObservation } from '../../model/vocabulary/groups.ts'
import type { Hit, Scope, Transition } from '../scope.ts'

/** What a campaign over coordinators should reach. */
export const groupLabels: Scope<'group'>['labels'] = {
  'member id required': 'required',
  'rebalance completed': 'required',
  'rebalance of several members completed': 'required',
  'first rebalance without a pending member': 'required',
  'assignment handed out': 'required',
  'joined while stable without a rebalance': 'required',
  'static member replaced': 'required',
  'static member fenced': 'required',
  'group is full': 'required',
  'no protocol in common': 'required',
  'unknown member refused': 'required',
  'old generation refused': 'required',
  'zombie commit refused': 'required',
  'commit during a rebalance refused': 'required',
  'commit from outside': 'required',
  'negative offset kept': 'required',
  'heartbeat told of a rebalance': 'required',
  'member left': 'required',
  'pending member left': 'required',
  'member expired': 'required',
  'pending member expired': 'required',
  'rebalance timed out': 'required',
  'sync timed out': 'rare',
  'offsets committed': 'required',
  'offsets expired': 'required',
  'group removed': 'required',
  'sync write failed': 'required',
  'commit write failed': 'required',
  'coordinator failover': 'required',
  'coordinator failover lost a write': 'required',
  'coordinator loaded a group with members': 'required',
  'leader chosen anew': 'required',
}

/** Labels one operation on a coordinator. */
export function startGroupLabeller(): ReturnType<Scope<'group'>['startLabeller']> {
  return (transition, _model, hit) => {
    labelAnswers(transition, hit)
    labelChanges(transition, hit)
  }
}

function labelAnswers({ operation, outcome }: Transition<'group'>, hit: Hit): void {
  const request = operation.kind === 'request' ? operation.request : null
  for (const { response } of outcome.responses) {
    const isOwn = request !== null && response.correlationId === request.correlationId
    switch (response.error) {
      case 'NONE':
        if (response.kind === 'SyncGroupResponse') hit('assignment handed out')
        if (isOwn && request.kind === 'LeaveGroup') hit('member left')
        if (
          isOwn &&
          response.kind === 'JoinGroupResponse' &&
          outcome.responses.length === 1 &&
          response.leader !== response.memberId
        ) {
          if (response.members.length === 0) hit('joined while stable without a rebalance')
        }
        break
      case 'MEMBER_ID_REQUIRED':
        hit('member id required')
        break
      case 'FENCED_INSTANCE_ID':
        hit('static member fenced')
        break
      case 'GROUP_MAX_SIZE_REACHED':
        hit('group is full')
        break
      case 'INCONSISTENT_GROUP_PROTOCOL':
        hit('no protocol in common')
        break
      case 'UNKNOWN_MEMBER_ID':
        if (request?.kind === 'OffsetCommit') hit('zombie commit refused')
        hit('unknown member refused')
        break
      case 'ILLEGAL_GENERATION':
        if (request?.kind === 'OffsetCommit') hit('zombie commit refused')
        hit('old generation refused')
        break
      case 'REBALANCE_IN_PROGRESS':
        if (response.kind === 'HeartbeatResponse') hit('heartbeat told of a rebalance')
        if (response.kind === 'OffsetCommitResponse') hit('commit during a rebalance refused')
        break
      case 'COORDINATOR_NOT_AVAILABLE':
      case 'NOT_COORDINATOR':
        if (operation.kind !== 'failWrites') break
        if (response.kind === 'SyncGroupResponse') hit('sync write failed')
        if (response.kind === 'OffsetCommitResponse') hit('commit write failed')
        break
      default:
    }
  }
}

function labelChanges({ before, operation, after }: Transition<'group'>, hit: Hit): void {
  if (before.groups === after.groups && operation.kind !== 'failover') return
  if (operation.kind === 'failover') {
    if (before.groups.length > 0) hit('coordinator failover')
    if (operation.kept < before.outstanding.length) hit('coordinator failover lost a write')
    if (after.groups.some(({ members }) => members.length > 0)) hit('coordinator loaded a group with members')
    return
  }
  for (const group of before.groups) {
    const now = after.groups.find(({ groupId }) => groupId === group.groupId)
    if (now === undefined) hit('group removed')
    else if (now !== group) labelGroup(group, now, operation.kind === 'advance', hit)
    const isPending = (memberId: string) => group.pendingMembers.includes(memberId)
    if (operation.kind === 'request' && operation.request.kind === 'LeaveGroup') {
      if (group.groupId === operation.request.groupId && isPending(operation.request.memberId))
        hit('pending member left')
    }
  }
  if (operation.kind === 'request' && operation.request.kind === 'OffsetCommit' && operation.request.memberId === '') {
    if (after.outstanding.length > before.outstanding.length) hit('commit from outside')
  }
}

function labelGroup(before: GroupObservation, after: GroupObservation, isTime: boolean, hit: Hit): void {
  if (after.generationId > before.generationId && after.members.length > 0) {
    hit('rebalance completed')
    if (after.members.length > 1) hit('rebalance of several members completed')
    if (before.state === 'Empty' && after.pendingMembers.length > 0) hit('first rebalance without a pending member')
    if (before.leader !== null && before.leader !== after.leader) hit('leader chosen anew')
    if (isTime) hit('rebalance timed out')
  }
  const isGone = before.members.filter(({ memberId }) => !after.members.some(member => member.memberId === memberId))
  if (isTime && isGone.length > 0) hit(before.state === 'CompletingRebalance' ? 'sync timed out' : 'member expired')
  const isReplaced = isGone.some(
    ({ groupInstanceId }) =>
      groupInstanceId !== null && after.members.some(member => member.groupInstanceId === groupInstanceId),
  )
  if (isReplaced) hit('static member replaced')
  if (isTime && after.pendingMembers.length < before.pendingMembers.length) hit('pending member expired')
  if (after.offsets.length < before.offsets.length) hit('offsets expired')
  else if (after.offsets !== before.offsets) {
    hit('offsets committed')
    if (after.offsets.some(({ offset }) => offset < 0)) hit('negative offset kept')
  }
}
