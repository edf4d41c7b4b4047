// F6, on one coordinator: what becomes of committed offsets.
import type { Violation } from '../vocabulary/claims.ts'
import type { GroupLogRecord, GroupObservation, GroupScopeObservation } from '../vocabulary/groups.ts'
import { type GroupTransition, isEqual } from './transition.ts'

/**
 * F6: committed offsets change only when a commit completes or when they expire; they survive the coordinator.
 *
 * - A write that completes gives its offsets, the newest last; a request or a failed write gives and takes none.
 * - Time takes offsets only of groups that were Empty, and only when the retention is over.
 * - A failover gives exactly the offsets that the log holds, and the log holds everything that was committed before it.
 */
export function commitsAreKept(transition: GroupTransition): Violation | null {
  const { before, operation, after } = transition
  switch (operation.kind) {
    case 'request':
    case 'failWrites':
      return firstDifference(offsetRecords(before), offsetRecords(after), `after ${operation.kind}`)
    case 'advance':
      return onlyExpired(transition)
    case 'replicated': {
      const done = before.outstanding.slice(0, Math.max(0, operation.count)).flat()
      const taken = lastValues([...offsetRecords(before), ...done.filter(isCommit)])
      return firstDifference(taken, offsetRecords(after), 'after writes completed')
    }
    case 'failover': {
      const lost = offsetRecords(before).find(record => !before.log.some(logged => isEqual(logged, record)))
      if (lost !== undefined) return violated(`${lost.key} = ${lost.value} was committed, but is not in the log`)
      const survivors = before.outstanding.slice(0, Math.max(0, operation.kept)).flat()
      const log = [...before.log, ...survivors]
      if (!isEqual(log, after.log)) return violated('a failover changed the log')
      return firstDifference(lastValues(log).filter(isCommit), offsetRecords(after), 'after a failover')
    }
  }
}

/** F6, as a client sees it: a fetch is told what is committed. */
export function fetchesTellCommitted({ before, operation, outcome }: GroupTransition): Violation | null {
  if (operation.kind !== 'request' || operation.request.kind !== 'OffsetFetch') return null
  const { groupId, partitions } = operation.request
  const stored = before.groups.find(group => group.groupId === groupId)?.offsets ?? []
  const offsets = partitions.map(({ topic, partition }) => {
    const found = stored.find(offset => offset.topic === topic && offset.partition === partition)
    const { offset, leaderEpoch, metadata } = found ?? { offset: -1, leaderEpoch: -1, metadata: '' }
    return { topic, partition, offset, leaderEpoch, metadata }
  })
  const [first] = outcome.responses
  const told = first?.response.kind === 'OffsetFetchResponse' ? first.response.offsets : []
  return isEqual(told, offsets)
    ? null
    : violated(`${groupId} has ${JSON.stringify(offsets)}, but a fetch was told ${JSON.stringify(told)}`)
}

function onlyExpired({ config, before, after }: GroupTransition): Violation | null {
  const present = offsetRecords(after)
  const added = present.find(record => !offsetRecords(before).some(old => isEqual(old, record)))
  if (added !== undefined) return violated(`time gave ${added.key} = ${added.value}`)
  for (const group of before.groups) {
    for (const offset of group.offsets) {
      const { key } = recordOf(group, offset)
      if (present.some(record => record.key === key)) continue
      const age = after.now - offset.commitTimestamp
      const wasUsed = group.members.length > 0
      if (age >= config.offsetsRetentionMs && !(wasUsed && config.offsetsRetentionMs > 0)) continue
      return violated(`${key} expired ${age} ms after its commit${wasUsed ? ', while its group had members' : ''}`)
    }
  }
  return null
}

/** The offsets that count, as the log would hold them. */
function offsetRecords({ groups }: GroupScopeObservation): readonly GroupLogRecord[] {
  return groups.flatMap(group => group.offsets.map(offset => recordOf(group, offset)))
}

function recordOf({ groupId }: GroupObservation, stored: GroupObservation['offsets'][number]): GroupLogRecord {
  const { topic, partition, offset, leaderEpoch, commitTimestamp, metadata } = stored
  return {
    key: `offset|${groupId}|${topic}|${partition}`,
    value: `${offset}|${leaderEpoch}|${commitTimestamp}|${metadata}`,
  }
}

function isCommit({ key, value }: GroupLogRecord): boolean {
  return key.startsWith('offset|') && value !== null
}

function lastValues(records: readonly GroupLogRecord[]): readonly GroupLogRecord[] {
  return [...new Map(records.map(({ key, value }) => [key, value]))].map(([key, value]) => ({ key, value }))
}

function firstDifference(
  expected: readonly GroupLogRecord[],
  present: readonly GroupLogRecord[],
  when: string,
): Violation | null {
  const missing = expected.find(record => !present.some(other => isEqual(other, record)))
  if (missing !== undefined) return violated(`${missing.key} is not ${missing.value} ${when}`)
  const extra = present.find(record => !expected.some(other => isEqual(other, record)))
  return extra === undefined ? null : violated(`${extra.key} is ${extra.value} ${when}, which nobody committed`)
}

function violated(sentence: string): Violation {
  return { claim: 'F6', sentence }
}
