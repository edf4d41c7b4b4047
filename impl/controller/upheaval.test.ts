// Everything at once: partitions move, settings change, topics come and go, while brokers and the controller are killed
// and links are cut. As long as page caches survive, nothing that was acknowledged is lost, whoever leads.
import { expect, test } from 'vitest'
import { Random } from '../../properties/random.ts'
import { LastingTestCluster } from '../../properties/simulation/lasting-cluster.ts'

const brokers = 5

test('nothing acknowledged is lost, reassignments end, and deleted topics leave nothing behind', () => {
  let acknowledged = 0
  for (let seed = 1; seed <= 15; seed++) acknowledged += run(seed)
  expect(acknowledged).toBeGreaterThan(200)
}, 60_000)

/** One run; answers how many records were acknowledged. */
function run(seed: number): number {
  const random = new Random(seed)
  const cluster = new LastingTestCluster(brokers, { brokers })
  cluster.createTopic(
    't',
    [
      [1, 2, 3],
      [3, 4, 5],
    ],
    { 'min.insync.replicas': '2' },
  )
  cluster.openProducer()
  const places = new Map<string, number>()
  for (let step = 0; step < 60; step++) {
    if (random.chance(0.5)) {
      const partition = random.below(2)
      places.set(`${seed}-${step}`, partition)
      cluster.send('t', partition, `${seed}-${step}`)
    }
    disturb(cluster, random)
  }
  cluster.cluster.apply({ kind: 'healAll' })
  for (const [endpoint, process] of cluster.cluster.brokers) {
    if (process.status === 'down') cluster.do({ kind: 'restart', broker: Number(endpoint.slice(1)) })
  }
  cluster.elapse(60_000)
  expect(cluster.administration.listReassignments(null), `seed ${seed}`).toEqual([])
  const topics = cluster.image.topics.map(({ topic }) => topic)
  for (const [endpoint, process] of cluster.cluster.brokers) {
    for (const { topic } of process.list()) expect(topics, `seed ${seed}, ${endpoint}`).toContain(topic)
  }
  for (const partition of [0, 1]) {
    const state = cluster.partition('t', partition)
    const where = `seed ${seed}, partition ${partition}`
    expect(state?.inSyncReplicas, where).toEqual(state?.replicas.toSorted())
    const kept = cluster.values(state?.leader ?? -1, 't', partition)
    const ought = cluster.acknowledged().filter(value => places.get(value) === partition)
    expect(kept, where).toEqual(expect.arrayContaining(ought))
    expect(new Set(kept).size, where).toBe(kept.length)
    for (const broker of state?.replicas ?? []) expect(cluster.values(broker, 't', partition), where).toEqual(kept)
  }
  return cluster.acknowledged().length
}

function disturb(cluster: LastingTestCluster, random: Random): void {
  const broker = 1 + random.below(brokers)
  const endpoint = `b${broker}`
  const other = random.pick(['ctl', 'b1', 'b2', 'b3', 'b4', 'b5', 'p1'])
  const { administration } = cluster
  switch (random.below(14)) {
    case 0:
      cluster.cluster.apply({ kind: 'crash', broker, damage: { kind: 'kept' }, indexes: 'kept', late: false })
      break
    case 1:
    case 2:
      cluster.cluster.apply({ kind: 'restart', broker })
      break
    case 3:
      cluster.cluster.apply({ kind: 'cut', from: endpoint, to: other })
      cluster.cluster.apply({ kind: 'cut', from: other, to: endpoint })
      break
    case 4:
      cluster.cluster.apply({ kind: 'healAll' })
      break
    case 5: {
      const replicas = random.chance(0.2) ? null : sample(random)
      administration.alterReassignments([{ topic: 't', partition: random.below(2), replicas }])
      break
    }
    case 6: {
      const change = { name: 'min.insync.replicas', operation: 'SET', value: String(1 + random.below(3)) } as const
      administration.incrementalAlterConfigs([{ type: 'topic', name: 't', changes: [change] }], false)
      break
    }
    case 7:
      cluster.restartController()
      break
    case 8:
      if (random.chance(0.3)) cluster.killAll()
      break
    case 9: {
      const topic = random.pick(['u', 'v'])
      const numbers = { partitions: 2, replicationFactor: 2, assignments: [], settings: [] }
      if (cluster.administration.topicId(topic) !== null) administration.deleteTopics([{ topic, topicId: null }])
      else administration.createTopics([{ topic, ...numbers }], false)
      break
    }
    case 10:
      administration.electLeaders(null, 'preferred')
      break
    case 11:
      for (let n = random.below(20); n > 0; n--) {
        cluster.cluster.apply({
          kind: 'deliver',
          from: random.pick([endpoint, 'ctl']),
          to: random.pick([other, endpoint]),
        })
      }
      break
    default:
      cluster.elapse(random.pick([0, 500, 2000, 7000, 15_000]))
  }
}

/** One to three brokers. */
function sample(random: Random): readonly number[] {
  const ids = Array.from({ length: brokers }, (_, index) => index + 1)
  return Array.from({ length: 1 + random.below(3) }, () => ids.splice(random.below(ids.length), 1)[0] ?? 1)
}
