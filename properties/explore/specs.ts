// The abstract specifications by the names that the command line and trace files use, each with the bounds of its world.
import { type ReplicationRule, replicationRules } from '../../model/abstract/rule-names.ts'
import { replicationSpec } from '../../model/abstract/rules.ts'
import type { Spec } from '../../model/abstract/spec.ts'

/** Bounds by name. */
export type Bounds = Readonly<Record<string, number>>

export type BoundRange = {
  readonly name: string
  readonly least: number
  readonly most: number
  readonly usual: number
}

export type SpecName = ReplicationRule

export const specNames: readonly SpecName[] = replicationRules

/** What bounds a specification has; larger ones would not fit into the words of a packed state. */
export const boundRanges: readonly BoundRange[] = [
  { name: 'replicas', least: 1, most: 5, usual: 3 },
  { name: 'logSize', least: 1, most: 6, usual: 2 },
  { name: 'maxRecords', least: 1, most: 6, usual: 2 },
  { name: 'maxLeaderEpoch', least: 0, most: 6, usual: 2 },
]

/** What is searched: a specification, the size of its world, and the invariants that matter; all of them when null. */
export type Question = {
  readonly spec: SpecName
  readonly bounds: Bounds
  readonly invariants: readonly string[] | null
}

/** The specification of a question; bounds that are missing are the usual ones. */
export function specOf({ spec: name, bounds, invariants }: Question): Spec {
  const [replicas, logSize, maxRecords, maxLeaderEpoch] = boundRanges.map(range => bounds[range.name] ?? range.usual)
  if (replicas === undefined || logSize === undefined || maxRecords === undefined || maxLeaderEpoch === undefined) {
    throw new Error('a bound has no range')
  }
  // Whoever only explores need not know what the variables are called.
  const spec = replicationSpec(name, { replicas, logSize, maxRecords, maxLeaderEpoch }) as unknown as Spec
  return invariants === null
    ? spec
    : { ...spec, invariants: spec.invariants.filter(invariant => invariants.includes(invariant.name)) }
}

/** Every bound of a question as `name=value`; those that are missing are the usual ones. */
export function boundSettings(bounds: Bounds): readonly string[] {
  return boundRanges.map(({ name, usual }) => `${name}=${bounds[name] ?? usual}`)
}

/** A specification with its usual bounds and all its invariants. */
export function usually(spec: SpecName): Question {
  return { spec, bounds: {}, invariants: null }
}
