// Does a short row of abstract actions lead from one abstract state to another?
import type { Machine } from '../../packed/machine.ts'

/** One step of a cluster changes a few variables, each by a few actions. */
const actionsMax = 12

/**
 * The names of the actions of a shortest row; empty for equal states, null if there is none.
 *
 * A variable that has its new value keeps it: only what still differs may be changed. So the search is small, also when it
 * fails. No step of a cluster needs more; one that did would be reported, not passed over.
 */
export function chainBetween(
  machine: Machine,
  actions: readonly { readonly name: string }[],
  from: Int32Array,
  to: Int32Array,
): readonly string[] | null {
  const masks = machine.layout.fields.map(({ word, shift, bits }) => ({ word, mask: ((2 ** bits - 1) << shift) | 0 }))
  let level = [{ state: from, names: [] as readonly string[] }]
  const seen = new Set([from.join()])
  for (let length = 0; length <= actionsMax && level.length > 0; length += 1) {
    const next: typeof level = []
    for (const { state, names } of level) {
      const settled = new Int32Array(machine.words)
      let isThere = true
      for (const { word, mask } of masks) {
        const isSettled = (((state[word] as number) ^ (to[word] as number)) & mask) === 0
        if (isSettled) settled[word] = (settled[word] as number) | mask
        else isThere = false
      }
      if (isThere) return names
      machine.successors(state, 0, () => {
        const found = machine.successor
        for (let word = 0; word < machine.words; word += 1) {
          if ((((found[word] as number) ^ (to[word] as number)) & (settled[word] as number)) !== 0) return
        }
        const key = found.join()
        if (seen.has(key)) return
        seen.add(key)
        next.push({ state: found.slice(), names: [...names, actions[machine.action]?.name ?? ''] })
      })
    }
    level = next
  }
  return null
}
