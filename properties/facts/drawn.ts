// The settings that a run drew, for whoever wants to know what a campaign tried: what the set-up says, and what topics,
// producers and consumers were opened with. A value counts once for a run, however often the run drew it.
import type { OperationOf, Run } from '../scope.ts'
import type { ScopeName } from '../verdict.ts'

/** A setting by its path in the set-up or the operation, such as `topic.minInSyncReplicas`, and its value as a text. */
export type Drawn = readonly [setting: string, value: string]

/** Every setting that the run drew; each pair once. */
export function drawnIn<S extends ScopeName>({ setup, operations }: Run<S>): readonly Drawn[] {
  const found = new Map<string, Drawn>()
  const add = (pairs: Iterable<Drawn>): void => {
    for (const pair of pairs) found.set(pair.join('='), pair)
  }
  add(flat('', setup))
  for (const operation of operations) add(drawnBy(operation))
  return [...found.values()]
}

function drawnBy(operation: OperationOf<ScopeName>): Iterable<Drawn> {
  switch (operation.kind) {
    case 'createTopic': {
      const { assignment, config } = operation
      const shape = { partitions: assignment.length, replicationFactor: assignment[0]?.length ?? 0 }
      return flat('topic.', { ...shape, ...config })
    }
    case 'openProducer': {
      const { acks, idempotent, partitioner } = operation
      return flat('producer.', { acks, idempotent, partitioner })
    }
    case 'open': {
      const { acks, idempotent, partitioner } = operation.session
      return flat('producer.', { acks, idempotent, partitioner })
    }
    case 'openConsumer': {
      const { groupId, groupInstanceId, assignors, reset } = operation
      if (groupId === null) return flat('consumer.', { group: false, reset })
      return flat('consumer.', { group: true, static: groupInstanceId !== null, assignor: assignors[0] ?? '', reset })
    }
    case 'assign':
      return flat('', { assignor: operation.assignor })
    default:
      return []
  }
}

function* flat(path: string, value: object): Iterable<Drawn> {
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'scope') continue
    if (typeof inner === 'object' && inner !== null) yield* flat(`${path}${name}.`, inner)
    else yield [path + name, String(inner)]
  }
}
