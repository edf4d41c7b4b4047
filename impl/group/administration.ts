// What administrators ask of a coordinator: to describe, list and delete groups, and to delete offsets. Follows
// `GroupCoordinator.scala` (`handleDescribeGroup`, `handleDeleteGroups`, `handleDeleteOffsets`), KIP-496, KIP-518.
//
// Deletions are written first and happen when they are in the log, as commits do: so they fall in with the commits before
// and behind them in the order of the log, and one that could not be written has done nothing.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import { consumerProtocolType } from '../client/consumer-protocol.ts'
import { byText } from '../order.ts'
import { type Effects, ignoreResult } from './effects.ts'
import type { Group, Member } from './group.ts'
import type { AdministratorRequest, DescribedMember, GroupResponse, ListedGroup } from './messages.ts'
import { lookWhetherAllHaveJoined } from './rebalance.ts'
import { groupTombstone, offsetTombstone } from './records.ts'
import { errorOfWrite } from './requests.ts'
import { bareAnswer, noBytes } from './responses.ts'
import { isSubscribedTo } from './subscribed-topics.ts'

/** A request about one group. */
type Request = AdministratorRequest
type Of<Kind extends Request['kind']> = Request & { readonly kind: Kind }
type Answer = (response: GroupResponse) => void

/** The coordinator as these requests see it. */
export type Administered = {
  readonly effects: Effects
  /** The partitions of commits that are on their way to the log. */
  readonly outstanding: (group: Group) => readonly TopicPartition[]
  /** The group is Dead: it is to be forgotten. */
  readonly gone: (group: Group) => void
}

/** Carries a request out; the answer may come later. */
export function administer(administered: Administered, group: Group, request: Request, answer: Answer): void {
  switch (request.kind) {
    case 'DescribeGroup':
      answer(describeGroup(group, request.correlationId))
      return
    case 'DeleteGroup':
      deleteGroup(administered, group, request, answer)
      return
    case 'OffsetDelete':
      deleteOffsets(administered, group, request, answer)
  }
}

/** A group in a list. */
export function listedGroup({ groupId, protocolType, state }: Group): ListedGroup {
  return { groupId, protocolType: protocolType ?? '', state }
}

/** Removes what a group has committed, or is about to, for a topic that is no more; the result changes nothing. */
export function forgetTopic(administered: Administered, group: Group, topic: string): void {
  remove(administered, group, partition => partition.topic === topic, false, ignoreResult)
}

/** A group as it is. What members say is shown only while the group is Stable. */
function describeGroup(group: Group, correlationId: number): GroupResponse {
  const { groupId, state } = group
  const members = Array.from(group.members, member => describeMember(group, member))
  return {
    kind: 'DescribeGroupResponse',
    correlationId,
    error: 'NONE',
    groupId,
    state,
    protocolType: group.protocolType ?? '',
    protocolName: state === 'Stable' ? (group.protocolName ?? '') : '',
    members: members.sort((a, b) => byText(a.memberId, b.memberId)),
  }
}

function deleteGroup(administered: Administered, group: Group, request: Of<'DeleteGroup'>, answer: Answer): void {
  if (group.state !== 'Empty') answer(bareAnswer(request, 'NON_EMPTY_GROUP'))
  else
    remove(
      administered,
      group,
      () => true,
      true,
      error => answer(bareAnswer(request, error)),
    )
}

function deleteOffsets(administered: Administered, group: Group, request: Of<'OffsetDelete'>, answer: Answer): void {
  const { correlationId, groupId } = request
  if (group.state !== 'Empty' && group.protocolType !== consumerProtocolType) {
    answer(bareAnswer(request, 'NON_EMPTY_GROUP'))
    return
  }
  const partitions = request.partitions.map(({ topic, partition }) => {
    // A consumer would go on from where it is not.
    const isRead = isSubscribedTo(group, topic)
    return { topic, partition, error: isRead ? ('GROUP_SUBSCRIBED_TO_TOPIC' as const) : ('NONE' as const) }
  })
  const isWanted = ({ topic, partition }: TopicPartition): boolean =>
    partitions.some(asked => asked.topic === topic && asked.partition === partition && asked.error === 'NONE')
  remove(administered, group, isWanted, false, error => {
    if (error !== 'NONE') answer(bareAnswer(request, error))
    else answer({ kind: 'OffsetDeleteResponse', correlationId, error: 'NONE', groupId, partitions })
  })
}

/** Removes offsets, and `withGroup` the group with them, and with those that were only handed out an id in it. */
function remove(
  { effects, outstanding, gone }: Administered,
  group: Group,
  isWanted: (partition: TopicPartition) => boolean,
  withGroup: boolean,
  done: (error: ErrorName) => void,
): void {
  const partitions = [...group.offsets.sorted, ...outstanding(group)].filter(isWanted)
  if (partitions.length === 0 && !withGroup) {
    done('NONE')
    return
  }
  const records = partitions.map(partition => offsetTombstone(group.groupId, partition))
  if (withGroup) records.push(groupTombstone(group.groupId))
  const promised = withGroup ? group.pendingMembers : []
  effects.write(group, records, error => {
    if (error === 'NONE') {
      for (const partition of partitions) group.offsets.delete(partition)
      for (const memberId of promised) group.takePending(memberId)
      group.changed()
      // Somebody may have come, or committed, behind the deletion. A group whose last offset goes stays, until it expires.
      if (withGroup && group.state === 'Empty' && group.offsets.isEmpty && !group.isAwaited) {
        group.enter({ kind: 'Dead' })
        gone(group)
      }
    }
    done(errorOfWrite(error))
    // Whoever joined behind the deletion waits no longer for those that are forgotten.
    lookWhetherAllHaveJoined(effects, group)
  })
}

function describeMember(group: Group, member: Member): DescribedMember {
  const { memberId, groupInstanceId, clientId, clientHost, protocols, assignment } = member
  const names = { memberId, groupInstanceId, clientId, clientHost }
  if (group.state !== 'Stable') return { ...names, metadata: noBytes, assignment: noBytes }
  const metadata = protocols.find(({ name }) => name === group.protocolName)?.metadata ?? noBytes
  return { ...names, metadata, assignment }
}
