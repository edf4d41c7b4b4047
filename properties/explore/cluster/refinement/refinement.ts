// Is every step of a small cluster made of steps of `kip-320-messages`? A refinement mapping, checked step by step.

import { messagesSpec } from '../../../../model/abstract/messages/spec.ts'
import type { MessagesShape } from '../../../../model/abstract/messages/state.ts'
import type { ReplicationBounds } from '../../../../model/abstract/replication.ts'
import type { Next } from '../../../../model/abstract/shape.ts'
import type { Spec } from '../../../../model/abstract/spec.ts'
import type { ClusterState } from '../../../../model/cluster/state.ts'
import type { Violation } from '../../../../model/vocabulary/claims.ts'
import { compilePack, type Pack } from '../../packed/compile.ts'
import { Machine } from '../../packed/machine.ts'
import { type View, viewsOf } from '../../packed/views.ts'
import { changesBetween } from '../../told.ts'
import type { ClusterBounds } from '../world.ts'
import { chainBetween } from './chain.ts'
import { assignCounterpart, type Remembered, type Unmapped } from './mapping.ts'
import { electableOf, firstTerms, partitionIn, type Terms, termsAfter } from './terms.ts'

/** A counterpart, once for each abstract state, with the rows of actions that were found to lead to others. */
type Counterpart = { readonly packed: Int32Array; readonly rows: Map<Counterpart, readonly string[] | null> }

/** A cluster, what is written down about it, and its counterpart if it has one. */
export type Refined = Remembered & { readonly counterpart: Counterpart | Unmapped }

/** A state, and what is wrong with the step to it. */
export type RefinedStep = { readonly refined: Refined; readonly violation: Violation | null }

/** The name under which a step that is not made of abstract steps is reported. */
export const refinementClaim = 'Refinement'

/** An abstract world in which there is room for what happens to a small cluster. */
export function abstractBounds({ brokers, records, crashes, elections }: ClusterBounds): ReplicationBounds {
  // A session that expires may cost the leader its office, and its owner may be elected when it is heard of again; after
  // a crash the broker is also registered anew.
  const maxLeaderEpoch = 2 * elections + 4 * crashes + 1
  const logSize = Math.max(1, records)
  return { replicas: brokers, logSize, maxRecords: logSize, maxLeaderEpoch }
}

export class Refinement {
  /** Steps between two states that have counterparts. */
  checked = 0
  /** Steps that are not compared. */
  skipped = 0
  /** The same by what is in the way. */
  readonly because = new Map<Unmapped, number>()
  /** How often each abstract action was needed. */
  readonly actions = new Map<string, number>()

  readonly #bounds: ReplicationBounds
  readonly #spec: Spec
  readonly #machine: Machine
  /** The variables of a counterpart while it is assigned. */
  readonly #variables: Next<MessagesShape>
  readonly #records: readonly View[]
  readonly #pack: Pack
  readonly #counterparts = new Map<string, Counterpart>()
  readonly #numbers = new Map<string, number>()
  readonly #numberOf = new WeakMap<Terms, number>()

  constructor(bounds: ReplicationBounds) {
    this.#bounds = bounds
    this.#spec = messagesSpec(bounds) as unknown as Spec
    this.#machine = new Machine(this.#spec, false)
    const { layout } = this.#machine
    const { next } = viewsOf(layout)
    this.#variables = next.root as Next<MessagesShape>
    this.#records = next.records
    this.#pack = compilePack(layout, next)
  }

  /** Where exploration begins; a violation if no abstract steps lead there from the abstract first state. */
  first(cluster: ClusterState): RefinedStep {
    const refined = this.#refined({ cluster, terms: firstTerms(cluster), sent: 0 })
    const initial = new Machine(this.#spec, false).successor
    if (typeof refined.counterpart === 'string') return { refined, violation: null }
    const { packed } = refined.counterpart
    const row = chainBetween(this.#machine, this.#spec.actions, initial, packed)
    return { refined, violation: row === null ? this.#violation(initial, packed) : null }
  }

  /** One step of the cluster. */
  step(before: Refined, cluster: ClusterState, sent: number): RefinedStep {
    const isSame = cluster.controller === before.cluster.controller && cluster.nodes === before.cluster.nodes
    const refined =
      isSame && sent === before.sent
        ? { ...before, cluster }
        : this.#refined({ cluster, terms: termsAfter(before.terms, before.cluster, cluster), sent })
    const from = before.counterpart
    const to = refined.counterpart
    if (typeof from === 'string') return this.#skipped(refined, from)
    if (typeof to === 'string') return this.#skipped(refined, to)
    if (isElectedFromNobody(before.cluster, cluster)) {
      return this.#skipped(refined, 'somebody is elected who may lack what was committed')
    }
    this.checked += 1
    if (from === to) return { refined, violation: null }
    let row = from.rows.get(to)
    if (row === undefined) {
      row = chainBetween(this.#machine, this.#spec.actions, from.packed, to.packed)
      from.rows.set(to, row)
    }
    for (const name of row ?? []) this.actions.set(name, (this.actions.get(name) ?? 0) + 1)
    return { refined, violation: row === null ? this.#violation(from.packed, to.packed) : null }
  }

  /** Tells apart what is written down about two states: of equal clusters, those with equal numbers are equal. */
  numberOf({ terms }: Refined): number {
    const known = this.#numberOf.get(terms)
    if (known !== undefined) return known
    const text = JSON.stringify(terms)
    const number = this.#numbers.get(text) ?? this.#numbers.size
    this.#numbers.set(text, number)
    this.#numberOf.set(terms, number)
    return number
  }

  #skipped(refined: Refined, because: Unmapped): RefinedStep {
    this.skipped += 1
    this.because.set(because, (this.because.get(because) ?? 0) + 1)
    return { refined, violation: null }
  }

  #refined(remembered: Remembered): Refined {
    for (const { record, name, least } of this.#machine.layout.fields) {
      const view = this.#records[record]
      if (view !== undefined) view[name] = least
    }
    const unmapped = assignCounterpart(this.#variables, this.#bounds, remembered)
    return { ...remembered, counterpart: unmapped ?? this.#counterpart() }
  }

  #counterpart(): Counterpart {
    const packed = new Int32Array(this.#machine.words)
    this.#pack(packed, 0)
    const key = packed.join()
    const known = this.#counterparts.get(key)
    if (known !== undefined) return known
    const counterpart: Counterpart = { packed, rows: new Map() }
    this.#counterparts.set(key, counterpart)
    return counterpart
  }

  #violation(from: Int32Array, to: Int32Array): Violation {
    const changes = changesBetween(this.#machine, from, to)
    return {
      claim: refinementClaim,
      sentence: `no steps of kip-320-messages do this: ${changes.join(', ')}`,
    }
  }
}

/** The controller had nobody who was known to have everything, and has somebody now: the last known leader. */
function isElectedFromNobody(before: ClusterState, after: ClusterState): boolean {
  if (before.controller === after.controller) return false
  const was = partitionIn(before)
  const is = partitionIn(after)
  return was !== null && is !== null && electableOf(was).length === 0 && electableOf(is).length > 0
}
