// Topics come and go at brokers: what is deleted leaves nothing behind, and nothing else is ever taken for deleted.
import { expect, test } from 'vitest'
import { SimulatedDisk } from '../../properties/simulation/disk.ts'
import { LastingTestCluster } from '../../properties/simulation/lasting-cluster.ts'
import { kafkaDefaults } from '../controller/topic-settings.ts'
import type { Disk } from '../ports/disk.ts'
import { beginLog, openKnownLog, removeLog, type Storage } from './storage.ts'

function withRecords(): LastingTestCluster {
  const cluster = new LastingTestCluster()
  cluster.createTopic('t', [[1, 2, 3]])
  cluster.openProducer()
  for (const value of ['a', 'b']) cluster.send('t', 0, value)
  cluster.elapse(1000)
  return cluster
}

function remove(cluster: LastingTestCluster): void {
  expect(cluster.administration.deleteTopics([{ topic: 't', topicId: null }])).toMatchObject([{ error: 'NONE' }])
}

test('a deleted topic is gone from every broker, with its files; whoever waited is told', () => {
  const cluster = withRecords()
  // This one waits for a replica that hears nothing.
  cluster.do({ kind: 'cut', from: 'b1', to: 'b3' })
  cluster.send('t', 0, 'c')
  cluster.do({ kind: 'settle' })
  expect(cluster.acknowledged()).toEqual(['a', 'b'])
  remove(cluster)
  cluster.do({ kind: 'settle' })
  for (const broker of [1, 2, 3]) {
    expect(cluster.replica(broker, 't')).toBeUndefined()
    expect(cluster.cluster.brokers.get(`b${broker}`)?.list()).toEqual([])
  }
  // Nothing that was under way upsets anybody.
  cluster.do({ kind: 'healAll' })
  cluster.elapse(20_000)
  expect(cluster.acknowledged()).toEqual(['a', 'b'])
  expect(cluster.image.brokers.every(({ fenced }) => !fenced)).toBe(true)
})

test('a broker that was down when a topic was deleted removes it when it is back, and not before it is told', () => {
  const cluster = withRecords()
  cluster.do({ kind: 'crash', broker: 3, damage: { kind: 'kept' }, indexes: 'kept', late: false })
  remove(cluster)
  cluster.do({ kind: 'settle' }, { kind: 'cut', from: 'ctl', to: 'b3' }, { kind: 'restart', broker: 3 })
  cluster.elapse(5000)
  expect(cluster.values(3, 't')).toEqual(['a', 'b'])
  cluster.do({ kind: 'healAll' })
  cluster.elapse(5000)
  expect(cluster.replica(3, 't')).toBeUndefined()
  expect(cluster.cluster.brokers.get('b3')?.list()).toEqual([])
})

test('a topic that was deleted and created again has nothing of the old one, whatever a broker missed', () => {
  const cluster = withRecords()
  cluster.do({ kind: 'crash', broker: 3, damage: { kind: 'kept' }, indexes: 'kept', late: false })
  // Broker 2 does not hear of the deletion alone, only of what came after.
  cluster.do({ kind: 'cut', from: 'ctl', to: 'b2' })
  remove(cluster)
  cluster.do({ kind: 'settle' })
  cluster.createTopic('t', [[1, 2, 3]])
  cluster.do({ kind: 'healAll' }, { kind: 'restart', broker: 3 })
  cluster.elapse(10_000)
  expect([1, 2, 3].map(broker => cluster.values(broker, 't'))).toEqual([[], [], []])
  cluster.openProducer()
  cluster.send('t', 0, 'new')
  cluster.elapse(3000)
  expect([1, 2, 3].map(broker => cluster.values(broker, 't'))).toEqual([['new'], ['new'], ['new']])
})

test('a follower of a new topic does not take the records of the old one from a leader that has not heard', () => {
  const cluster = withRecords()
  const old = cluster.administration.topicId('t') ?? ''
  cluster.do({ kind: 'cut', from: 'ctl', to: 'b1' })
  remove(cluster)
  cluster.do({ kind: 'settle' })
  cluster.createTopic('t', [[1, 2, 3]])
  cluster.elapse(3000)
  // Broker 1 leads the old topic in epoch 0, and the new one has the same leader and epoch.
  expect(cluster.values(1, 't')).toEqual(['a', 'b'])
  expect([2, 3].map(broker => cluster.values(broker, 't'))).toEqual([[], []])
  // Nor does the controller take a wish of the old leader for one of the new.
  expect(cluster.partition('t')).toMatchObject({ leader: 1, leaderEpoch: 0, partitionEpoch: 0 })
  const [leader] = cluster.image.brokers
  const wish = {
    kind: 'AlterPartition',
    correlationId: 99,
    topic: 't',
    partition: 0,
    brokerId: 1,
    brokerEpoch: leader?.brokerEpoch ?? -1,
    leaderEpoch: 0,
    partitionEpoch: 0,
    newInSyncReplicas: leader === undefined ? [] : [leader],
  } as const
  const propose = (topicId: string) =>
    cluster.cluster.controller.receive({ endpoint: 'b1', connection: 0 }, { ...wish, topicId })
  propose(old)
  expect(cluster.partition('t')).toMatchObject({ inSyncReplicas: [1, 2, 3], partitionEpoch: 0 })
  propose(cluster.administration.topicId('t') ?? '')
  expect(cluster.partition('t')).toMatchObject({ inSyncReplicas: [1], partitionEpoch: 1 })
  cluster.do({ kind: 'healAll' })
  cluster.elapse(5000)
  expect(cluster.values(1, 't')).toEqual([])
})

test('a broker whose logs belong to another cluster refuses to be part of this one, and removes nothing', () => {
  const cluster = withRecords()
  const storage = cluster.cluster.brokers.get('b1')
  const disk = storage?.disk('t', 0)
  const file = 't-0/topic-settings'
  const settings = JSON.parse(new TextDecoder().decode(disk?.readWhole(file) ?? undefined))
  disk?.writeAtomic(file, new TextEncoder().encode(JSON.stringify({ ...settings, clusterId: 'another' })))
  remove(cluster)
  const broker = cluster.cluster.brokers.get('b1')
  let refusal: string | null = null
  cluster.do({ kind: 'restart', broker: 1 })
  for (let step = 0; step < 20 && broker?.broker !== null; step++) {
    cluster.cluster.apply({ kind: 'deliver', from: 'b1', to: 'ctl' })
    const running = broker?.broker
    cluster.cluster.apply({ kind: 'deliver', from: 'ctl', to: 'b1' })
    refusal ??= running?.refusal ?? null
  }
  expect(refusal).toContain('belongs to the cluster another')
  expect(broker?.status).toBe('down')
  expect(storage?.list()).toMatchObject([{ topic: 't', partition: 0 }])
})

test('a removal that was interrupted anywhere is finished at the next start', () => {
  for (let steps = 0; ; steps++) {
    const storage = new Interrupted()
    const origin = { topicId: '1', clusterId: 'c' }
    const log = beginLog(storage, 't', 0, kafkaDefaults, origin)
    log.assignEpoch(3)
    log.checkpoint()
    storage.stepsLeft = steps
    let isDone = true
    try {
      removeLog(storage, 't', 0, log)
    } catch {
      isDone = false
    }
    storage.stepsLeft = Number.POSITIVE_INFINITY
    const again = storage.isThere ? openKnownLog(storage, 't', 0) : null
    // Before the first step nothing has happened; after it the log is gone in any case.
    if (steps === 0) expect(again?.origin).toEqual(origin)
    else expect([again, storage.isThere, storage.files()]).toEqual([null, false, []])
    if (!isDone) continue
    expect(steps).toBeGreaterThan(4)
    break
  }
})

/** One disk that fails after some removals and writes. */
class Interrupted implements Storage {
  stepsLeft = Number.POSITIVE_INFINITY
  isThere = true
  readonly #disk = new SimulatedDisk()

  list() {
    return this.isThere ? [{ topic: 't', partition: 0 }] : []
  }

  disk(): Disk {
    const disk = this.#disk
    return {
      open: name => disk.open(name),
      readWhole: name => disk.readWhole(name),
      rename: (from, to) => disk.rename(from, to),
      list: folder => disk.list(folder),
      writeAtomic: (name, bytes) => {
        this.#step()
        disk.writeAtomic(name, bytes)
      },
      writeHint: (name, bytes) => disk.writeHint(name, bytes),
      remove: names => {
        for (const name of names) {
          this.#step()
          disk.remove([name])
        }
      },
    }
  }

  forget(): void {
    this.#step()
    this.isThere = false
  }

  files(): readonly string[] {
    return this.#disk.list('t-0')
  }

  #step(): void {
    if (this.stepsLeft-- <= 0) throw new Error('killed')
  }
}
