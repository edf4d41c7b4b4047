// The scopes by name. Everything that works for any scope finds its parts here.
import type { Scope } from './scope.ts'
import { assignorScope } from './scopes/assignor.ts'
import { clusterScope } from './scopes/cluster.ts'
import { groupScope } from './scopes/group.ts'
import { logScope } from './scopes/log.ts'
import { partitionerScope } from './scopes/partitioner.ts'
import { producerScope } from './scopes/producer.ts'
import type { ScopeName } from './verdict.ts'

export const scopes: { readonly [S in ScopeName]: Scope<S> } = {
  log: logScope,
  partitioner: partitionerScope,
  assignor: assignorScope,
  group: groupScope,
  producer: producerScope,
  cluster: clusterScope,
}

/** Their names, the small ones first. */
export const scopeNames: readonly ScopeName[] = ['log', 'partitioner', 'assignor', 'group', 'producer', 'cluster']
