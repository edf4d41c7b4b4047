// What stands beside the model of a group's assignors. It is a beginning: `range` alone, the others are left to the model. Put your
// own assignor in its place, and let it do more.
//
// Operations, outcomes and what is observed:   node_modules/kafka-lockstep/docs/subjects.md
// What each operation has to do, with sources: docs/protocol/choosing.md of kafka-lockstep
import { type OperationOf, type OutcomeOf, partialSubject } from 'kafka-lockstep'

type Member = { readonly memberId: string; readonly groupInstanceId: string | null; readonly topics: readonly string[] }
type Share = Extract<OutcomeOf<'assignor'>, { readonly kind: 'assigned' }>['assignment'][number]

export const subject = partialSubject('assignor', {
  name: 'my assignor',
  // Leave this out when nothing is left to the model: campaigns then say which behaviours they never reached.
  declines: true,
  // Every run starts with a group without members, and with no topics.
  start: () => {
    const members = new Map<string, Member>()
    const partitionCounts = new Map<string, number>()
    return { apply: operation => apply(members, partitionCounts, operation) }
  },
})

/** One operation: changes the group, or calls your assignor. Null: not done, so that the model's answer stands. */
function apply(
  members: Map<string, Member>,
  partitionCounts: Map<string, number>,
  operation: OperationOf<'assignor'>,
): OutcomeOf<'assignor'> | null {
  switch (operation.kind) {
    case 'join':
      members.set(operation.memberId, operation)
      return { kind: 'done' }
    case 'leave':
      members.delete(operation.memberId)
      return { kind: 'done' }
    case 'setPartitionCount':
      if (operation.count > 0) partitionCounts.set(operation.topic, operation.count)
      else partitionCounts.delete(operation.topic)
      return { kind: 'done' }
    case 'claim':
      return { kind: 'done' }
    case 'assign':
      return operation.assignor === 'range' ? { kind: 'assigned', assignment: range(members, partitionCounts) } : null
  }
}

/** Each topic by itself: a run of partitions for each of its members, the first ones of which have one more. */
function range(members: ReadonlyMap<string, Member>, partitionCounts: ReadonlyMap<string, number>): readonly Share[] {
  const shares = new Map<string, Share['partitions'][number][]>()
  for (const memberId of [...members.keys()].sort()) shares.set(memberId, [])
  for (const topic of [...partitionCounts.keys()].sort()) {
    const count = partitionCounts.get(topic) ?? 0
    const subscribed = [...members.values()].filter(({ topics }) => topics.includes(topic)).sort(inMemberOrder)
    for (const [index, { memberId }] of subscribed.entries()) {
      const least = Math.floor(count / subscribed.length)
      const first = index * least + Math.min(index, count % subscribed.length)
      const size = least + (index < count % subscribed.length ? 1 : 0)
      for (let partition = first; partition < first + size; partition++)
        shares.get(memberId)?.push({ topic, partition })
    }
  }
  return [...shares].map(([memberId, partitions]) => ({ memberId, partitions }))
}

/** Static members first, by their instance ids; then the others, by their member ids. */
function inMemberOrder(a: Member, b: Member): number {
  const [x, y] = [a.groupInstanceId, b.groupInstanceId]
  if (x !== null && y !== null && x !== y) return x < y ? -1 : 1
  if ((x === null) !== (y === null)) return x === null ? 1 : -1
  return a.memberId < b.memberId ? -1 : 1
}
