// Who may read on while incomplete requests take more than the limit.
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { ReadBudget } from './limits.ts'

type Reader = { readonly name: string; readOn(): void }

let woken: string[]
let budget: ReadBudget<Reader>
const reader = (name: string): Reader => ({ name, readOn: () => woken.push(name) })
let [a, b, c] = [reader('a'), reader('b'), reader('c')]

beforeEach(() => {
  woken = []
  budget = new ReadBudget(100)
  ;[a, b, c] = [reader('a'), reader('b'), reader('c')]
})

describe('a budget for reading', () => {
  test('lets everybody read while there is room', () => {
    expect([budget.note(a, 60), budget.note(b, 40), budget.note(c, 0)]).toEqual([true, true, true])
    expect(budget.total).toBe(100)
  })

  test('beyond it, lets the one go on that began first, and the others when there is room', () => {
    budget.note(a, 60)
    expect(budget.note(b, 60)).toBe(false)
    expect(budget.note(a, 90)).toBe(true)
    expect(woken).toEqual([])
    budget.note(a, 0)
    expect([woken, budget.total]).toEqual([['b'], 60])
  })

  test('when that is not enough, wakes the next one only', () => {
    budget.note(a, 60)
    budget.note(b, 60)
    budget.note(c, 60)
    budget.note(a, 0)
    expect(woken).toEqual(['b'])
    expect(budget.note(b, 70)).toBe(true)
    budget.note(b, 0)
    expect(woken).toEqual(['b', 'c'])
  })

  test('puts one that sends request behind request behind those who wait', () => {
    budget.note(a, 80)
    expect(budget.note(b, 70)).toBe(false)
    // Its request was complete, and the next one has begun in the same piece.
    expect(budget.note(a, 50)).toBe(false)
    expect(woken).toEqual(['b'])
    budget.note(b, 0)
    expect(woken).toEqual(['b', 'a'])
  })

  test('forgets who is gone', () => {
    budget.note(a, 90)
    budget.note(b, 90)
    budget.leave(a)
    expect([woken, budget.total]).toEqual([['b'], 90])
    budget.leave(b)
    expect(budget.total).toBe(0)
  })

  test('never lets everybody wait', () => {
    const steps = fc.array(fc.record({ who: fc.nat(3), held: fc.nat(150) }), { maxLength: 60 })
    fc.assert(
      fc.property(steps, taken => {
        const waiting = new Set<number>()
        const readers = [0, 1, 2, 3].map(id => ({ readOn: () => waiting.delete(id) }))
        const held = new Map<number, number>()
        const shared = new ReadBudget<(typeof readers)[number]>(100)
        for (const { who, held: now } of taken) {
          const one = readers[who]
          if (one === undefined || waiting.has(who)) continue
          held.set(who, now)
          if (!shared.note(one, now)) waiting.add(who)
          const total = [...held.values()].reduce((sum, bytes) => sum + bytes, 0)
          expect(shared.total).toBe(total)
          if (total <= 100) expect(waiting.size).toBe(0)
          else expect([...held].some(([id, bytes]) => bytes > 0 && !waiting.has(id))).toBe(true)
        }
      }),
    )
  })
})
