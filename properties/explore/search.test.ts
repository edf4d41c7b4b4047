import { describe, expect, test } from 'vitest'
import { listOf, memberOf, type Now, record, upTo } from '../../model/abstract/shape.ts'
import type { Spec } from '../../model/abstract/spec.ts'
import { expandPortions, joined } from './packed/expand.ts'
import { Machine } from './packed/machine.ts'
import type { Block } from './packed/store.ts'
import { replayAbstract } from './replay.ts'
import { type ExpandLevel, search, withUntaken } from './search.ts'
import { type Question, specNames, specOf, usually } from './specs.ts'
import { operationOf } from './told.ts'

const unlimited = { symmetry: false, statesMax: Number.POSITIVE_INFINITY }
const small: Question['bounds'] = { replicas: 2, logSize: 2, maxRecords: 2, maxLeaderEpoch: 2 }

/** Three dice that are turned up one by one: as many states as there are throws. */
function dice(most: number): Spec {
  const members = { name: 'dice', size: 3 }
  const shape = record({ last: memberOf(members), dice: listOf(members, record({ up: upTo(most) })) })
  const spec: Spec<typeof shape> = {
    name: 'dice',
    shape,
    symmetry: members,
    initialize: () => {},
    actions: [
      {
        name: 'Turn',
        parameters: [{ name: 'die', member: true }],
        step: (now, take) => {
          for (const die of now.dice) {
            if (die.up === most) continue
            die.next.up = die.up + 1
            take(die.index, -1)
          }
        },
      },
    ],
    invariants: [
      {
        name: 'NotAllUp',
        says: 'one of the dice is not up',
        holds: (now: Now<typeof shape>) => now.dice.some(die => die.up < most),
        seen: () => 'all are',
      },
    ],
  }
  return spec as unknown as Spec
}

describe('a search', () => {
  test('visits every state once, and counts levels as TLC does', async () => {
    const { invariants: _, ...rest } = dice(4)
    const found = await search({ ...rest, invariants: [] }, unlimited)
    expect(found).toMatchObject({ distinctStates: 125, depth: 13, generatedStates: 1 + 3 * 100, complete: true })
  })

  test('takes renamed states as one when it may', async () => {
    const { invariants: _, ...rest } = dice(4)
    const found = await search({ ...rest, invariants: [] }, { ...unlimited, symmetry: true })
    // Throws of three dice that cannot be told apart: 5 over 3 with repetition.
    expect(found).toMatchObject({ distinctStates: 35, depth: 13, complete: true })
  })

  test('finds the shortest way to break an invariant', async () => {
    const found = await search(dice(2), unlimited)
    expect(found.violation).toMatchObject({ invariant: 'NotAllUp', length: 7 })
    expect(found.violation?.steps.map(({ action }) => action)).toEqual(Array(6).fill('Turn'))
  })

  test('looks at the first state too', async () => {
    const found = await search(dice(0), unlimited)
    expect(found).toMatchObject({
      distinctStates: 1,
      depth: 1,
      violation: { invariant: 'NotAllUp', length: 1, steps: [] },
    })
  })

  test('stops at a limit and says what is left', async () => {
    const found = await search(specOf({ spec: 'kip-320', bounds: small, invariants: null }), {
      ...unlimited,
      statesMax: 500,
    })
    expect(found.complete).toBe(false)
    expect(found.distinctStates).toBeGreaterThanOrEqual(500)
    expect(found.distinctStates).toBeLessThan(5_973)
    expect(found.statesLeft).toBeGreaterThan(0)
  })

  test('grows its store as it needs', async () => {
    const found = await search(
      specOf({ spec: 'kip-279', bounds: { ...small, maxLeaderEpoch: 3, maxRecords: 3 }, invariants: [] }),
      unlimited,
    )
    expect(found.distinctStates).toBe(103_171)
    expect(found.bytes / found.distinctStates).toBeLessThan(100)
  })

  test.each(specNames)('has fewer states with symmetry, and the same verdict at the same depth: %s', async spec => {
    const question: Question = { spec, bounds: small, invariants: ['StrongIsr'] }
    const all = await search(specOf(question), unlimited)
    const renamed = await search(specOf(question), { ...unlimited, symmetry: true })
    expect(renamed.violation?.length).toBe(all.violation?.length)
    expect(renamed.depth).toBe(all.depth)
    expect(renamed.distinctStates).toBeLessThan(all.distinctStates)
    expect(renamed.distinctStates).toBeGreaterThanOrEqual(all.distinctStates / 2)
  })

  test('reports the same, a counter-example included, when lanes share a level in any order', async () => {
    const question: Question = { spec: 'kip-320-first-try', bounds: { ...small, replicas: 3 }, invariants: null }
    const alone = await search(specOf(question), unlimited)
    const together = await search(specOf(question), { ...unlimited, expandLevel: twoLanes(question) })
    expect({ ...together, bytes: 0 }).toEqual({ ...alone, bytes: 0 })
  }, 60_000)
})

/** Two lanes that take portions from both ends in turn, as two threads might. */
function twoLanes(question: Question): ExpandLevel {
  const lanes = [0, 1].map(() => ({
    machine: new Machine(specOf(question), false),
    block: { next: 0, end: 0 } as Block,
  }))
  return (store, portions) => {
    const mixed = portions.toReversed()
    const taken = new Int32Array(1)
    const parts = []
    for (let turn = 0; (taken[0] ?? 0) < mixed.length; turn++) {
      const lane = lanes[turn % 2]
      if (lane === undefined) break
      const one = mixed.slice(0, (taken[0] ?? 0) + 1)
      const part = expandPortions(lane.machine, store, lane.block, one, taken)
      taken[0] = one.length
      parts.push(part)
      if (part.left.length > 0) break
    }
    return withUntaken(joined(parts), mixed, taken)
  }
}

describe('a counter-example', () => {
  test.each(['truncate-to-high-watermark', 'kip-101'] as const)('of %s replays with real names', async spec => {
    for (const symmetry of [false, true]) {
      const question: Question = { spec, bounds: small, invariants: ['StrongIsr'] }
      const { violation } = await search(specOf(question), { ...unlimited, symmetry })
      const operations = (violation?.steps ?? []).map(step => operationOf(specOf(question), step))
      const { verdict } = replayAbstract(specOf(question), operations)
      expect(verdict).toEqual({
        kind: 'violation',
        invariant: 'StrongIsr',
        sentence: expect.stringMatching(
          /^whoever takes itself for the leader .* the controller's in-sync set; but (b\d) takes .* where (?!\1)b\d has /,
        ),
        step: (violation?.length ?? 0) - 2,
      })
      expect(replayAbstract(specOf(question), operations.slice(0, -1)).verdict).toEqual({ kind: 'agree' })
    }
  })

  test('whose operation does not apply is impossible, with what would', () => {
    const { verdict } = replayAbstract(specOf(usually('kip-320')), [{ kind: 'LeaderWrite', leader: 'b1' }])
    expect(verdict).toMatchObject({ kind: 'impossible', step: 0 })
    expect(verdict.kind === 'impossible' ? verdict.possible : []).toContain('ControllerElectLeader replica=b1')
  })
})
