// A circle in a directed graph, or none: everything that has nothing before it is taken away until nothing is left. Linear
// in nodes and edges, and without recursion, since a history has millions of both.

/** Names edges, always the same ones. */
export type Edges = (emit: (from: number, to: number) => void) => void

/** The nodes of some circle, in order; null when there is none. */
export function findCircle(nodes: number, edges: readonly Edges[]): readonly number[] | null {
  const { starts, targets, incoming } = packed(nodes, edges)
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
  return taken === nodes ? null : circleOf(nodes, edges, incoming)
}

/** Every node that is left has one before it that is left too, so that going back must come round. */
function circleOf(nodes: number, edges: readonly Edges[], incoming: Int32Array): readonly number[] {
  const before = new Int32Array(nodes).fill(-1)
  for (const each of edges) {
    each((from, to) => {
      if ((incoming[from] ?? 0) > 0 && (incoming[to] ?? 0) > 0) before[to] = from
    })
  }
  const back: number[] = []
  const at = new Map<number, number>()
  for (let node = incoming.findIndex(count => count > 0); node >= 0 && !at.has(node); node = before[node] ?? -1) {
    at.set(node, back.length)
    back.push(node)
  }
  const meeting = before[back.at(-1) ?? 0] ?? 0
  return back.slice(at.get(meeting) ?? 0).reverse()
}

/** The edges as two arrays: those of `node` are `targets[starts[node]]` up to `targets[starts[node + 1]]`, exclusive. */
function packed(nodes: number, edges: readonly Edges[]) {
  const starts = new Int32Array(nodes + 1)
  const incoming = new Int32Array(nodes)
  for (const each of edges) {
    each((from, to) => {
      starts[from + 1] = (starts[from + 1] ?? 0) + 1
      incoming[to] = (incoming[to] ?? 0) + 1
    })
  }
  for (let node = 0; node < nodes; node++) starts[node + 1] = (starts[node + 1] ?? 0) + (starts[node] ?? 0)
  const filled = starts.slice()
  const targets = new Int32Array(starts[nodes] ?? 0)
  for (const each of edges) {
    each((from, to) => {
      const edge = filled[from] ?? 0
      targets[edge] = to
      filled[from] = edge + 1
    })
  }
  return { starts, targets, incoming }
}
