import { describe, expect, test } from 'vitest'
import type { ReplicationBounds } from '../../model/abstract/replication.ts'
import type { Spec } from '../../model/abstract/spec.ts'
import { exportOfPatched } from '../subjects/patched.ts'
import { search } from './search.ts'
import { specOf } from './specs.ts'

const minute = { timeout: 60_000 }
const options = { symmetry: true, statesMax: 1_500_000 }

const two: ReplicationBounds = { replicas: 2, logSize: 2, maxRecords: 2, maxLeaderEpoch: 2 }
const three: ReplicationBounds = { replicas: 3, logSize: 1, maxRecords: 1, maxLeaderEpoch: 2 }

describe('KIP-320 with messages', minute, () => {
  test.each([
    [two, 96_949, 26],
    [{ ...three, maxLeaderEpoch: 1 }, 31_293, 27],
    [{ ...two, replicas: 3, maxLeaderEpoch: 1 }, 412_124, 34],
  ] as const)('keeps WeakIsr and StrongIsr with %j', async (bounds, distinctStates, depth) => {
    const found = await search(specOf({ spec: 'kip-320-messages', bounds, invariants: null }), options)
    expect(found).toMatchObject({ complete: true, violation: null, distinctStates, depth })
  })
})

// Without its guards each loosening is unsafe: whoever takes one away is shown what breaks.
describe('what keeps a loosening safe', minute, () => {
  const guards: readonly (readonly [string, string, string, string, ReplicationBounds, string, number])[] = [
    [
      'a leader does not stop waiting for somebody who can be elected',
      'leader.ts',
      '|| isIn(electable, member.index)',
      '|| electable < 0',
      two,
      'StrongIsr',
      7,
    ],
    [
      'the controller adds nobody whom the leader does not wait for',
      'controller.ts',
      '|| !isIn(leader.inSyncReplicas, index)',
      '',
      two,
      'StrongIsr',
      8,
    ],
    [
      'who is waited for has everything below the high watermark',
      'leader.ts',
      '|| !isSameBelow(leader, replica, leader.highWatermark)',
      '',
      two,
      'WeakIsr',
      9,
    ],
    [
      'a follower does not cut what its leader has',
      'follower.ts',
      '|| isSameAt(source, follower, last)',
      '',
      two,
      'WeakIsr',
      9,
    ],
    [
      'a follower does not learn a high watermark that its leader has not',
      'follower.ts',
      'Math.min(source.highWatermark, follower.logEndOffset)',
      'follower.logEndOffset',
      three,
      'WeakIsr',
      10,
    ],
    [
      'a leader does not count a follower in an older epoch',
      'leader.ts',
      'member.leaderEpoch >= leader.leaderEpoch && isSameAt',
      'isSameAt',
      three,
      'WeakIsr',
      14,
    ],
    [
      'who is waited for has everything from before the epoch (KAFKA-7128)',
      'leader.ts',
      'isSameBelow(leader, replica, startOfEpoch(leader))',
      'startOfEpoch(leader) >= 0',
      three,
      'StrongIsr',
      14,
    ],
    ['a leader that never led answers nobody', 'state.ts', '|| left.logEndOffset === -1', '', three, 'WeakIsr', 15],
  ]
  test.each(guards)('%s', async (name, file, find, replace, bounds, invariant, length) => {
    const patch = { file: `model/abstract/messages/${file}`, find, replace }
    const make = await exportOfPatched({ name, patches: [patch] }, 'model/abstract/messages/spec.ts', 'messagesSpec')
    const { violation } = await search((make as (bounds: ReplicationBounds) => Spec)(bounds), options)
    expect(violation).toMatchObject({ invariant, length })
  })
})
