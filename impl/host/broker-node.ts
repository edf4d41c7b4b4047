// A broker as a node of a cluster: its files, its clock, its ports, and the housekeeping that time asks for.
import { randomUUID } from 'node:crypto'
import { statfsSync } from 'node:fs'
import type { BrokerConfig } from '../../model/vocabulary/cluster.ts'
import type { BrokerId, Milliseconds } from '../../model/vocabulary/units.ts'
import { Broker } from '../broker/broker.ts'
import type { Authenticator } from '../gateway/authentication.ts'
import type { ControllerLink } from '../gateway/controller-link.ts'
import { Core } from '../gateway/core.ts'
import { Fetches } from '../gateway/fetch.ts'
import { Gateway } from '../gateway/gateway.ts'
import { KnownCluster } from '../gateway/known-cluster.ts'
import { offeredApis } from '../gateway/offered.ts'
import type { OffsetsTopicSettings } from '../gateway/offsets-topic.ts'
import { type ClientSession, ownError } from '../gateway/session.ts'
import type { CoordinatorConfig } from '../group/config.ts'
import { DiskFailure } from '../ports/disk.ts'
import { brokerEndpoint, type Network, type Requester, type Wire, type WireResponse } from '../ports/network.ts'
import { WallClock } from './clock.ts'
import type { Answer, Connection } from './connection.ts'
import { Housekeeping } from './housekeeping.ts'
import { Listener, type ListenerOptions } from './listener.ts'
import { type PeerDirectory, Peers } from './peers.ts'
import { HostStorage } from './storage.ts'
import { Ticker } from './ticker.ts'

/** How a broker is run. */
export type BrokerNodeOptions = {
  readonly brokerId: BrokerId
  readonly folder: string
  /** The folder is removed at the end, so that nothing need survive the machine. */
  readonly isThrownAway: boolean
  readonly clusterId: string
  readonly directory: PeerDirectory
  readonly config: BrokerConfig
  readonly groupConfig: CoordinatorConfig
  readonly listener: ListenerOptions
  /** The host that clients are told to connect to; null: the one that it listens on. */
  readonly advertisedHost: string | null
  readonly rack: string | null
  readonly authenticator: Authenticator | null
  readonly autoCreateTopics: boolean
  readonly offsetsTopic: OffsetsTopicSettings
  readonly controller: (broker: Broker) => ControllerLink
  readonly report: (problem: string) => void
  /** Its disk failed: it has stopped as if it had crashed. */
  readonly halted: () => void
}

/** A running broker. */
export class BrokerNode {
  readonly #options: BrokerNodeOptions
  readonly #storage: HostStorage
  readonly #clock = new WallClock()
  readonly #broker: Broker
  readonly #core: Core
  readonly #fetches: Fetches
  readonly #gateway: Gateway
  readonly #peers: Peers
  readonly #listener: Listener
  readonly #ticker: Ticker
  readonly #housekeeping: Housekeeping
  /** Requests from before the broker knew its cluster: as Kafka's, it has nothing to say until then. */
  #early: (() => void)[] = []
  #isStopped = false

  private constructor(
    options: BrokerNodeOptions,
    storage: HostStorage,
    peers: Peers,
    listener: Listener,
    wiring: Wiring,
  ) {
    this.#options = options
    this.#storage = storage
    this.#peers = peers
    this.#listener = listener
    this.#ticker = new Ticker(
      () => this.#clock.now(),
      () => this.#tick(),
    )
    const host = options.advertisedHost ?? options.listener.host
    const network: Network = {
      send: (from, to, request) => peers.send(from, to, request),
      respond: (from, to, connection, response) => this.#respond(from, to, connection, response),
    }
    this.#broker = Broker.startAgain(
      {
        brokerId: options.brokerId,
        config: options.config,
        groupConfig: options.groupConfig,
        newMemberId: (clientId, groupInstanceId) => `${groupInstanceId ?? clientId}-${randomUUID()}`,
        network,
        clock: this.#clock,
        storage,
        place: { host, port: listener.port, rack: options.rack },
        committed: (topic, partition) => {
          const replica = this.#broker.replica(topic, partition)
          if (replica !== undefined) this.#fetches.committed(replica)
        },
      },
      storage.takeCleanMark(),
    )
    this.#core = new Core(this.#broker)
    const view = new KnownCluster(this.#broker, options.clusterId)
    this.#fetches = new Fetches(this.#core, view, () => this.#clock.now())
    const offered = offeredApis({
      core: this.#core,
      view,
      fetches: this.#fetches,
      controller: options.controller(this.#broker),
      autoCreateTopics: options.autoCreateTopics,
      offsetsTopic: options.offsetsTopic,
      logDir: storage.folder,
      diskRoom: () => roomOf(storage.folder),
    })
    this.#gateway = new Gateway(offered, options.authenticator)
    this.#housekeeping = new Housekeeping(
      step => this.event(step),
      () => this.#clock.now(),
    )
    wiring.node = this
    this.#after()
  }

  /** Starts over what is in its folder. Rejects with a sentence when a port cannot be had or the logs cannot be read. */
  static async start(options: BrokerNodeOptions): Promise<BrokerNode> {
    const wiring: Wiring = { node: null }
    const storage = new HostStorage(options.folder, options.report, options.isThrownAway)
    const peers = await Peers.open(brokerEndpoint(options.brokerId), options.directory, {
      receive: (from, message) => wiring.node?.receive(from, message),
      disconnected: endpoint => wiring.node?.event(broker => broker.disconnected(endpoint)),
      report: options.report,
    })
    let listener: Listener | null = null
    try {
      listener = await Listener.open(options.listener, {
        request: (connection, frame, answer) => {
          if (wiring.node !== null) return wiring.node.#request(connection, frame, answer)
          connection.close()
          return true
        },
        closed: connection => wiring.node?.clientGone(connection),
      })
      return new BrokerNode(options, storage, peers, listener, wiring)
    } catch (error) {
      await Promise.all([peers.close(), listener?.close()])
      throw error
    }
  }

  get broker(): Broker {
    return this.#broker
  }

  /** Whether it is registered, unfenced and knows it. */
  get isReady(): boolean {
    return this.#broker.isRegistered && !this.#broker.fenced
  }

  get listener(): Listener {
    return this.#listener
  }

  /** A message from another node. */
  receive(from: Requester, message: Wire): void {
    this.event(broker => {
      broker.receive(from, message)
      if (message.kind === 'MetadataUpdate') this.#fetches.imageChanged()
    })
    if (this.#early.length > 0 && this.#broker.known !== null) for (const again of this.#early.splice(0)) again()
  }

  /** One event of the broker. */
  event(step: (broker: Broker) => void): void {
    if (this.#isStopped) return
    this.#attempt(() => step(this.#broker))
    this.#after()
  }

  /** A client's connection ended. */
  clientGone(client: ClientSession): void {
    this.#core.forget(client)
    this.#fetches.forget(client)
  }

  /** Shuts down cleanly: everything is synced, and the next start needs no recovery. */
  async stop(): Promise<void> {
    if (this.#isStopped) return
    this.#end()
    try {
      this.#storage.markClean(this.#broker.stop())
    } catch (error) {
      if (!(error instanceof DiskFailure)) throw error
      this.#options.report(
        `broker ${this.#options.brokerId} could not end cleanly, and recovers next time: ${error.message}`,
      )
    } finally {
      await this.#closePorts()
    }
  }

  /** Ends as a killed process does: nothing is synced or said. */
  async crash(): Promise<void> {
    if (this.#isStopped) return
    this.#end()
    this.#broker.abandon()
    await this.#closePorts()
  }

  #end(): void {
    this.#isStopped = true
    this.#ticker.stop()
    this.#housekeeping.stop()
  }

  async #closePorts(): Promise<void> {
    await Promise.all([this.#peers.close(), this.#listener.close()])
  }

  /** A client's request; answers whether nobody looks at the frame's bytes any more. */
  #request(connection: Connection, frame: Buffer, answer: Answer): boolean {
    if (this.#isStopped || connection.isClosed) return true
    if (this.#broker.known === null) {
      const copy = Buffer.from(frame)
      this.#early.push(() => this.#request(connection, copy, answer))
      return true
    }
    const reception = this.#gateway.request(connection, frame, answer)
    this.#after()
    if (reception.kind === 'close') connection.closeBehindAnswers(reception.why)
    return reception.kind === 'done'
  }

  #respond(from: string, to: string, connection: number, response: WireResponse): void {
    // Clients' connections are named by the listener, those of other nodes by the peers.
    if (to.startsWith('k')) this.#core.answered(response)
    else this.#peers.respond(from, to, connection, response)
  }

  #tick(): Milliseconds {
    const now = this.#clock.now()
    if (!this.#isStopped) {
      this.#attempt(() => {
        this.#broker.tick()
        this.#fetches.tick(now)
      })
      this.#endIfHalted()
    }
    return this.#nextDue()
  }

  /** After every event: something may be due earlier than before, or the disk may have failed. */
  #after(): void {
    this.#ticker.look(this.#nextDue())
    this.#endIfHalted()
  }

  #nextDue(): Milliseconds {
    return Math.min(this.#broker.nextDeadline(), this.#fetches.nextDue)
  }

  #endIfHalted(): void {
    if (this.#broker.halted) this.#fail(this.#broker.refusal ?? 'its disk failed')
  }

  /** A broker that broke down in the midst of an event cannot be trusted with another one; its process can. */
  #attempt(step: () => void): void {
    try {
      step()
    } catch (error) {
      this.#fail(error instanceof DiskFailure ? error.message : ownError(error))
    }
  }

  #fail(why: string): void {
    if (this.#isStopped) return
    this.#options.report(`stops: ${why}`)
    void this.crash().then(() => this.#options.halted())
  }
}

/** The ports are open before there is a broker behind them. */
type Wiring = { node: BrokerNode | null }

function roomOf(folder: string): { readonly totalBytes: number; readonly usableBytes: number } {
  const { bsize, blocks, bavail } = statfsSync(folder)
  return { totalBytes: blocks * bsize, usableBytes: bavail * bsize }
}
