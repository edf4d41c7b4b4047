import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Broker } from '../broker/broker.ts'
import { Housekeeping } from './housekeeping.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A replica as housekeeping sees it, and what was done to it at which time. */
function replicaOf(partition: number, size = 0) {
  const did: { readonly what: string; readonly at: number }[] = []
  const note = (what: string) => () => {
    did.push({ what, at: Date.now() })
    return 'NONE' as const
  }
  const segment = { baseOffset: 0, size }
  const log = {
    offline: false,
    version: 0,
    config: { segmentBytes: 1000 },
    segments: [segment],
    checkpoint: note('checkpoint'),
    retain: note('retain'),
    clean: note('clean'),
  }
  return { topic: 't', partition, log, segment, did }
}

type Kept = ReturnType<typeof replicaOf>

/** A broker with these replicas, kept in order until the test is over. */
function keep(replicas: readonly Kept[]): Housekeeping {
  const broker = {
    replicas,
    administer: (_: string, partition: number, step: (replica: Kept) => string) =>
      step(replicas.find(one => one.partition === partition) ?? replicaOf(-1)),
  }
  // Housekeeping asks nothing else of a broker and its replicas.
  return new Housekeeping(
    step => step(broker as unknown as Broker),
    () => Date.now(),
  )
}

const times = ({ did }: Pick<Kept, 'did'>, what: string) => did.filter(one => one.what === what).map(({ at }) => at)

test('every replica that changed is checkpointed within five seconds, a few at a time', () => {
  const replicas = Array.from({ length: 200 }, (_, partition) => replicaOf(partition))
  const housekeeping = keep(replicas)
  const start = Date.now()
  vi.advanceTimersByTime(5000)
  for (const { log } of replicas) log.version++
  vi.advanceTimersByTime(5000)
  const all = replicas.flatMap(replica => times(replica, 'checkpoint'))
  const perStep = new Map<number, number>()
  for (const at of all) perStep.set(at, (perStep.get(at) ?? 0) + 1)
  expect(replicas.every(replica => times(replica, 'checkpoint').length >= 1)).toBe(true)
  expect(Math.max(...perStep.values())).toBeLessThanOrEqual(5)
  expect(Math.min(...all) - start).toBeGreaterThanOrEqual(5000)
  housekeeping.stop()
})

test('one that has not changed is left alone; retention and compaction come round for all', () => {
  const replica = replicaOf(0)
  const housekeeping = keep([replica])
  vi.advanceTimersByTime(60_000)
  expect(times(replica, 'checkpoint')).toHaveLength(1)
  expect(times(replica, 'clean').length).toBeGreaterThanOrEqual(3)
  expect(times(replica, 'retain')).toHaveLength(2)
  housekeeping.stop()
  vi.advanceTimersByTime(60_000)
  expect(times(replica, 'retain')).toHaveLength(2)
})
