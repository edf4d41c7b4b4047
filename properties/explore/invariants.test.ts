// What invariants say in words is what they check.
import { expect, test } from 'vitest'
import { Machine } from './packed/machine.ts'
import { specNames, specOf } from './specs.ts'

const bounds = { replicas: 2, logSize: 2, maxRecords: 2, maxLeaderEpoch: 2 }
const statesMost = 20_000

test.each(specNames)('somebody is seen to break an invariant of %s just where it does not hold', name => {
  const all = specOf({ spec: name, bounds, invariants: null })
  for (const invariant of all.invariants) {
    expect(invariant.says).toMatch(/^[a-z].*[^.]$/)
    const spec = { ...all, invariants: [invariant] }
    const { broken, told } = visited(new Machine(spec, true))
    expect(told).toEqual(broken)
    // Of two replicas only the oldest rules break anything.
    expect(broken.size > 0).toBe(name === 'truncate-to-high-watermark' || name === 'kip-101')
  }
})

/** Of the states that are found first, breadth first: those that break the invariant, and those of which words say so. */
function visited(machine: Machine) {
  const known = new Set<string>()
  const queue: Int32Array[] = []
  const found = (state: Int32Array) => {
    const key = state.join()
    if (known.has(key) || known.size >= statesMost) return
    known.add(key)
    queue.push(state)
  }
  found(machine.successor.slice())
  const broken = new Set<string>()
  const told = new Set<string>()
  for (const state of queue) {
    machine.successors(state, 0, () => found(machine.successor.slice()))
    if (machine.brokenBy(state) >= 0) broken.add(state.join())
    if (machine.seenIn(state, 0, String) !== null) told.add(state.join())
  }
  return { broken, told }
}
