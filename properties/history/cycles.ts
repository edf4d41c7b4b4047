// G0 and G1c: records that stand, or were read, in an order in which they cannot have been written (O2). A record is
// appended before those behind it in its partition; what a client did and was told comes before what it did next. A circle
// of such steps is a contradiction: G0 through sends alone, G1c when somebody must have read a record for it.
//
// Sound under pipelining and prefetching: a send comes before what its client started after the answer, and a poll after
// the append of what it gave. Clocks are compared within one client only.
// Left out: transactions as units. Kafka does not isolate their writes, so that circles between transactions over several
// partitions are legal; the anti-dependencies that would find torn ones need to know where a transaction ends.
import type { Findings } from './anomaly.ts'
import { type Edges, findCircle } from './circle.ts'
import { judgeLoss } from './legal.ts'
import { type LogIndex, type PartitionLog, type Place, partitionText } from './log-index.ts'
import { linesText, valueText } from './words.ts'

/** The steps of a client, in the order of their starts. Nodes stand for their starts. */
type Line = { readonly operations: number[]; firstNode: number }
type Append = { readonly log: PartitionLog; readonly place: Place }

export function findCycles(index: LogIndex, findings: Findings): void {
  const graph = new Graph(index)
  const written = findCircle(graph.size, graph.edgesOfSends())
  const circle = written ?? findCircle(graph.size, [...graph.edgesOfSends(), ...graph.edgesOfPolls()])
  if (circle === null) return
  const kind = written === null ? 'G1c' : 'G0'
  findings.add(kind, judgeLoss(index.history.settings), () => {
    const { records, operations } = graph.told(circle)
    return {
      sentence: `each of these was written before the next, and the last before the first: ${records.join(', ')} (${linesText(operations)})`,
      place: null,
      operations,
    }
  })
}

class Graph {
  readonly size: number
  readonly #index: LogIndex
  readonly #lines = new Map<string, Line>()
  /** The appends, as the first nodes; a place where something is in doubt is none. */
  readonly #appends: Append[] = []
  readonly #nodeOf = new Map<Place, number>()

  constructor(index: LogIndex) {
    this.#index = index
    for (const log of index.logs) {
      for (const place of log.places) {
        if (place.seen.length > 1 || place.seen.some(({ value }) => value.places.length > 1)) continue
        this.#nodeOf.set(place, this.#appends.length)
        this.#appends.push({ log, place })
      }
    }
    for (const at of index.order) {
      const client = index.history.operations[at]?.client ?? ''
      const line = this.#lines.get(client) ?? { operations: [], firstNode: 0 }
      this.#lines.set(client, line)
      line.operations.push(at)
    }
    let node = this.#appends.length
    for (const line of this.#lines.values()) {
      line.firstNode = node
      node += line.operations.length
    }
    this.size = node
  }

  /** Along each log, along each client, from a start to what it appended, and from what was acknowledged to what came next. */
  edgesOfSends(): readonly Edges[] {
    return [
      emit => {
        for (let node = 1; node < this.#appends.length; node++) {
          if (this.#appends[node - 1]?.log === this.#appends[node]?.log) emit(node - 1, node)
        }
      },
      emit => {
        for (const { operations, firstNode } of this.#lines.values()) {
          for (let step = 1; step < operations.length; step++) emit(firstNode + step - 1, firstNode + step)
        }
      },
      emit => {
        for (const line of this.#lines.values()) {
          for (const [step, at] of line.operations.entries()) {
            const operation = this.#index.history.operations[at]
            if (operation?.kind !== 'send' || operation.completed === 'fail') continue
            const log = this.#index.logOf(operation.topic, operation.partition)
            const next = operation.completed === 'ok' ? this.#startAfter(line, operation.end) : null
            for (const { value } of operation.records) {
              const known = log?.values.get(value)
              const node = known?.sentBy.length === 1 ? this.#nodeAt(known.places[0]) : null
              if (node === null) continue
              emit(line.firstNode + step, node)
              if (next !== null) emit(node, next)
            }
          }
        }
      },
    ]
  }

  /** From what a poll gave to what its client did next; the log's own order tells of the records before. */
  edgesOfPolls(): readonly Edges[] {
    return [
      emit => {
        for (const line of this.#lines.values()) {
          for (const at of line.operations) {
            const operation = this.#index.history.operations[at]
            if (operation?.kind !== 'poll') continue
            const next = this.#startAfter(line, operation.end)
            if (next === null) continue
            for (const { topic, partition, offset } of operation.records) {
              const node = this.#nodeAt(this.#index.logOf(topic, partition)?.placeAt.get(offset))
              if (node !== null) emit(node, next)
            }
          }
        }
      },
    ]
  }

  /** The records of a circle, and the operations that sent or saw them and lie on it. */
  told(circle: readonly number[]): { readonly records: readonly string[]; readonly operations: readonly number[] } {
    const records: string[] = []
    const operations = new Set<number>()
    for (const [at, node] of circle.entries()) {
      const append = this.#appends[node]
      const before = circle.at(at - 1) ?? node
      const after = circle[(at + 1) % circle.length] ?? node
      // Of a stretch of a log only its two ends matter.
      const isInside = before < this.#appends.length && after < this.#appends.length
      if (append !== undefined && !isInside) {
        const [sight] = append.place.seen
        records.push(
          `${valueText(sight?.value.value ?? '')} (${partitionText(append.log)} offset ${append.place.offset})`,
        )
        for (const by of sight?.value.sentBy ?? []) operations.add(by)
        if (sight !== undefined) operations.add(sight.by)
      }
    }
    return { records, operations: [...operations] }
  }

  #nodeAt(place: Place | undefined): number | null {
    return place === undefined ? null : (this.#nodeOf.get(place) ?? null)
  }

  /** The node of the first operation of a client that started after a moment. */
  #startAfter({ operations, firstNode }: Line, moment: number): number | null {
    let low = 0
    let high = operations.length
    while (low < high) {
      const middle = (low + high) >> 1
      const start = this.#index.history.operations[operations[middle] ?? 0]?.start ?? 0
      if (start > moment) high = middle
      else low = middle + 1
    }
    return low === operations.length ? null : firstNode + low
  }
}
