import { expect, test } from 'vitest'
import { cluster, decided, history, leader, nothingYet, producer, replica, transition } from './examples.ts'
import { historyOf, remember } from './history.ts'

const healthy = cluster([leader(), replica(), replica()])

test('an acknowledgement is remembered as a promise at its offsets, the first of the log among them', () => {
  const sent = { p1: [{ topic: 't', acks: -1 as const, records: [{ key: 'k', value: 'v' }] }] }
  const told = (offset: number) => {
    const completed = [{ batch: 0, topic: 't', partition: 0, result: { kind: 'acknowledged' as const, offset } }]
    const before = { ...healthy, producers: { p1: producer() } }
    const after = { ...healthy, producers: { p1: producer({ completed }) } }
    return historyOf(remember(history({}, { sent }), transition(before, after)), 't', 0)?.acknowledged
  }
  expect(told(0)).toEqual([{ offset: 0, key: 'k', value: 'v' }])
  expect(told(2)).toEqual([{ offset: 2, key: 'k', value: 'v' }])
  // Nobody was told where it is.
  expect(told(-1)).toEqual([])
})

test('every leader of an epoch is remembered once', () => {
  const leadersOf = (known: ReturnType<typeof remember>) => historyOf(known, 't', 0)?.leaders
  const first = remember(history(), transition(nothingYet, healthy))
  expect(leadersOf(first)).toEqual([{ brokerId: 1, leaderEpoch: 0 }])
  const grown = cluster([leader({ highWatermark: 3 }), replica(), replica()])
  const again = remember(first, transition(healthy, grown))
  expect(leadersOf(again)).toEqual([{ brokerId: 1, leaderEpoch: 0 }])
  const moved = cluster(
    [leader({ highWatermark: 3 }), leader({ leaderEpoch: 1 }), replica()],
    decided({ leader: 2, leaderEpoch: 1 }),
  )
  const both = remember(again, transition(grown, moved))
  const later = cluster(
    [leader({ highWatermark: 3 }), leader({ leaderEpoch: 1, highWatermark: 3 }), replica()],
    decided({ leader: 2, leaderEpoch: 1 }),
  )
  expect(leadersOf(remember(both, transition(moved, later)))).toEqual([
    { brokerId: 1, leaderEpoch: 0 },
    { brokerId: 2, leaderEpoch: 1 },
  ])
})
