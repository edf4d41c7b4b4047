// The scopes' names as values, for those who only want to list them.
import type { ScopeName } from '../properties/verdict.ts'

/** In the order in which reports list them. */
export const scopeNames: readonly ScopeName[] = ['log', 'partitioner', 'assignor', 'producer', 'group', 'cluster']
