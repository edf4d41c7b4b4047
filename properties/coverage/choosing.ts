// The behaviours of partitioners and assignors that a campaign counts.
import type { AssignorMember } from '../../model/vocabulary/choosing.ts'
import type { Hit, Scope, Transition } from '../scope.ts'

/** What a campaign over partitioners should reach. */
export const partitionerLabels: Scope<'partitioner'>['labels'] = {
  'given partition taken': 'required',
  'given partition unknown': 'required',
  'key hashed': 'required',
  'key hashed to a partition without a leader': 'required',
  'round robin over available partitions': 'required',
  'round robin with none available': 'required',
  'sticky choice kept': 'required',
  'sticky choice drawn': 'required',
  'sticky choice drawn with none available': 'required',
  'sticky choice avoided the previous one': 'required',
  'batch ended': 'required',
}

/** Labels one operation of a partitioner. */
export function startPartitionerLabeller(): ReturnType<Scope<'partitioner'>['startLabeller']> {
  return ({ setup, before, operation, outcome, after }, _model, hit) => {
    if (operation.kind === 'newBatch') {
      if (before !== after) hit('batch ended')
      return
    }
    const { topic, given, key, available, draw } = operation
    if (given !== null) return hit(outcome.kind === 'chosen' ? 'given partition taken' : 'given partition unknown')
    if (outcome.kind !== 'chosen') return
    if (key !== null) {
      hit('key hashed')
      if (!available.includes(outcome.partition)) hit('key hashed to a partition without a leader')
      return
    }
    if (setup.partitioner === 'roundRobin') {
      return hit(available.length > 0 ? 'round robin over available partitions' : 'round robin with none available')
    }
    const memory = before.topics.find(known => known.topic === topic)
    if (memory !== undefined && memory.current !== null) return hit('sticky choice kept')
    hit(available.length > 0 ? 'sticky choice drawn' : 'sticky choice drawn with none available')
    if (available.length > 1 && available[draw % available.length] === memory?.previous) {
      hit('sticky choice avoided the previous one')
    }
  }
}

/** What a campaign over assignors should reach. */
export const assignorLabels: Scope<'assignor'>['labels'] = {
  'assigned by range': 'required',
  'assigned by roundrobin': 'required',
  'assigned by sticky': 'required',
  'assigned by cooperative-sticky': 'required',
  'fewer partitions than members': 'required',
  'equal subscriptions': 'required',
  'different subscriptions': 'required',
  'static member first': 'required',
  'contested claim': 'required',
  'claim to a partition that is gone': 'required',
  'everything stayed': 'required',
  'partition moved': 'required',
  'partition held back until it is revoked': 'required',
  'nobody to assign to': 'rare',
}

/** Labels one operation on a small group. */
export function startAssignorLabeller(): ReturnType<Scope<'assignor'>['startLabeller']> {
  return labelAssignment
}

function labelAssignment(transition: Transition<'assignor'>, _model: unknown, hit: Hit): void {
  const { before, operation, outcome } = transition
  if (operation.kind !== 'assign' || outcome.kind !== 'assigned') return
  const { members, topics } = before
  if (members.length === 0) {
    hit('nobody to assign to')
    return
  }
  hit(`assigned by ${operation.assignor}`)
  const total = topics.reduce((sum, { count }) => sum + count, 0)
  if (total < members.length) hit('fewer partitions than members')
  const subscriptions = new Set(members.map(member => [...new Set(member.topics)].sort().join()))
  hit(subscriptions.size === 1 ? 'equal subscriptions' : 'different subscriptions')
  if (members.some(({ groupInstanceId }, index) => groupInstanceId !== null && index > 0)) hit('static member first')
  if (hasContested(members)) hit('contested claim')
  const exists = ({ topic, partition }: { topic: string; partition: number }) =>
    topics.some(known => known.topic === topic && partition < known.count)
  if (members.some(({ owned }) => owned.some(partition => !exists(partition)))) hit('claim to a partition that is gone')
  const assigned = outcome.assignment.flatMap(({ partitions }) => partitions)
  const owned = members.flatMap(member => member.owned)
  const isKept = outcome.assignment.every(({ memberId, partitions }) => {
    const names = members.find(member => member.memberId === memberId)?.owned.map(nameOf) ?? []
    return partitions.every(partition => names.includes(nameOf(partition)))
  })
  if (assigned.length > 0 && isKept) hit('everything stayed')
  if (!isKept && owned.length > 0) hit('partition moved')
  if (operation.assignor === 'cooperative-sticky' && assigned.length < total && subscriptions.size === 1) {
    if (members[0]?.topics.length === topics.length) hit('partition held back until it is revoked')
  }
}

function hasContested(members: readonly AssignorMember[]): boolean {
  const names = members.flatMap(({ owned }) => owned.map(nameOf))
  return new Set(names).size < names.length
}

function nameOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}-${partition}`
}
