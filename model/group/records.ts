// How groups and offsets are written to the coordinator's log, and read back. Kafka's records are binary structs with
// these fields (OffsetCommitKey and -Value, GroupMetadataKey and -Value); ours are text.
import type { AssignorName, TopicPartition } from '../vocabulary/choosing.ts'
import type { GroupLogRecord } from '../vocabulary/groups.ts'
import type { JoinProtocol } from '../vocabulary/messages.ts'
import type { GenerationId, Milliseconds } from '../vocabulary/units.ts'
import { absentGroup, createdGroup, type Group, type GroupMember, type StoredOffset } from './state.ts'
import { withOffset } from './stored.ts'

/** A group's record: everything that a new coordinator needs to go on with it, except its offsets. */
export function groupRecord(group: Group, now: Milliseconds): GroupLogRecord {
  const value: GroupValue = {
    generationId: group.generationId,
    protocolName: group.protocolName,
    leader: group.leader,
    timestamp: now,
    members: group.members.map(memberValue),
  }
  return { key: `${groupPrefix}${group.groupId}`, value: JSON.stringify(value) }
}

/** Removes a group's record. */
export function groupTombstone(groupId: string): GroupLogRecord {
  return { key: `${groupPrefix}${groupId}`, value: null }
}

/** One committed offset. */
export function offsetRecord(groupId: string, stored: StoredOffset): GroupLogRecord {
  const { offset, leaderEpoch, commitTimestamp, metadata } = stored
  return { key: offsetKey(groupId, stored), value: `${offset}|${leaderEpoch}|${commitTimestamp}|${metadata}` }
}

/** Removes a committed offset. */
export function offsetTombstone(groupId: string, partition: TopicPartition): GroupLogRecord {
  return { key: offsetKey(groupId, partition), value: null }
}

/**
 * Who: a coordinator that takes a partition of the log over.
 * Then: for every key the last value counts. A group with members is Stable, nothing of it waits and all sessions begin
 * anew; one without has been Empty since its record was written, or since now when only its offsets are known.
 * Source: `GroupMetadataManager.loadGroupsAndOffsets`.
 */
export function readGroups(records: readonly GroupLogRecord[], now: Milliseconds): readonly Group[] {
  let groups: readonly Group[] = []
  for (const { key, value } of lastValues(records)) {
    if (value === null) continue
    const offset = parseOffset(key, value)
    const groupId = offset?.groupId ?? (key.startsWith(groupPrefix) ? key.slice(groupPrefix.length) : null)
    if (groupId === null) continue
    const known = groups.find(group => group.groupId === groupId) ?? createdGroup(groupId, now)
    const group = offset === null ? withValue(known, parseGroup(value), now) : withOffset(known, offset.stored)
    groups = [...groups.filter(other => other.groupId !== groupId), group]
  }
  return [...groups].sort((a, b) => (a.groupId < b.groupId ? -1 : 1))
}

type MemberValue = Pick<
  GroupMember,
  'memberId' | 'groupInstanceId' | 'client' | 'sessionTimeoutMs' | 'rebalanceTimeoutMs' | 'protocols' | 'assignment'
>

/** The JSON in a group's record; its fields are written in this order. */
type GroupValue = {
  readonly generationId: GenerationId
  readonly protocolName: AssignorName | null
  readonly leader: string | null
  readonly timestamp: Milliseconds
  readonly members: readonly MemberValue[]
}

const groupPrefix = 'group|'
const offsetPrefix = 'offset|'

/** Spelled out field by field, because the order of the fields is part of the text. */
function memberValue(member: GroupMember): MemberValue {
  return {
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    client: member.client,
    sessionTimeoutMs: member.sessionTimeoutMs,
    rebalanceTimeoutMs: member.rebalanceTimeoutMs,
    protocols: member.protocols.map(protocolValue),
    assignment: member.assignment.map(partitionValue),
  }
}

function protocolValue({ name, topics, owned, generationId }: JoinProtocol): JoinProtocol {
  return { name, topics, owned: owned.map(partitionValue), generationId }
}

function partitionValue({ topic, partition }: TopicPartition): TopicPartition {
  return { topic, partition }
}

function offsetKey(groupId: string, { topic, partition }: TopicPartition): string {
  return `${offsetPrefix}${groupId}|${topic}|${partition}`
}

function lastValues(records: readonly GroupLogRecord[]): readonly GroupLogRecord[] {
  const last = new Map(records.map(({ key, value }) => [key, value]))
  return [...last].map(([key, value]) => ({ key, value }))
}

/** A group id may hold a bar, a topic's name may not: so the key is read from its end. */
function parseOffset(key: string, value: string): { readonly groupId: string; readonly stored: StoredOffset } | null {
  if (!key.startsWith(offsetPrefix)) return null
  const place = /^(.*)\|([^|]*)\|(\d+)$/s.exec(key.slice(offsetPrefix.length))
  const content = /^(-?\d+)\|(-?\d+)\|(-?\d+)\|(.*)$/s.exec(value)
  if (place === null || content === null) return null
  const [, groupId = '', topic = '', partition] = place
  const [, offset, leaderEpoch, commitTimestamp, metadata = ''] = content
  const stored: StoredOffset = {
    topic,
    partition: Number(partition),
    offset: Number(offset),
    leaderEpoch: Number(leaderEpoch),
    metadata,
    commitTimestamp: Number(commitTimestamp),
  }
  return { groupId, stored }
}

/** Only coordinators write this partition, so that what is read is what `groupRecord` wrote. */
function parseGroup(value: string): GroupValue {
  return JSON.parse(value) as GroupValue
}

function withValue(group: Group, value: GroupValue, now: Milliseconds): Group {
  const { generationId, protocolName, leader, timestamp } = value
  const members = value.members.map(member => ({
    ...member,
    waitingJoin: null,
    waitingSync: null,
    sessionDeadline: now + member.sessionTimeoutMs,
  }))
  return {
    ...absentGroup(group.groupId),
    phase: members.length > 0 ? { state: 'Stable' } : { state: 'Empty', since: timestamp },
    generationId,
    protocolName,
    leader,
    members,
    offsets: group.offsets,
  }
}
