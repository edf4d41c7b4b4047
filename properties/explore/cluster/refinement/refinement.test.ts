import { describe, expect, test } from 'vitest'
import { messagesSpec } from '../../../../model/abstract/messages/spec.ts'
import { readTrace } from '../../../../traces/read.ts'
import { runLockstep } from '../../../lockstep.ts'
import { clusterScope } from '../../../scopes/cluster.ts'
import { exportOfPatched } from '../../../subjects/patched.ts'
import type { Patch } from '../../../zoo/planted-bug.ts'
import { searchCluster } from '../search.ts'
import { type ClusterBounds, clusterBounds, clusterSetup } from '../world.ts'
import { abstractBounds, Refinement } from './refinement.ts'
import { unrefinedStep } from './replay.ts'

const minute = { timeout: 60_000 }
const statesMax = 20_000

describe('every step of a small cluster is made of steps of the abstract specification', minute, () => {
  const needed = new Set<string>()

  test.each([
    [{ elections: 0 }, 7, 0],
    [{ elections: 1 }, 638, 0],
    [{ elections: 2 }, 4455, 0],
    [{ elections: 2, minInSyncReplicas: 1 }, 5551, 0],
    [{ elections: 1, records: 2 }, 4572, 0],
    [{ elections: 1, disconnects: 1 }, 4297, 0],
    [{ elections: 1, brokers: 3 }, 15_127, 0],
    [{ elections: 0, crashes: 1 }, 9654, 891],
  ] as const)('with %j: %i steps, but %i', async (given, refinementSteps, refinementSkipped) => {
    const bounds = clusterBounds(given)
    const refinement = new Refinement(abstractBounds(bounds))
    const found = await searchCluster(bounds, { statesMax, refinement })
    for (const name of refinement.actions.keys()) needed.add(name)
    expect(found).toMatchObject({ complete: true, violation: null, refinementSteps, refinementSkipped })
    // More than were generated where a state has been reached with different memories of old epochs.
    expect(refinementSteps + refinementSkipped).toBeGreaterThanOrEqual(found.generatedStates - 1)
  })

  test('and every one of its actions is needed', () => {
    const { actions } = messagesSpec({ replicas: 2, logSize: 1, maxRecords: 1, maxLeaderEpoch: 1 })
    expect([...needed].sort()).toEqual(actions.map(({ name }) => name).sort())
  })
})

describe('a wrong model is noticed by refinement alone:', minute, () => {
  type Mutant = readonly [name: string, patch: Patch, bounds: Partial<ClusterBounds>, length: number, change: string]
  const mutants: readonly Mutant[] = [
    [
      'the high watermark rises when one replica has the record',
      {
        file: 'model/replica/leader.ts',
        find: 'Math.min(least, offset), logEndOffset(log))',
        replace: 'Math.max(least, offset), 0)',
      },
      { elections: 0 },
      5,
      'b1 highWatermark 0 → 1, b1 logEndOffset 0 → 1',
    ],
    [
      'a new follower cuts its log at its high watermark (before KIP-101)',
      {
        file: 'model/replica/role.ts',
        find: 'const following: Replica = {\n    ...replica,',
        replace: `const following: Replica = {
          ...replica,
          log: { ...replica.log, segments: replica.log.segments.map(segment => ({
            ...segment,
            batches: segment.batches.filter(batch => batch.lastOffset < replica.log.highWatermark),
          })) },`,
      },
      { elections: 1 },
      7,
      'b1 logEndOffset 1 → 0',
    ],
    [
      'a follower takes what the leader of another epoch answered',
      {
        file: 'model/replica/follower.ts',
        find: 'if (role.fetch.correlationId !== response.correlationId) return unchanged(replica, next)',
        replace: '',
      },
      { elections: 1, brokers: 3 },
      8,
      'b3 logEndOffset 0 → 1',
    ],
    [
      'a leader adds a replica that lacks what is below the high watermark',
      { file: 'model/replica/leader.ts', find: 'progress.fetchOffset >= log.highWatermark &&', replace: '' },
      { elections: 0, crashes: 1, minInSyncReplicas: 1 },
      16,
      'b1 inSyncReplicas {b1} → {b1 b2}',
    ],
    [
      'a leader adds a replica that lacks what is from before its epoch (KAFKA-7128)',
      { file: 'model/replica/leader.ts', find: 'progress.fetchOffset >= role.leaderEpochStartOffset &&', replace: '' },
      { elections: 0, crashes: 1 },
      17,
      'b2 inSyncReplicas {b2} → {b1 b2}',
    ],
    [
      'a leader does not wait for whom it has proposed',
      {
        file: 'model/replica/leader.ts',
        find: 'const committed = maximalInSync(role)',
        replace: 'const committed = role.inSyncReplicas',
      },
      { elections: 0, crashes: 1, minInSyncReplicas: 1 },
      16,
      'b1 highWatermark 0 → 1',
    ],
  ]
  const blind: NonNullable<Parameters<typeof searchCluster>[1]['check']> = history => ({ history, violation: null })

  test.each(mutants)('%s', async (name, patch, bounds, length, change) => {
    const searchPatched = await exportOfPatched(
      { name, patches: [patch] },
      'properties/explore/cluster/search.ts',
      'searchCluster',
    )
    const search = searchPatched as typeof searchCluster
    const { violation } = await search(clusterBounds(bounds), { statesMax, check: blind })
    expect(violation).toMatchObject({ violation: { claim: 'Refinement' }, length })
    expect(violation?.violation.sentence).toContain(change)
  })
})

describe('an AlterPartition request that is processed after its own repetition', () => {
  // Not planted: Kafka's rule, and ours (cluster.md §4.7). docs/exploration.md tells the tale.
  const trace = readTrace('properties/explore/cluster/refinement/late-alter-partition.json')
  const { setup, operations } =
    trace.scope === 'cluster' ? trace : { setup: clusterSetup(clusterBounds({})), operations: [] }
  const late = operations.findIndex(({ kind }) => kind === 'deliverLate')

  test('adds a replica that the leader does not wait for, which is no step of the abstract specification', () => {
    expect(unrefinedStep(setup, operations)).toEqual({
      sentence: 'no steps of kip-320-messages do this: quorum.inSyncReplicas {b1 b2} → {b1 b2 b3}',
      step: late,
    })
    expect(unrefinedStep(setup, operations.slice(0, late))).toBeNull()
  })

  test('and breaks L2 as soon as something is committed without it', () => {
    expect(runLockstep(setup, operations, clusterScope.subject).verdict).toMatchObject({
      kind: 'violation',
      claim: 'L2',
      sentence: 'b3 is in sync for t/0 and ends at 0, below the high watermark 1',
      step: operations.length - 1,
    })
  })
})

test('a trace that does not begin as exploration does is not judged', () => {
  const bounds = clusterBounds({})
  expect(unrefinedStep(clusterSetup(bounds), [{ kind: 'settle' }])).toBeNull()
})
