// One operation on a coordinator as it could be seen from outside, and how observations are compared.
import type { GroupConfig, GroupOperation, GroupOutcome, GroupScopeObservation } from '../vocabulary/groups.ts'

export type GroupTransition = {
  readonly config: GroupConfig
  readonly before: GroupScopeObservation
  readonly operation: GroupOperation
  readonly outcome: GroupOutcome
  readonly after: GroupScopeObservation
}

/** Whether two JSON values are the same, whatever the order of their fields. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const fields = new Map(Object.entries(b))
  const entries = Object.entries(a)
  return (
    entries.length === fields.size &&
    entries.every(([name, value]) => fields.has(name) && isEqual(value, fields.get(name)))
  )
}
