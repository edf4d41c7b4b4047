// The scopes by name. Everything that works for any scope finds its parts here.
import type { ModelSide, Scope, SetupOf } from './scope.ts'
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

/** The model of a set-up's scope, started: it may be asked, and copied, without any subject. */
export function startModel<S extends ScopeName>(setup: SetupOf<S>): ModelSide<S> {
  const scope: Scope<S> = scopes[setup.scope]
  return scope.startModel(setup)
}
