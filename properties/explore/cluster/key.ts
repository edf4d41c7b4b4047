// When are two states the same? When every part of the cluster, of what observers remember and of the budget is.
//
// A part is written as text once, with the numbers of its own parts, and from then on known by a number, because most
// parts of a successor are the very objects of its predecessor. A state's key is the numbers of its parts: exact, and short
// enough to keep millions.
import type { ClusterState } from '../../../model/cluster/state.ts'
import type { History } from '../../../model/invariants/history.ts'
import type { Budget } from './world.ts'

export type Explored = { readonly cluster: ClusterState; readonly history: History; readonly left: Budget }

/** Gives equal states equal keys, and others others. */
export class Keys {
  readonly #numbers = new Map<string, number>()
  readonly #known = new WeakMap<object, number>()

  of({ cluster, history, left }: Explored): string {
    let key = `${left.records}.${left.crashes}.${left.elections}.${left.disconnects}.${left.ticks}`
    const add = (part: object) => {
      key += `,${this.#numberOf(part)}`
    }
    add(cluster.controller)
    for (const node of cluster.nodes) add(node)
    for (const producer of cluster.producers) add(producer)
    for (const consumer of cluster.consumers) add(consumer)
    for (const row of cluster.network.links) add(row)
    for (const partition of history.partitions) add(partition)
    add(history.sent)
    return key
  }

  #numberOf(part: object): number {
    const known = this.#known.get(part)
    if (known !== undefined) return known
    const text = this.#textOf(part)
    const number = this.#numbers.get(text) ?? this.#numbers.size
    this.#numbers.set(text, number)
    this.#known.set(part, number)
    return number
  }

  /** A part as text, whatever the order in which its fields were written, with numbers for the parts of it. */
  #textOf(part: object): string {
    if (Array.isArray(part)) return `[${part.map(item => this.#nameOf(item)).join()}]`
    const fields = Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${fields.map(([name, field]) => `${name}:${this.#nameOf(field)}`).join()}}`
  }

  #nameOf(value: unknown): string {
    return typeof value === 'object' && value !== null ? `#${this.#numberOf(value)}` : (JSON.stringify(value) ?? '')
  }
}
