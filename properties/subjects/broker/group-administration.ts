// What is asked about groups from outside: their state, their offsets, which there are; and their end.
import { deleteGroups } from '../../../impl/wire/apis/delete-groups.ts'
import { listGroups } from '../../../impl/wire/apis/list-groups.ts'
import { offsetDelete } from '../../../impl/wire/apis/offset-delete.ts'
import { offsetFetch } from '../../../impl/wire/apis/offset-fetch.ts'
import { defaultsOf } from '../../../impl/wire/schema.ts'
import type { GroupState } from '../../../model/vocabulary/groups.ts'
import type { ServiceGroupMember, ServiceOutcome } from '../../../model/vocabulary/service.ts'
import type { Groups } from './groups.ts'
import { ascending, besideThePoint, done, failed, type OperationOf } from './outcomes.ts'

export async function committed(groups: Groups, operation: OperationOf<'committed'>): Promise<ServiceOutcome> {
  const { group, partition } = operation
  const { run } = groups
  const found = await groups.coordinatorOf(group)
  if (found.kind === 'error') return failed(found.error)
  const name = run.names.real(operation.topic)
  const groupId = run.names.real(group)
  const version = run.versionOf(offsetFetch.name)
  const topicId = version >= topicIdSince ? await run.directory.topicIdOf(name) : ''
  const partitionIndexes = [partition]
  const answer = await groups.ask(found.address, offsetFetch, {
    groupId,
    topics: [{ name, partitionIndexes }],
    groups: [{ groupId, memberId: null, memberEpoch: -1, topics: [{ name, topicId, partitionIndexes }] }],
    requireStable: false,
  })
  const ofGroup = version >= severalSince ? answer.groups[0] : answer
  if (ofGroup === undefined) return besideThePoint
  if (ofGroup.errorCode !== 0) return failed(groups.noted(group, ofGroup.errorCode))
  const row = ofGroup.topics[0]?.partitions[0]
  if (row === undefined || row.partitionIndex !== partition) return besideThePoint
  if (row.errorCode !== 0) {
    run.directory.forgetTopic(name)
    return failed(groups.noted(group, row.errorCode))
  }
  return { kind: 'committed', offset: row.committedOffset, metadata: row.metadata ?? '' }
}

/** OffsetFetch asks for several groups since version 8 (KIP-709), and names topics by their ids since 10 (KIP-848). */
const severalSince = 8
const topicIdSince = 10

export async function deleteOffset(groups: Groups, operation: OperationOf<'deleteOffset'>): Promise<ServiceOutcome> {
  const { group, partition } = operation
  const { names } = groups.run
  const found = await groups.coordinatorOf(group)
  if (found.kind === 'error') return failed(found.error)
  const topics = [{ name: names.real(operation.topic), partitions: [{ partitionIndex: partition }] }]
  const answer = await groups.ask(found.address, offsetDelete, { groupId: names.real(group), topics })
  if (answer.errorCode !== 0) return failed(groups.noted(group, answer.errorCode))
  const row = answer.topics[0]?.partitions[0]
  if (row === undefined || row.partitionIndex !== partition) return besideThePoint
  return row.errorCode === 0 ? done : failed(groups.noted(group, row.errorCode))
}

const states: readonly GroupState[] = ['Empty', 'PreparingRebalance', 'CompletingRebalance', 'Stable', 'Dead']

export async function describeGroup(groups: Groups, { group }: OperationOf<'describeGroup'>): Promise<ServiceOutcome> {
  const described = await groups.describe(group)
  if (described.kind === 'error') return failed(described.error)
  const { groupState, protocolData, members } = described.group
  const state = states.find(known => known === groupState)
  if (state === undefined) return failed(`the state ${groupState}, which no classic group has`)
  const isStable = state === 'Stable'
  const shown: ServiceGroupMember[] = []
  for (const { memberId, groupInstanceId, clientId, memberAssignment } of members) {
    const partitions = isStable ? groups.answers.assigned(memberAssignment) : []
    if (partitions === null) return failed('an assignment that cannot be read')
    const symbol = groups.answers.book.symbol(memberId, groups.run.names.client(clientId))
    shown.push({ memberId: symbol, groupInstanceId, partitions })
  }
  const protocolName = isStable ? protocolData : ''
  return { kind: 'group', state, protocolName, members: ascending(shown, member => member.memberId) }
}

/** Each broker lists the groups that it coordinates. */
export async function listOwnGroups(groups: Groups): Promise<ServiceOutcome> {
  const own = new Set<string>()
  for (const address of groups.run.directory.brokers) {
    const answer = await groups.ask(address, listGroups, defaultsOf(listGroups.request))
    if (answer.errorCode !== 0) return failed(answer.errorCode)
    for (const { groupId } of answer.groups) {
      const symbol = groups.run.names.symbol(groupId)
      if (symbol !== null) own.add(symbol)
    }
  }
  return { kind: 'groups', groups: [...own].sort() }
}

export async function deleteGroup(groups: Groups, { group }: OperationOf<'deleteGroup'>): Promise<ServiceOutcome> {
  const found = await groups.coordinatorOf(group)
  if (found.kind === 'error') return failed(found.error)
  const asked = { groupsNames: [groups.run.names.real(group)] }
  const [answered] = (await groups.ask(found.address, deleteGroups, asked)).results
  if (answered === undefined) return besideThePoint
  return answered.errorCode === 0 ? done : failed(groups.noted(group, answered.errorCode))
}
