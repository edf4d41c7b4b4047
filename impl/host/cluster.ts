// A whole cluster in this process: brokers and their controller, on real sockets and files. This is what `lockstep serve`
// runs, and what tests start: see README, *A cluster in your tests*.
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PartitionState } from '../../model/vocabulary/messages.ts'
import type { BrokerId, MetadataOffset, PartitionIndex } from '../../model/vocabulary/units.ts'
import { brokerEndpoint, controllerEndpoint } from '../ports/network.ts'
import { BrokerNode } from './broker-node.ts'
import { controllerLink } from './controller-links.ts'
import { ControllerNode } from './controller-node.ts'
import { FolderLock } from './folder-lock.ts'
import { PeerDirectory } from './peers.ts'
import { SaslUsers, saslAuthenticator } from './sasl.ts'
import { type ClusterOptions, type ClusterSettings, settingsOf } from './settings.ts'

/** A node of a cluster: a broker by its number, or the controller. */
export type Node = BrokerId | 'controller'

const readyWithinMs = 30_000
const lookMs = 2

/** A running cluster. Whoever started it stops it. */
export class Cluster {
  readonly settings: ClusterSettings
  /** Where the logs are kept. */
  readonly folder: string
  readonly #isTemporary: boolean
  readonly #lock: FolderLock
  readonly #directory = new PeerDirectory(randomBytes(24).toString('hex'))
  readonly #brokers = new Map<BrokerId, BrokerNode>()
  /** The port that a broker had, which it takes again when it is restarted. */
  readonly #ports = new Map<BrokerId, number>()
  #controller: ControllerNode | null = null
  #stopping: Promise<void> | null = null

  private constructor(settings: ClusterSettings, folder: string, isTemporary: boolean) {
    this.settings = settings
    this.folder = folder
    this.#isTemporary = isTemporary
    this.#lock = FolderLock.take(folder)
  }

  /** Starts a cluster and waits until all brokers are ready. Rejects with a sentence when that cannot be. */
  static async start(options: ClusterOptions = {}): Promise<Cluster> {
    const settings = settingsOf(options)
    const isTemporary = options.data === undefined
    const folder = options.data ?? mkdtempSync(join(tmpdir(), 'lockstep-'))
    mkdirSync(folder, { recursive: true })
    const cluster = new Cluster(settings, folder, isTemporary)
    try {
      await cluster.#startController()
      // All must have come to an end before the cluster is stopped because of one: a port that opens later stays open.
      const starts = await Promise.allSettled(cluster.brokerIds.map(id => cluster.#startBroker(id)))
      for (const start of starts) if (start.status === 'rejected') throw start.reason
      await cluster.ready()
      return cluster
    } catch (error) {
      await cluster.stop()
      throw error
    }
  }

  /** All brokers, running or not. */
  get brokerIds(): readonly BrokerId[] {
    return Array.from({ length: this.settings.brokers }, (_, index) => index + 1)
  }

  /** What clients are given to connect to: `host:port,…`. */
  get bootstrap(): string {
    return this.addresses.join(',')
  }

  /** The brokers' addresses as clients are told them, by broker number. */
  get addresses(): readonly string[] {
    const { host, advertisedHost } = this.settings
    return this.brokerIds.map(id => `${advertisedHost ?? host}:${this.#ports.get(id) ?? 0}`)
  }

  /** A running broker, for those who want to look inside; undefined while it is down. */
  broker(brokerId: BrokerId): BrokerNode | undefined {
    return this.#brokers.get(brokerId)
  }

  /** The controller; null while it is down. */
  get controller(): ControllerNode | null {
    return this.#controller
  }

  /** The broker that leads a partition; -1 for none. Throws when there is no such partition. */
  leaderOf(topic: string, partition: PartitionIndex): BrokerId {
    return this.#partition(topic, partition).leader
  }

  /** The replicas of a partition that are in sync, ascending. Throws when there is no such partition. */
  inSyncReplicasOf(topic: string, partition: PartitionIndex): readonly BrokerId[] {
    return this.#partition(topic, partition).inSyncReplicas
  }

  /** Waits until every running broker takes part. Rejects when that takes too long. */
  async ready(): Promise<void> {
    const all = [...this.#brokers.keys()]
    const missing = (): readonly BrokerId[] => all.filter(id => this.#brokers.get(id)?.isReady !== true)
    await until(
      () => missing().length === 0,
      () => `broker ${missing().join(', ')} did not become ready`,
    )
  }

  /**
   * Ends a broker as `kill -9` would. The controller notices at once, unless `unnoticed`: then it waits for the session
   * to run out, as it would if a machine died.
   */
  async crash(brokerId: BrokerId, { unnoticed = false }: { readonly unnoticed?: boolean } = {}): Promise<void> {
    const node = this.#running(brokerId)
    this.#brokers.delete(brokerId)
    await node.crash()
    if (!unnoticed) this.#controller?.event(() => this.#controller?.controller.expireSession(brokerId))
  }

  /** Stops a broker cleanly. */
  async stopBroker(brokerId: BrokerId): Promise<void> {
    const node = this.#running(brokerId)
    this.#brokers.delete(brokerId)
    await node.stop()
    this.#controller?.event(() => this.#controller?.controller.expireSession(brokerId))
  }

  /** Starts a broker that is down, on the port that it had, and waits until it is ready. */
  async restart(brokerId: BrokerId): Promise<void> {
    if (this.#brokers.has(brokerId)) throw new Error(`broker ${brokerId} is running: crash or stop it first`)
    await this.#startBroker(brokerId)
    await this.ready()
  }

  /** Lets nothing through between two nodes, in both directions or from the first to the second only. */
  cut(from: Node, to: Node, { oneWay = false }: { readonly oneWay?: boolean } = {}): void {
    this.#directory.setCut(this.#endpoint(from), this.#endpoint(to), true)
    if (!oneWay) this.#directory.setCut(this.#endpoint(to), this.#endpoint(from), true)
  }

  /** Lets nothing through between a broker and its clients, or lets it through again. */
  cutClients(brokerId: BrokerId, isCut = true): void {
    this.#running(brokerId).listener.hold(isCut)
  }

  /** Lets everything that a broker sends take so long: to other nodes and to clients. */
  slow(brokerId: BrokerId, ms: number): void {
    if (!(ms >= 0 && ms <= 600_000)) throw new Error(`a delay is 0 to 600000 ms, and not ${ms}`)
    const own = this.#endpoint(brokerId)
    this.#running(brokerId).listener.slowDown(ms)
    for (const id of this.brokerIds) if (id !== brokerId) this.#directory.setDelay(own, brokerEndpoint(id), ms)
    this.#directory.setDelay(own, controllerEndpoint, ms)
  }

  /** Heals every cut and speeds up everything. */
  heal(): void {
    this.#directory.healAll()
    for (const node of this.#brokers.values()) {
      node.listener.hold(false)
      node.listener.slowDown(0)
    }
  }

  /** Creates a topic; resolves when every running broker knows it. Rejects with Kafka's error and a sentence. */
  async createTopic(
    topic: string,
    {
      partitions = -1,
      replicationFactor = -1,
      config = {},
    }: {
      readonly partitions?: number
      readonly replicationFactor?: number
      readonly config?: Readonly<Record<string, string>>
    } = {},
  ): Promise<void> {
    const settings = Object.entries(config).map(([name, value]) => ({ name, value }))
    const asked = { topic, partitions, replicationFactor, assignments: [], settings }
    const [created] = this.#controller?.administer(controller => controller.createTopics([asked], false)) ?? []
    if (created === undefined) throw new Error('the controller is not running')
    if (created.error !== 'NONE') throw new Error(`${created.error}: ${created.message ?? topic}`)
    await this.#allKnow()
  }

  /** Stops everything cleanly; a temporary folder is removed. Can be called twice. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    const nodes = [...this.#brokers.values()]
    this.#brokers.clear()
    try {
      await Promise.all(nodes.map(node => node.stop()))
      await this.#controller?.stop()
    } finally {
      this.#controller = null
      this.#lock.release()
      if (this.#isTemporary) rmSync(this.folder, { recursive: true, force: true })
    }
  }

  async #startController(): Promise<void> {
    const { settings } = this
    this.#controller = await ControllerNode.start({
      folder: join(this.folder, 'controller'),
      isThrownAway: this.#isTemporary,
      directory: this.#directory,
      brokerSessionTimeoutMs: settings.brokerSessionTimeoutMs,
      topicDefaults: settings.topicDefaults,
      partitionsDefault: settings.partitions,
      replicationFactorDefault: settings.replicationFactor,
      brokerSettings: settings.brokerSettings,
      report: settings.report,
      halted: () =>
        settings.report('the controller stops: its disk failed; start the cluster again when there is room'),
    })
  }

  async #startBroker(brokerId: BrokerId): Promise<void> {
    const { settings } = this
    const report = (problem: string): void => settings.report(`broker ${brokerId}: ${problem}`)
    const wanted = settings.port === 0 ? 0 : settings.port + brokerId - 1
    const port = this.#ports.get(brokerId) ?? wanted
    const users = settings.users === null ? null : new SaslUsers(settings.users)
    const node = await BrokerNode.start({
      brokerId,
      folder: join(this.folder, `broker-${brokerId}`),
      isThrownAway: this.#isTemporary,
      clusterId: this.#controller?.clusterId ?? '',
      directory: this.#directory,
      config: settings.brokerConfig,
      groupConfig: settings.groupConfig,
      listener: { host: settings.host, port, limits: settings.limits, tls: settings.tls, report },
      advertisedHost: settings.advertisedHost,
      rack: null,
      authenticator: users === null ? null : saslAuthenticator(users),
      autoCreateTopics: settings.autoCreateTopics,
      offsetsTopic: { partitions: settings.offsetsPartitions, replicationFactor: Math.min(3, settings.brokers) },
      controller: broker =>
        controllerLink(
          broker,
          this.#directory,
          () => this.#controller,
          metadataOffset => this.#haveHeard(metadataOffset),
          report,
        ),
      report,
      halted: () => this.#brokers.delete(brokerId),
    })
    this.#ports.set(brokerId, node.listener.port)
    this.#brokers.set(brokerId, node)
  }

  #partition(topic: string, partition: PartitionIndex): PartitionState {
    const all = this.#controller?.controller.image.partitions ?? []
    const found = all.find(state => state.topic === topic && state.partition === partition)
    if (found === undefined) throw new Error(`there is no partition ${topic}/${partition}`)
    return found
  }

  async #allKnow(): Promise<void> {
    const { metadataOffset } = this.#controller?.controller.image ?? { metadataOffset: 0 }
    await until(
      () => this.#haveHeard(metadataOffset),
      () => 'not every broker heard of the change: is a link cut?',
    )
  }

  #haveHeard(metadataOffset: MetadataOffset): boolean {
    return [...this.#brokers.values()].every(node => !node.isReady || node.broker.metadataOffset >= metadataOffset)
  }

  #running(brokerId: BrokerId): BrokerNode {
    const node = this.#brokers.get(brokerId)
    if (node !== undefined) return node
    const why = this.brokerIds.includes(brokerId) ? 'is not running' : `is not one of ${this.brokerIds.join(', ')}`
    throw new Error(`broker ${brokerId} ${why}`)
  }

  #endpoint(node: Node): string {
    if (node === 'controller') return controllerEndpoint
    if (this.brokerIds.includes(node)) return brokerEndpoint(node)
    throw new Error(`there is no broker ${node}, but ${this.brokerIds.join(', ')}`)
  }
}

async function until(condition: () => boolean, what: () => string): Promise<void> {
  const end = performance.now() + readyWithinMs
  while (!condition()) {
    if (performance.now() > end) throw new Error(`${what()} within ${readyWithinMs} ms`)
    await new Promise(resolve => setTimeout(resolve, lookMs))
  }
}
