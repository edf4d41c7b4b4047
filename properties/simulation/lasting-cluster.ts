// A simulated cluster that outlives its processes, for tests: its controller keeps its decisions on a simulated disk, its
// brokers register when they start, and all of it can be killed at once.
import type { Administration } from '../../impl/controller/administration.ts'
import { openDecisions } from '../../impl/controller/decision-log.ts'
import type { LastingCluster } from '../../impl/controller/lasting-cluster.ts'
import { kafkaDefaults } from '../../impl/controller/topic-settings.ts'
import { decodeBatches } from '../../impl/log/codec.ts'
import type { ClusterImage } from '../../impl/ports/image.ts'
import type { Replica } from '../../impl/replica/replica.ts'
import type { ClusterOperation, ClusterSetup } from '../../model/vocabulary/cluster.ts'
import type { CrashDamage } from '../../model/vocabulary/log.ts'
import type { PartitionState } from '../../model/vocabulary/messages.ts'
import { SimulatedCluster } from './cluster.ts'
import { SimulatedDisk } from './disk.ts'
import { plainSetup } from './test-cluster.ts'

/** A running cluster, at first with brokers 1 to `started`. */
export class LastingTestCluster {
  readonly controllerDisk = new SimulatedDisk()
  readonly cluster: SimulatedCluster
  #topicIds = 0
  /** The value of each of p1's batches. */
  readonly #sent: string[] = []

  constructor(started = 3, setup: Partial<ClusterSetup> = {}) {
    const { decisions } = openDecisions(this.controllerDisk)
    this.cluster = new SimulatedCluster({ ...plainSetup, ...setup }, this.#lasting(decisions))
    this.start(...Array.from({ length: started }, (_, index) => index + 1))
  }

  get administration(): Administration {
    return this.cluster.controller.administration
  }

  get image(): ClusterImage {
    return this.cluster.controller.image
  }

  /** Carries operations out, and expects that each applies. */
  do(...operations: readonly ClusterOperation[]): void {
    for (const operation of operations) {
      const outcome = this.cluster.apply(operation)
      if (outcome.kind === 'nothing' || outcome.kind === 'error') {
        throw new Error(`${operation.kind} answered ${JSON.stringify(outcome)}`)
      }
    }
  }

  /** Lets time pass and messages arrive. */
  elapse(ms: number): void {
    this.do({ kind: 'elapse', ms })
  }

  /** Starts brokers, one after the other, each until it is quiet; one that runs is stopped cleanly first. */
  start(...brokers: readonly number[]): void {
    for (const broker of brokers) this.do({ kind: 'restart', broker }, { kind: 'settle' })
    this.elapse(1000)
  }

  /** Kills every broker that runs and the controller, which starts again at once. */
  killAll(damage: CrashDamage = { kind: 'kept' }): void {
    for (const broker of this.cluster.brokers.keys()) {
      const crash = { kind: 'crash', broker: Number(broker.slice(1)), damage, indexes: 'kept', late: false } as const
      this.cluster.apply(crash)
    }
    this.restartController()
  }

  /** Kills the controller and its machine, and starts it again over its disk. */
  restartController(): void {
    this.controllerDisk.crash({ kind: 'lost' }, 'lost')
    const { kept, decisions } = openDecisions(this.controllerDisk)
    if (kept === null) throw new Error('the controller has kept nothing')
    this.cluster.restartController(this.#lasting(decisions), kept)
  }

  /** Creates a topic, and expects that it can be. */
  createTopic(topic: string, assignment: readonly (readonly number[])[], settings: Record<string, string> = {}): void {
    const assignments = assignment.map((brokerIds, partition) => ({ partition, brokerIds }))
    const asked = {
      topic,
      partitions: -1,
      replicationFactor: -1,
      assignments,
      settings: Object.entries(settings).map(([name, value]) => ({ name, value })),
    }
    for (const { error, message } of this.administration.createTopics([asked], false)) {
      if (error !== 'NONE') throw new Error(`${error}: ${message}`)
    }
    this.do({ kind: 'settle' })
  }

  /** Opens p1 anew, which waits for all replicas in sync. */
  openProducer(): void {
    this.do({ kind: 'openProducer', producer: 'p1', acks: -1, idempotent: true, partitioner: 'sticky' })
  }

  /** Hands p1 one record, which is a batch of its own. */
  send(topic: string, partition: number, value: string): void {
    this.#sent.push(value)
    this.do({ kind: 'send', producer: 'p1', topic, partition, records: [{ key: 'k', value }], draw: 0 })
  }

  /** The values that p1 was told are kept. */
  acknowledged(): readonly string[] {
    const { completed = [] } = this.cluster.producers.get('p1')?.client.observe() ?? {}
    return completed.flatMap(({ batch, result }) => (result.kind === 'acknowledged' ? [this.#sent[batch] ?? ''] : []))
  }

  /** The values in a replica's log, in their order. */
  values(broker: number, topic: string, partition = 0): readonly string[] {
    const log = this.replica(broker, topic, partition)?.log
    if (log === undefined) return []
    return decodeBatches(log.read(log.logStartOffset, log.logEndOffset, 1_000_000).bytes).flatMap(({ records }) =>
      records.map(({ value }) => value ?? ''),
    )
  }

  /** What the controller has decided about a partition. */
  partition(topic: string, partition = 0): PartitionState | undefined {
    return this.image.partitions.find(state => state.topic === topic && state.partition === partition)
  }

  /** A replica on a broker that runs, or undefined. */
  replica(broker: number, topic: string, partition = 0): Replica | undefined {
    return this.cluster.brokers.get(`b${broker}`)?.broker?.replica(topic, partition)
  }

  #lasting(decisions: LastingCluster['decisions']): LastingCluster {
    return {
      clusterId: 'simulated',
      decisions,
      drawTopicId: () => String(++this.#topicIds).padStart(32, '0'),
      draw: () => 0,
      topicDefaults: { ...kafkaDefaults, minInSyncReplicas: 2 },
      partitionsDefault: 1,
      replicationFactorDefault: 3,
      brokerSettings: [{ name: 'auto.create.topics.enable', type: 'BOOLEAN', value: 'false' }],
    }
  }
}
