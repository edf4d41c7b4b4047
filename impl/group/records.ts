// The records by which a coordinator remembers groups and offsets, as text: groups.md §5.4, §8. Deviation: Kafka's are
// binary structs (`OffsetCommitKey`, `GroupMetadataValue`) with the same fields.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { GroupLogRecord } from '../../model/vocabulary/groups.ts'
import type { GenerationId, Milliseconds } from '../../model/vocabulary/units.ts'
import { consumerProtocolType } from '../client/consumer-protocol.ts'
import { Group, type Member } from './group.ts'
import type { MemberAssignment } from './messages.ts'
import type { StoredOffset } from './offsets.ts'
import {
  loadedAssignment,
  loadedProtocol,
  type StoredAssignment,
  type StoredProtocol,
  storedAssignment,
  storedProtocol,
  unnamedShare,
} from './stored-payloads.ts'
import { topicsOfGeneration } from './subscribed-topics.ts'

const offsetPrefix = 'offset|'
const groupPrefix = 'group|'

/** Keeps an offset. */
export function offsetRecord(groupId: string, stored: StoredOffset): GroupLogRecord {
  const { offset, leaderEpoch, commitTimestamp, metadata } = stored
  return { key: offsetKey(groupId, stored), value: `${offset}|${leaderEpoch}|${commitTimestamp}|${metadata}` }
}

/** Removes an offset. */
export function offsetTombstone(groupId: string, partition: TopicPartition): GroupLogRecord {
  return { key: offsetKey(groupId, partition), value: null }
}

/** Keeps a group; with `assignments`, as it will be when they are taken. */
export function groupRecord(
  group: Group,
  timestamp: Milliseconds,
  assignments?: ReadonlyMap<string, Uint8Array>,
): GroupLogRecord {
  const { generationId, protocolType, protocolName, leader } = group
  const value: GroupValue = {
    generationId,
    ...(protocolType === null || protocolType === consumerProtocolType ? {} : { protocolType }),
    protocolName,
    leader,
    timestamp,
    members: Array.from(group.members, member => {
      const share =
        assignments === undefined ? member.assignment : (assignments.get(member.memberId) ?? unnamedShare(protocolType))
      return memberValue(protocolType, member, share)
    }),
  }
  return { key: groupPrefix + group.groupId, value: JSON.stringify(value) }
}

/** Removes a group. */
export function groupTombstone(groupId: string): GroupLogRecord {
  return { key: groupPrefix + groupId, value: null }
}

/** Copies of the assignments by member; where a member is named twice, the last one counts. */
export function byMember(assignments: readonly MemberAssignment[]): ReadonlyMap<string, Uint8Array> {
  return new Map(assignments.map(({ memberId, assignment }) => [memberId, assignment.slice()]))
}

/** The groups that a log holds, as a coordinator finds them at `now`: for every key the last value counts. */
export function readGroups(records: Iterable<GroupLogRecord>, now: Milliseconds): Map<string, Group> {
  const last = new Map<string, string | null>()
  for (const { key, value } of records) last.set(key, value)
  const groups = new Map<string, Group>()
  for (const [key, value] of last) {
    if (value === null || !key.startsWith(groupPrefix)) continue
    const groupId = key.slice(groupPrefix.length)
    groups.set(groupId, readGroup(groupId, value, now))
  }
  for (const [key, value] of last) {
    if (value === null || !key.startsWith(offsetPrefix)) continue
    const { groupId, offset } = readOffset(key, value)
    const group = groups.get(groupId) ?? new Group(groupId, now)
    groups.set(groupId, group)
    group.offsets.set(offset)
  }
  return groups
}

type GroupValue = {
  readonly generationId: GenerationId
  /** Left out for `consumer`. */
  readonly protocolType?: string
  readonly protocolName: string | null
  readonly leader: string | null
  readonly timestamp: Milliseconds
  readonly members: readonly MemberValue[]
}

type MemberValue = {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly client: string
  /** Left out for ''. */
  readonly clientHost?: string
  readonly sessionTimeoutMs: Milliseconds
  readonly rebalanceTimeoutMs: Milliseconds
  readonly protocols: readonly StoredProtocol[]
  readonly assignment: StoredAssignment
}

/** The fields in the order of the notes, whatever order they came in. */
function memberValue(protocolType: string | null, member: Member, assignment: Uint8Array): MemberValue {
  const { memberId, groupInstanceId, clientId: client, clientHost, sessionTimeoutMs, rebalanceTimeoutMs } = member
  return {
    memberId,
    groupInstanceId,
    client,
    ...(clientHost === '' ? {} : { clientHost }),
    sessionTimeoutMs,
    rebalanceTimeoutMs,
    protocols: member.protocols.map(protocol => storedProtocol(protocolType, protocol)),
    assignment: storedAssignment(protocolType, assignment),
  }
}

function readGroup(groupId: string, text: string, now: Milliseconds): Group {
  const value = JSON.parse(text) as GroupValue
  if (!Array.isArray(value.members)) throw new Error(`the record of group ${groupId} has no members`)
  const group = new Group(groupId, value.timestamp)
  group.generationId = value.generationId
  group.protocolType = value.protocolType ?? consumerProtocolType
  group.protocolName = value.protocolName
  group.leader = value.leader
  for (const member of value.members) {
    const sessionDeadline = now + member.sessionTimeoutMs
    const {
      memberId,
      groupInstanceId,
      client: clientId,
      clientHost = '',
      sessionTimeoutMs,
      rebalanceTimeoutMs,
    } = member
    group.add({
      memberId,
      groupInstanceId,
      clientId,
      clientHost,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      protocols: member.protocols.map(loadedProtocol),
      assignment: loadedAssignment(member.assignment),
      waitingJoin: null,
      waitingSync: null,
      sessionDeadline,
    })
  }
  group.subscribedTopics = topicsOfGeneration(group)
  if (group.size > 0) group.enter({ kind: 'Stable' })
  return group
}

/** Partitions hold no bar, nor do topics as they are written; groups and metadata may. */
function readOffset(key: string, value: string): { readonly groupId: string; readonly offset: StoredOffset } {
  const place = /^offset\|(.*)\|([^|]*)\|(\d+)$/s.exec(key)
  const stored = /^(-?\d+)\|(-?\d+)\|(-?\d+)\|(.*)$/s.exec(value)
  if (place === null || stored === null) throw new Error(`not an offset record: ${key} = ${value}`)
  const [, groupId = '', topic = '', partition] = place
  const [, offset, leaderEpoch, commitTimestamp, metadata = ''] = stored
  return {
    groupId,
    offset: {
      topic: topic.replace(/%(25|7C)/g, code => (code === '%25' ? '%' : '|')),
      partition: Number(partition),
      offset: Number(offset),
      leaderEpoch: Number(leaderEpoch),
      metadata,
      commitTimestamp: Number(commitTimestamp),
    },
  }
}

function offsetKey(groupId: string, { topic, partition }: TopicPartition): string {
  return `${offsetPrefix}${groupId}|${withoutBars(topic)}|${partition}`
}

/** No topic of a cluster has a bar in its name, but anybody may commit an offset for one that does not exist. */
function withoutBars(topic: string): string {
  return /[%|]/.test(topic) ? topic.replaceAll('%', '%25').replaceAll('|', '%7C') : topic
}
