import { describe, expect, test } from 'vitest'
import { search } from './search.ts'
import { type Question, specOf } from './specs.ts'
import { largeTlcRows, tlcRows } from './tlc-numbers.ts'

async function explored(question: Question) {
  const { distinctStates, depth, violation, complete } = await search(specOf(question), {
    symmetry: false,
    statesMax: Number.POSITIVE_INFINITY,
  })
  return { distinctStates, depth, length: violation?.length ?? null, complete }
}

describe('the abstract specifications have the states that TLC finds in the TLA+ modules', () => {
  test.each(tlcRows)('%s with %i replicas, LogSize %i, MaxRecords %i, MaxLeaderEpoch %i', async (...row) => {
    const [spec, replicas, logSize, maxRecords, maxLeaderEpoch, distinctStates, depth, weakIsr, strongIsr] = row
    const bounds = { replicas, logSize, maxRecords, maxLeaderEpoch }
    const ask = (...invariants: readonly string[]) => explored({ spec, bounds, invariants })
    expect(await ask()).toEqual({ distinctStates, depth, length: null, complete: true })
    expect((await ask('WeakIsr')).length).toBe(weakIsr)
    expect((await ask('StrongIsr')).length).toBe(strongIsr)
  })

  test.each(largeTlcRows)(
    '%s with 3 replicas and everything else 2',
    async (spec, distinctStates, depth, length) => {
      const bounds = { replicas: 3, logSize: 2, maxRecords: 2, maxLeaderEpoch: 2 }
      expect(await explored({ spec, bounds, invariants: [] })).toEqual({
        distinctStates,
        depth,
        length: null,
        complete: true,
      })
      expect((await explored({ spec, bounds, invariants: null })).length).toBe(length)
    },
    120_000,
  )
})
