// `settle` and `elapse` deliver many messages in one operation. A picture wants to see each of them arrive, so they are taken
// apart, on a copy of the model's side, into operations that anybody can ask for: `synced`, `advance` and one `deliver` after
// another in the order that the model keeps (model/cluster/delivery.ts and time.ts). What comes out at the end must be what the
// operation gives; if it ever is not, the operation is shown as one.
import { endpointsOf } from '../../model/cluster/names.ts'
import type { ClusterObservation, ClusterOperation, ClusterSetup, Endpoint } from '../../model/vocabulary/cluster.ts'
import { areEqual } from '../../properties/compare.ts'
import type { ModelSide } from '../../properties/scope.ts'

/** A part of an operation: what was done, and what the model shows after it. */
export type Part = { readonly operation: ClusterOperation; readonly after: ClusterObservation }

export type Unfolded = {
  /** At least one; those of an operation that does one thing only are one. */
  readonly parts: readonly Part[]
  /** The model's side after it. */
  readonly model: ModelSide<'cluster'>
}

/** `elapse` goes on in slices of this length, for so long at most (model/cluster/time.ts). */
const sliceMs = 500
const elapseMsMost = 60_000

/** How many parts an operation has that delivers so many messages: the beginning of each slice of time is one too. */
export function partsOf(operation: ClusterOperation, messages: number): number {
  if (operation.kind === 'settle') return messages + 1
  if (operation.kind !== 'elapse') return 1
  return Math.max(1, messages + Math.ceil(Math.min(operation.ms, elapseMsMost) / sliceMs))
}

/** Carries an operation out. `messages` is how many it is known to deliver. */
export function unfolded(
  before: ModelSide<'cluster'>,
  setup: ClusterSetup,
  operation: ClusterOperation,
  messages: number,
): Unfolded {
  const whole = before.fork()
  whole.apply(operation)
  const after = whole.observe()
  const inOne: Unfolded = { parts: [{ operation, after }], model: whole }
  if (operation.kind !== 'settle' && operation.kind !== 'elapse') return inOne
  const model = before.fork()
  const unfolding = new Unfolding(model, endpointsOf(setup), messages)
  if (operation.kind === 'settle') unfolding.settle(operation)
  else unfolding.elapse(operation.ms)
  const { parts, delivered } = unfolding
  const isFaithful = delivered === messages && areEqual(after, model.observe())
  return isFaithful && parts.length > 0 ? { parts, model } : inOne
}

/** An unfolding under way. */
class Unfolding {
  readonly parts: Part[] = []
  delivered = 0
  readonly #model: ModelSide<'cluster'>
  readonly #endpoints: readonly Endpoint[]
  readonly #messagesMost: number

  constructor(model: ModelSide<'cluster'>, endpoints: readonly Endpoint[], messagesMost: number) {
    this.#model = model
    this.#endpoints = endpoints
    this.#messagesMost = messagesMost
  }

  /** What was to be synced is, which is the first part; then messages go round until there are none. */
  settle(first: ClusterOperation): void {
    for (const name of Object.keys(this.#model.observe().brokers)) {
      this.#model.apply({ kind: 'synced', broker: Number(name.slice(1)) })
    }
    this.parts.push({ operation: first, after: this.#model.observe() })
    for (let isQuiet = false; !isQuiet; ) {
      isQuiet = true
      for (const from of this.#endpoints) {
        for (const to of this.#endpoints) {
          if (!isDeliverable(this.#model.observe(), from, to)) continue
          if (this.delivered >= this.#messagesMost) return
          this.#deliver(from, to)
          isQuiet = false
        }
      }
    }
  }

  elapse(ms: number): void {
    for (let left = Math.min(ms, elapseMsMost); left > 0; left -= sliceMs) {
      const slice: ClusterOperation = { kind: 'advance', ms: Math.min(sliceMs, left), node: null }
      this.#model.apply(slice)
      this.settle(slice)
    }
  }

  #deliver(from: Endpoint, to: Endpoint): void {
    const operation: ClusterOperation = { kind: 'deliver', from, to }
    this.#model.apply(operation)
    this.delivered += 1
    this.parts.push({ operation, after: this.#model.observe() })
  }
}

function isDeliverable({ links, brokers }: ClusterObservation, from: Endpoint, to: Endpoint): boolean {
  const link = links[`${from}>${to}`]
  return link !== undefined && link.messages.length > 0 && !link.cut && brokers[to]?.status !== 'paused'
}
