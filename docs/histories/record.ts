// `node docs/histories/record.ts OUT.ndjson [--acks 1]` records six producers and a group of two while the leader of a
// partition is cut off from the others and dies: what only it has is lost. With acks=all nothing of it was acknowledged.
//
//   npx lockstep verify OUT.ndjson
import { writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Cluster } from '../../impl/host/cluster.ts'
import type { HistorySettings } from '../../properties/history/history.ts'
import { Recorder } from './recorder.ts'

const topic = 'records'
const partitions = 2
const producerNames = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6']

/** Starts a cluster, records, and gives the history as text. `Clusters` may be a patched one. */
export async function record({ acks, Clusters }: RecordOptions): Promise<string> {
  const cluster = await Clusters.start({ brokers: 3, topicDefaults: { 'min.insync.replicas': '2' } })
  const recorder = new Recorder(cluster.addresses)
  try {
    await cluster.createTopic(topic, { partitions })
    const strength = { acks, idempotent: false }
    const producers = producerNames.map(name => ({
      name,
      send: recorder.producer(name, strength),
      sent: 0,
      isOver: false,
    }))
    for (const name of ['c1', 'c2']) await recorder.member(name, 'group', topic)
    const loads = producers.map(async producer => {
      while (!producer.isOver) {
        const values = [0, 1].map(part => `${producer.name}-${producer.sent}-${part}`)
        await producer.send(topic, producer.sent++ % partitions, values)
        await sleep(10)
      }
    })
    await sleep(500)
    const leader = cluster.leaderOf(topic, 0)
    for (const other of cluster.brokerIds) if (other !== leader) cluster.cut(leader, other)
    await sleep(300)
    await cluster.crash(leader)
    cluster.heal()
    await sleep(500)
    await cluster.restart(leader)
    await sleep(500)
    for (const producer of producers) producer.isOver = true
    await Promise.all(loads)
    await readToTheEnd(recorder, producers[0]?.send)
    return recorder.text(
      { ...settings, ...strength },
      `a leader is cut off and dies, acks=${acks === -1 ? 'all' : acks}`,
    )
  } finally {
    await recorder.close()
    await cluster.stop()
  }
}

type RecordOptions = { readonly acks: -1 | 1; readonly Clusters: typeof Cluster }

/** A last value in each partition says when a reader of its own has read everything. */
async function readToTheEnd(recorder: Recorder, send: ReturnType<Recorder['producer']> | undefined): Promise<void> {
  const last = Array.from({ length: partitions }, (_, partition) => `last-${partition}`)
  for (const [partition, value] of last.entries()) await send?.(topic, partition, [value])
  const reader = await recorder.member('reader', 'readers', topic)
  for (let tries = 0; !last.every(value => reader.seen.has(value)); tries++) {
    if (tries === 300) throw new Error('the last records were not read within 30 s')
    await sleep(100)
  }
}

const settings: Omit<HistorySettings, 'acks' | 'idempotent'> = {
  retries: true,
  // A producer waits for each answer before it sends again.
  maxInFlight: 1,
  transactions: false,
  isolation: 'read_uncommitted',
  commitsAfterProcessing: true,
  minInSyncReplicas: 2,
  uncleanLeaderElection: false,
  cleanupPolicy: 'delete',
  recordsDeleted: false,
  groupsForgotten: false,
  leaderChanges: 1,
  replicasLost: 1,
  readToEnd: true,
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const { positionals, values } = parseArgs({
    options: { acks: { type: 'string', default: 'all' } },
    allowPositionals: true,
  })
  const [out] = positionals
  if (out === undefined) throw new Error('Give the file to write: node docs/histories/record.ts OUT.ndjson [--acks 1]')
  writeFileSync(out, await record({ acks: values.acks === '1' ? 1 : -1, Clusters: Cluster }))
}
