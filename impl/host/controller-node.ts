// The controller as a node of a cluster: its memory on a disk, its clock, its place in the network between nodes.
import { randomBytes, randomInt } from 'node:crypto'
import type { TopicConfig } from '../../model/vocabulary/messages.ts'
import type { Milliseconds } from '../../model/vocabulary/units.ts'
import type { Administration } from '../controller/administration.ts'
import { Controller } from '../controller/controller.ts'
import { openDecisions } from '../controller/decision-log.ts'
import type { BrokerSetting } from '../controller/lasting-cluster.ts'
import { ownError } from '../gateway/session.ts'
import { DiskFailure } from '../ports/disk.ts'
import { controllerEndpoint, type Requester, type Wire } from '../ports/network.ts'
import { WallClock } from './clock.ts'
import { HostDisk } from './disk.ts'
import { type PeerDirectory, Peers } from './peers.ts'
import { Ticker } from './ticker.ts'

/** How a controller is run. */
export type ControllerNodeOptions = {
  readonly folder: string
  readonly isThrownAway: boolean
  readonly directory: PeerDirectory
  readonly brokerSessionTimeoutMs: Milliseconds
  readonly topicDefaults: TopicConfig
  readonly partitionsDefault: number
  readonly replicationFactorDefault: number
  readonly brokerSettings: readonly BrokerSetting[]
  readonly report: (problem: string) => void
  /** It can keep nothing any more. */
  readonly halted: () => void
}

/** A running controller. */
export class ControllerNode {
  /** Identifies the cluster; the same at every start. */
  readonly clusterId: string
  readonly #options: ControllerNodeOptions
  readonly #controller: Controller
  readonly #peers: Peers
  readonly #ticker: Ticker
  #isStopped = false
  readonly #inbox: { readonly from: Requester; readonly message: Wire }[] = []

  private constructor(options: ControllerNodeOptions, clusterId: string, peers: Peers, controller: Controller) {
    this.clusterId = clusterId
    this.#options = options
    this.#peers = peers
    this.#controller = controller
    const clock = new WallClock()
    this.#ticker = new Ticker(
      () => clock.now(),
      () => {
        this.event(() => controller.tick())
        return controller.nextDeadline()
      },
    )
    this.#ticker.look(controller.nextDeadline())
  }

  /** Starts it over what it has kept in its folder, or anew. Rejects with a sentence when that cannot be read. */
  static async start(options: ControllerNodeOptions): Promise<ControllerNode> {
    const { folder, report, directory } = options
    const { kept, decisions } = openDecisions(new HostDisk(folder, report, options.isThrownAway))
    const clusterId = kept?.clusterId ?? randomBytes(16).toString('base64url')
    let node: ControllerNode | null = null
    const peers = await Peers.open(controllerEndpoint, directory, {
      receive: (from, message) => node?.receive(from, message),
      // The controller learns nothing from a broken connection: it waits for heartbeats.
      disconnected: () => {},
      report,
    })
    const controllerOptions = {
      network: peers,
      clock: new WallClock(),
      brokers: 0,
      brokerSessionTimeoutMs: options.brokerSessionTimeoutMs,
      offsetsPartitions: 0,
      offsetsConfig: options.topicDefaults,
      lasting: {
        clusterId,
        decisions,
        drawTopicId: () => randomBytes(16).toString('hex'),
        draw: (bound: number) => randomInt(bound),
        topicDefaults: options.topicDefaults,
        partitionsDefault: options.partitionsDefault,
        replicationFactorDefault: options.replicationFactorDefault,
        brokerSettings: options.brokerSettings,
      },
    }
    const controller =
      kept === null ? new Controller(controllerOptions) : Controller.startAgain(controllerOptions, kept)
    node = new ControllerNode(options, clusterId, peers, controller)
    return node
  }

  get controller(): Controller {
    return this.#controller
  }

  /** Lets administrators do something; null when the controller is halted. */
  administer<Result>(step: (administration: Administration) => Result): Result | null {
    return this.#happens(() => step(this.#controller.administration))
  }

  /** Takes a message. Those that come in one turn of the event loop are decided on together, with one sync for all. */
  receive(from: Requester, message: Wire): void {
    this.#inbox.push({ from, message })
    if (this.#inbox.length > 1) return
    setImmediate(() => {
      const messages = this.#inbox.splice(0)
      this.event(() => this.#controller.receiveAll(messages))
    })
  }

  /** One event of the controller. */
  event(step: () => void): void {
    try {
      this.#happens(step)
    } catch (error) {
      // One that broke down in the midst of a decision cannot be trusted with another one; its process can.
      this.#isStopped = true
      this.#ticker.stop()
      this.#options.report(`the controller stops: ${ownError(error)}`)
      void this.#peers.close()
    }
  }

  /** Stops it; what it has decided is on the disk. */
  async stop(): Promise<void> {
    this.#ticker.stop()
    this.#isStopped = true
    this.#controller.close()
    await this.#peers.close()
  }

  #happens<Result>(step: () => Result): Result | null {
    if (this.#controller.halted || this.#isStopped) return null
    try {
      return step()
    } catch (failure) {
      if (!(failure instanceof DiskFailure)) throw failure
      return null
    } finally {
      this.#ticker.look(this.#controller.nextDeadline())
      if (this.#controller.halted) {
        this.#ticker.stop()
        this.#options.halted()
      }
    }
  }
}
