import { expect, test } from 'vitest'
import { setup } from '../cluster/examples.ts'
import { asking, image, partition, shown } from '../controller/examples.ts'
import { append, logAfter, plain, plainConfig } from '../log/examples.ts'
import { followerFetches } from './fetch.ts'
import { advanceHighWatermark, checkInSync, maybeExpand, proposalLost } from './leader.ts'
import { offsetsListed, produced } from './produce.ts'
import { learnState } from './role.ts'
import { type Replica, type Surroundings, withLeader } from './state.ts'

const around: Surroundings = {
  brokerId: 1,
  brokerEpoch: 1,
  registered: true,
  now: 0,
  config: setup.broker,
  image: image(),
}

/** Broker 1 leads `t/0`, whose log ends at 3; its followers have fetched up to some offsets. */
function leading(inSyncReplicas: readonly number[], fetched: readonly [number, number]): Replica {
  const log = logAfter(plainConfig, append(0, plain(), plain(), plain()))
  const fresh: Replica = { topic: 't', partition: 0, log, leaderEpoch: -1, partitionEpoch: -1, role: { kind: 'none' } }
  const led = learnState(fresh, around, partition({ inSyncReplicas }), 1).replica
  if (led.role.kind !== 'leader') throw new Error('it does not lead')
  const followers = led.role.followers.map((follower, i) => ({
    ...follower,
    fetchOffset: fetched[i] ?? -1,
    brokerEpoch: [2, 3][i] ?? -1,
  }))
  return withLeader(led, { followers })
}

function watermark(replica: Replica): number {
  return advanceHighWatermark(replica, around, 1).replica.log.highWatermark
}

test('the high watermark waits for the maximal set, and stands still below min.insync.replicas', () => {
  expect(watermark(leading([1, 2, 3], [3, 1]))).toBe(1)
  expect(watermark(leading([1, 2], [2, 1]))).toBe(2)
  expect(watermark(leading([1], [3, 3]))).toBe(0)
  const proposal = { inSyncReplicas: [1, 2, 3], members: [], sending: { kind: 'again' } } as const
  expect(watermark(withLeader(leading([1, 2], [2, 1]), { proposal }))).toBe(1)
})

test('a follower joins only with everything from before this leadership, and under its registered epoch', () => {
  const proposed = (replica: Replica, seen = around) => shown(maybeExpand(replica, seen, 3, 1).sends)
  expect(proposed(leading([1, 2], [3, 3]))).toEqual(['ctl AlterPartition'])
  // KAFKA-7128: the high watermark of a new leader lags.
  expect(proposed(leading([1, 2], [3, 2]))).toEqual([])
  expect(proposed(leading([1, 2], [3, 3]), { ...around, image: image(partition(), [3]) })).toEqual([])
  const other = withLeader(leading([1, 2], [3, 3]), {
    followers: [{ brokerId: 3, fetchOffset: 3, brokerEpoch: 2, lastCaughtUp: 0, lastFetch: null }],
  })
  expect(proposed(other)).toEqual([])
})

test('who lags longer than the lag time is left out; a lost proposal is sent again', () => {
  const replica = leading([1, 2, 3], [3, 1])
  expect(checkInSync(replica, { ...around, now: 1_000 }, 1).replica).toBe(replica)
  const shrunk = checkInSync(replica, { ...around, now: 1_001 }, 1)
  expect(shrunk.replica.role).toMatchObject({ proposal: { inSyncReplicas: [1, 2] } })
  expect(checkInSync(shrunk.replica, around, 2).sends).toEqual([])
  expect(shown(checkInSync(proposalLost(shrunk.replica), around, 2).sends)).toEqual(['ctl AlterPartition'])
})

test('acks=all needs enough replicas before the append; acks=0 is never answered', () => {
  const records = [{ producerId: -1, producerEpoch: -1, baseSequence: -1, records: [plain()] }]
  const asked = { kind: 'Produce', correlationId: 4, topic: 't', partition: 0, timeoutMs: 50, records } as const
  const few = leading([1], [3, 3])
  expect(produced(few, around, asking, { ...asked, acks: -1 }, 1)).toMatchObject({
    replica: few,
    sends: [{ message: { error: 'NOT_ENOUGH_REPLICAS', baseOffset: -1 } }],
  })
  expect(produced(few, around, asking, { ...asked, acks: 1 }, 1).sends).toMatchObject([{ message: { baseOffset: 3 } }])
  expect(produced(few, around, asking, { ...asked, acks: 0 }, 1).sends).toEqual([])
  const waits = produced(leading([1, 2, 3], [3, 3]), around, asking, { ...asked, acks: -1 }, 1)
  expect(waits.sends).toEqual([])
  expect(waits.replica.role).toMatchObject({ waiting: [{ endOffset: 4, writer: { baseOffset: 3, deadline: 50 } }] })
})

test('a leader whose high watermark lags behind its epoch does not tell the end (KIP-207)', () => {
  const asked = { kind: 'ListOffsets', correlationId: 2, topic: 't', partition: 0, currentLeaderEpoch: 0 } as const
  const listed = (replica: Replica, timestamp: number) =>
    offsetsListed(replica, asking, { ...asked, timestamp }).message
  const lagging = leading([1, 2, 3], [3, 1])
  expect(listed(lagging, -1)).toMatchObject({ error: 'OFFSET_NOT_AVAILABLE', offset: -1, leaderEpoch: -1 })
  expect(listed(lagging, -2)).toMatchObject({ error: 'NONE', offset: 0 })
  const sure = advanceHighWatermark(leading([1, 2, 3], [3, 3]), around, 1).replica
  expect(listed(sure, -1)).toMatchObject({ error: 'NONE', offset: 3, leaderEpoch: 0 })
})

test('a follower that speaks of another epoch, or for an older process, is refused; one with an unknown epoch diverges', () => {
  const fetch = (epochs: readonly [number, number, number], fetchOffset: number) =>
    followerFetches(
      leading([1, 2, 3], [3, 3]),
      around,
      asking,
      {
        kind: 'Fetch',
        correlationId: 8,
        topic: 't',
        partition: 0,
        replicaId: 3,
        replicaEpoch: epochs[0],
        currentLeaderEpoch: epochs[1],
        fetchOffset,
        lastFetchedEpoch: epochs[2],
        logStartOffset: 0,
      },
      1,
    ).sends.map(({ message }) => message)
  expect(fetch([3, 1, 0], 3)).toMatchObject([{ error: 'UNKNOWN_LEADER_EPOCH' }])
  expect(fetch([2, 0, 0], 3)).toMatchObject([{ error: 'NOT_LEADER_OR_FOLLOWER' }])
  expect(fetch([3, 0, 0], 5)).toMatchObject([{ error: 'NONE', divergingEpoch: { epoch: 0, endOffset: 3 } }])
  expect(fetch([3, 0, 0], 3)).toEqual([])
})
