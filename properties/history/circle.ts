// A circle in a directed graph, or none: everything that has nothing before it is taken away until nothing is left. Linear
// in nodes and edges, and without recursion, since a history has millions of both.

/** Edges, in the order in which they were added. */
export class EdgeList {
  from = new Int32Array(1024)
  to = new Int32Array(1024)
  count = 0

  add(from: number, to: number): void {
    if (this.count === this.from.length) {
      this.from = grown(this.from)
      this.to = grown(this.to)
    }
    this.from[this.count] = from
    this.to[this.count] = to
    this.count++
  }
}

/** The nodes of some circle along the first `count` edges, in order; null when there is none. */
export function findCircle(nodes: number, edges: EdgeList, count: number): readonly number[] | null {
  const { starts, targets, incoming } = packed(nodes, edges, count)
  const free: number[] = []
  for (let node = 0; node < nodes; node++) if (incoming[node] === 0) free.push(node)
  let taken = 0
  for (let node = free.pop(); node !== undefined; node = free.pop()) {
    taken++
    for (let edge = starts[node] ?? 0; edge < (starts[node + 1] ?? 0); edge++) {
      const target = targets[edge] ?? 0
      incoming[target] = (incoming[target] ?? 0) - 1
      if (incoming[target] === 0) free.push(target)
    }
  }
  return taken === nodes ? null : circleOf(nodes, edges, count, incoming)
}

/** Every node that is left has one before it that is left too, so that going back must come round. */
function circleOf(nodes: number, { from, to }: EdgeList, count: number, incoming: Int32Array): readonly number[] {
  const before = new Int32Array(nodes).fill(-1)
  const isLeft = (node: number) => (incoming[node] ?? 0) > 0
  for (let edge = 0; edge < count; edge++) {
    const source = from[edge] ?? 0
    const target = to[edge] ?? 0
    if (isLeft(source) && isLeft(target)) before[target] = source
  }
  const back: number[] = []
  const at = new Map<number, number>()
  let node = incoming.findIndex(left => left > 0)
  for (; !at.has(node); node = before[node] ?? 0) {
    at.set(node, back.length)
    back.push(node)
  }
  return back.slice(at.get(node) ?? 0).reverse()
}

/** The edges by their source: those of `node` are `targets[starts[node]]` up to `targets[starts[node + 1]]`, exclusive. */
function packed(nodes: number, { from, to }: EdgeList, count: number) {
  const starts = new Int32Array(nodes + 1)
  const incoming = new Int32Array(nodes)
  for (let edge = 0; edge < count; edge++) {
    const source = from[edge] ?? 0
    const target = to[edge] ?? 0
    starts[source + 1] = (starts[source + 1] ?? 0) + 1
    incoming[target] = (incoming[target] ?? 0) + 1
  }
  for (let node = 0; node < nodes; node++) starts[node + 1] = (starts[node + 1] ?? 0) + (starts[node] ?? 0)
  const filled = starts.slice()
  const targets = new Int32Array(count)
  for (let edge = 0; edge < count; edge++) {
    const source = from[edge] ?? 0
    const place = filled[source] ?? 0
    targets[place] = to[edge] ?? 0
    filled[source] = place + 1
  }
  return { starts, targets, incoming }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2)
  larger.set(array)
  return larger
}
