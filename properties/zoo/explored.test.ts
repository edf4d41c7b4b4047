// The explorer's column of `lockstep zoo`: where a bug lives in an abstract specification, the shortest way to be hurt by
// it is found there. The numbers stand in the bugs' files; here is where they come from.
import { describe, expect, test } from 'vitest'
import { search } from '../explore/search.ts'
import { type SpecName, specOf } from '../explore/specs.ts'
import { exportOfPatched } from '../subjects/patched.ts'
import { plantedBugs } from './bugs.ts'
import type { Patch } from './planted-bug.ts'

const bounds = { replicas: 3, logSize: 2, maxRecords: 2, maxLeaderEpoch: 2 }

/** The rule that had the bug, or the present one with the mistake put into it. */
const origins: Readonly<Record<string, SpecName | { readonly spec: SpecName; readonly patch: Patch }>> = {
  'truncates-to-the-high-watermark': 'truncate-to-high-watermark',
  'truncation-ignores-the-epoch': 'kip-101',
  'unfenced-fetch': 'kip-279',
  'joins-at-the-stale-watermark': {
    spec: 'kip-320',
    patch: {
      file: 'model/abstract/fencing.ts',
      find: 'hasOffset(replica, leader.highWatermark - 1)) &&\n    hasHighWatermarkReachedEpoch(leader)',
      replace: 'hasOffset(replica, leader.highWatermark - 1))',
    },
  },
  'pending-expansion-not-counted': {
    spec: 'kip-320-messages',
    patch: {
      file: 'model/abstract/messages/controller.ts',
      find: '|| !isIn(leader.inSyncReplicas, index)',
      replace: '',
    },
  },
}

async function shortest(name: string): Promise<number | null> {
  const origin = origins[name]
  if (origin === undefined) return null
  const isRule = typeof origin === 'string'
  const question = { spec: isRule ? origin : origin.spec, bounds, invariants: ['StrongIsr'] }
  const make = isRule
    ? specOf
    : ((await exportOfPatched(
        { name: `explored-${name}`, patches: [origin.patch] },
        'properties/explore/specs.ts',
        'specOf',
      )) as typeof specOf)
  const { violation } = await search(make(question), { symmetry: true, statesMax: 2_000_000 })
  return violation?.length ?? null
}

describe('the shortest counter-example that the explorer knows', () => {
  test.each(plantedBugs.map(bug => [bug.name, bug.shortestCounterExample] as const))(
    '%s: %s',
    async (name, known) => {
      expect(await shortest(name)).toBe(known)
    },
    60_000,
  )
})
