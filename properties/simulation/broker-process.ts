// The process of one simulated broker: its clock and disks outlive it, the `Broker` object does not.
// docs/protocol/cluster.md §4.1.
import { Broker, type BrokerOptions } from '../../impl/broker/broker.ts'
import type { Storage } from '../../impl/broker/storage.ts'
import { brokerEndpoint, type Network } from '../../impl/ports/network.ts'
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { ClusterSetup, Endpoint } from '../../model/vocabulary/cluster.ts'
import type { CrashDamage } from '../../model/vocabulary/log.ts'
import type { MetadataImage } from '../../model/vocabulary/messages.ts'
import type { BrokerEpoch, PartitionIndex } from '../../model/vocabulary/units.ts'
import { SimulatedClock } from './clock.ts'
import { SimulatedDisk } from './disk.ts'

/** One broker, running or not. */
export class BrokerProcess implements Storage {
  readonly endpoint: Endpoint
  readonly clock = new SimulatedClock()
  readonly #options: BrokerOptions
  readonly #disks = new Map<string, TopicPartition & { readonly disk: SimulatedDisk }>()
  #broker: Broker | null
  #paused = false
  /** What the clean-shutdown file says. */
  #keptBrokerEpoch: BrokerEpoch = -1
  #version = 0

  /**
   * Starts as one of the brokers with which the cluster begins: with an epoch of its id. Without an image it is down, and
   * is to register when it is started.
   */
  constructor(brokerId: number, setup: ClusterSetup, network: Network, image: MetadataImage | null) {
    this.endpoint = brokerEndpoint(brokerId)
    const { clock } = this
    const options = { brokerId, config: setup.broker, groupConfig: setup.group, network, clock, storage: this }
    if (image === null) {
      const place = { host: this.endpoint, port: 9092, rack: null }
      this.#options = { ...options, place }
      this.#broker = null
    } else {
      this.#options = options
      this.#broker = Broker.begin(this.#options, brokerId, image)
    }
  }

  /** The running or paused broker, or null. */
  get broker(): Broker | null {
    return this.#broker
  }

  get status(): 'running' | 'paused' | 'down' {
    if (this.#broker === null) return 'down'
    return this.#paused ? 'paused' : 'running'
  }

  /** Rises with everything that happens to it but the passing of time. */
  get version(): number {
    return this.#version
  }

  list(): readonly TopicPartition[] {
    return Array.from(this.#disks.values())
  }

  disk(topic: string, partition: PartitionIndex): SimulatedDisk {
    const key = `${topic}-${partition}`
    const known = this.#disks.get(key)
    if (known !== undefined) return known.disk
    const disk = new SimulatedDisk()
    this.#disks.set(key, { topic, partition, disk })
    return disk
  }

  forget(topic: string, partition: PartitionIndex): void {
    this.#disks.delete(`${topic}-${partition}`)
  }

  /** Starts a process that is down. */
  start(): void {
    this.#version++
    const kept = this.#keptBrokerEpoch
    this.#keptBrokerEpoch = -1
    this.#paused = false
    this.#broker = Broker.startAgain(this.#options, kept)
  }

  /** Shuts down cleanly. */
  stop(): void {
    this.#version++
    this.#keptBrokerEpoch = this.#broker?.stop() ?? -1
    this.#broker = null
  }

  /** Kills the process, and perhaps the machine. */
  crash(damage: CrashDamage, indexes: 'kept' | 'lost' | 'torn'): void {
    this.#version++
    this.#broker = null
    for (const { disk } of this.#disks.values()) disk.crash(damage, indexes)
  }

  /** Stops or continues the running process; false when it is in that state already, or down. */
  setPaused(paused: boolean): boolean {
    if (this.#broker === null || this.#paused === paused) return false
    this.#version++
    this.#paused = paused
    return true
  }

  /** Completes every sync that was asked for. */
  completeSyncs(): void {
    for (const { disk } of this.#disks.values()) {
      if (disk.outstandingSyncs === 0) continue
      this.#version++
      disk.completeSyncs()
    }
  }

  /** Lets one event happen to the broker; null when it is down. */
  tell<Result>(event: (broker: Broker) => Result): Result | null {
    if (this.#broker === null) return null
    this.#version++
    return event(this.#broker)
  }
}
