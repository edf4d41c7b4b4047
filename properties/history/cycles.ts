// G0 and G1c: records that stand, or were read, in an order in which they cannot have been written (O2). A record is
// appended before those behind it in its partition; what a client did and was told comes before what it did next. A circle
// of such steps is a contradiction: G0 through sends alone, G1c when somebody must have read a record for it.
//
// Sound under pipelining and prefetching: a send comes before what its client started after the answer, and a poll after
// the append of what it gave. Clocks are compared within one client only.
// Left out: transactions as units. Kafka does not isolate their writes, so that circles between transactions over several
// partitions are legal; the anti-dependencies that would find torn ones need to know where a transaction ends.
import type { Findings } from './anomaly.ts'
import { EdgeList, findCircle } from './circle.ts'
import { judgeLoss } from './legal.ts'
import { type LogIndex, type PartitionLog, type Place, partitionText } from './log-index.ts'
import { linesText, valueText } from './words.ts'

export function findCycles(index: LogIndex, findings: Findings): void {
  const graph = new Graph(index)
  const edges = new EdgeList()
  graph.addSends(edges)
  const ofSends = edges.count
  graph.addPolls(edges)
  const circle = findCircle(graph.size, edges, edges.count)
  if (circle === null) return
  const written = findCircle(graph.size, edges, ofSends)
  findings.add(written === null ? 'G1c' : 'G0', judgeLoss(index.history.settings), () => {
    const { records, operations } = graph.told(written ?? circle)
    return {
      sentence: `each of these was written before the next, and the last before the first: ${records.join(', ')} (${linesText(operations)})`,
      place: null,
      operations,
    }
  })
}

/** A client's operations in the order of their starts; their nodes follow each other and stand for the starts. */
type Line = { readonly operations: number[]; readonly starts: number[]; firstNode: number }

/** The nodes: first every seen place of every log, for the append there, then every operation, for its start. */
class Graph {
  readonly size: number
  readonly #index: LogIndex
  readonly #firstNodes = new Map<PartitionLog, number>()
  readonly #places: { readonly log: PartitionLog; readonly place: Place }[] = []
  readonly #lines = new Map<string, Line>()

  constructor(index: LogIndex) {
    this.#index = index
    for (const log of index.logs) {
      this.#firstNodes.set(log, this.#places.length)
      for (const place of log.places) this.#places.push({ log, place })
    }
    for (const at of index.order) {
      const operation = index.history.operations[at]
      if (operation === undefined) continue
      const line = this.#lines.get(operation.client) ?? { operations: [], starts: [], firstNode: 0 }
      this.#lines.set(operation.client, line)
      line.operations.push(at)
      line.starts.push(operation.start)
    }
    let node = this.#places.length
    for (const line of this.#lines.values()) {
      line.firstNode = node
      node += line.operations.length
    }
    this.size = node
  }

  /** Along each log and each client, from a start to what it appended, and from what was acknowledged to what came next. */
  addSends(edges: EdgeList): void {
    for (const [log, firstNode] of this.#firstNodes) {
      let last: number | null = null
      for (const place of log.places) {
        if (!isClear(place)) continue
        if (last !== null) edges.add(last, firstNode + place.rank)
        last = firstNode + place.rank
      }
    }
    for (const line of this.#lines.values()) {
      for (const [step, at] of line.operations.entries()) {
        const node = line.firstNode + step
        if (step > 0) edges.add(node - 1, node)
        const operation = this.#index.history.operations[at]
        if (operation?.kind !== 'send' || operation.completed === 'fail') continue
        const log = this.#index.logOf(operation.topic, operation.partition)
        const next = operation.completed === 'ok' ? startAfter(line, operation.end) : null
        for (const { value } of operation.records) {
          const known = log?.values.get(value)
          const append = known?.sentBy.length === 1 ? this.#nodeAt(log, known.places[0]) : null
          if (append === null) continue
          edges.add(node, append)
          if (next !== null) edges.add(append, next)
        }
      }
    }
  }

  /** From what a poll gave to what its client did next; the log's own order tells of the records before. */
  addPolls(edges: EdgeList): void {
    for (const line of this.#lines.values()) {
      for (const at of line.operations) {
        const operation = this.#index.history.operations[at]
        if (operation?.kind !== 'poll') continue
        const next = startAfter(line, operation.end)
        if (next === null) continue
        for (const { topic, partition, offset } of operation.records) {
          const log = this.#index.logOf(topic, partition)
          const append = this.#nodeAt(log, log?.placeAt.get(offset))
          if (append !== null) edges.add(append, next)
        }
      }
    }
  }

  /** The records of a circle, and the operations that sent or saw them. Of a stretch of a log only the ends matter. */
  told(circle: readonly number[]): { readonly records: readonly string[]; readonly operations: readonly number[] } {
    const records: string[] = []
    const operations: number[] = []
    const isAppend = (node: number | undefined) => node !== undefined && node < this.#places.length
    for (const [at, node] of circle.entries()) {
      const append = this.#places[node]
      const isInside = isAppend(circle.at(at - 1)) && isAppend(circle[(at + 1) % circle.length])
      if (append === undefined || isInside) continue
      const { log, place } = append
      for (const { value, by } of place.seen) {
        records.push(`${valueText(value.value)} (${partitionText(log)} offset ${place.offset})`)
        operations.push(...value.sentBy, value.readBy ?? by)
      }
    }
    return { records, operations }
  }

  #nodeAt(log: PartitionLog | null, place: Place | undefined): number | null {
    const firstNode = log === null ? undefined : this.#firstNodes.get(log)
    return firstNode === undefined || place === undefined || !isClear(place) ? null : firstNode + place.rank
  }
}

/** A place where something is in doubt says nothing about the order. */
function isClear({ seen }: Place): boolean {
  return seen.length === 1 && seen[0]?.value.places.length === 1
}

/** The node of the first operation of a client that started after a moment. */
function startAfter({ starts, firstNode }: Line, moment: number): number | null {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) > moment) high = middle
    else low = middle + 1
  }
  return low === starts.length ? null : firstNode + low
}
