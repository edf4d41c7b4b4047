// A whole cluster in one process: brokers, controller and clients of the implementation over simulated clocks, disks and
// network, driven by the operations of the vocabulary. docs/protocol/cluster.md.
//
// One operation runs to its end before the next begins, and the same operations give the same cluster, always.
import { ConsumerClient } from '../../impl/consumer/client.ts'
import { Controller } from '../../impl/controller/controller.ts'
import type { LastingCluster } from '../../impl/controller/lasting-cluster.ts'
import { byText } from '../../impl/order.ts'
import type { Decision } from '../../impl/ports/decisions.ts'
import {
  brokerEndpoint,
  controllerEndpoint,
  type Requester,
  type Wire,
  type WireResponse,
} from '../../impl/ports/network.ts'
import { ProducerClient } from '../../impl/producer/client.ts'
import type { Replica } from '../../impl/replica/replica.ts'
import type { ClusterOperation, ClusterOutcome, ClusterSetup, Endpoint } from '../../model/vocabulary/cluster.ts'
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { BrokerId, Milliseconds } from '../../model/vocabulary/units.ts'
import { BrokerProcess } from './broker-process.ts'
import { SimulatedClock } from './clock.ts'
import { type Endpoints, SimulatedNetwork } from './network.ts'
import { rotBatch } from './rot.ts'
import { asItIs, type Carry } from './wire.ts'

type Of<Kind extends ClusterOperation['kind']> = Extract<ClusterOperation, { readonly kind: Kind }>
type OnReplica = Of<'deleteRecords' | 'flush' | 'roll' | 'clean' | 'retain' | 'rot' | 'fillDisk'>

/** A client of either kind and its clock. */
export type Attached<Client> = { readonly clock: SimulatedClock; readonly client: Client }

const done: ClusterOutcome = { kind: 'done' }
const nothing: ClusterOutcome = { kind: 'nothing' }
const advancedAtMost: Milliseconds = 60_000
const slice: Milliseconds = 500

/** Owns everything that one run needs. */
export class SimulatedCluster implements Endpoints {
  readonly setup: ClusterSetup
  readonly network: SimulatedNetwork
  readonly controllerClock = new SimulatedClock()
  /** By endpoint, in the order of their numbers. */
  readonly brokers: ReadonlyMap<Endpoint, BrokerProcess>
  readonly producers: ReadonlyMap<Endpoint, Attached<ProducerClient>>
  readonly consumers: ReadonlyMap<Endpoint, Attached<ConsumerClient>>
  readonly #endpoints: readonly Endpoint[]
  readonly #brokerIds: ReadonlyMap<Endpoint, BrokerId>
  #controller: Controller

  /** With `lasting` no broker runs, none is known to the controller, and there is no topic for offsets at first. */
  constructor(setup: ClusterSetup, lasting: LastingCluster | null = null, carry: Carry = asItIs) {
    this.setup = setup
    const ids = numbers(setup.brokers)
    const producers = numbers(setup.producers).map(n => `p${n}`)
    const consumers = numbers(setup.consumers).map(n => `c${n}`)
    this.#brokerIds = new Map(ids.map(id => [brokerEndpoint(id), id]))
    this.#endpoints = [...this.#brokerIds.keys(), ...producers, ...consumers, controllerEndpoint].sort(byText)
    this.network = new SimulatedNetwork(this.#endpoints, this, carry)
    this.#controller = this.#startController(lasting, null)
    const image = lasting === null ? this.controller.image : null
    this.brokers = new Map(ids.map(id => [brokerEndpoint(id), new BrokerProcess(id, setup, this.network, image)]))
    this.producers = new Map(producers.map(name => [name, this.#attach(name, options => new ProducerClient(options))]))
    this.consumers = new Map(consumers.map(name => [name, this.#attach(name, options => new ConsumerClient(options))]))
  }

  /** The controller that runs now. */
  get controller(): Controller {
    return this.#controller
  }

  /** Kills the controller, and starts it again with what it has kept. */
  restartController(lasting: LastingCluster, kept: Decision): void {
    this.network.disconnectAll(controllerEndpoint, false)
    this.#controller = this.#startController(lasting, kept)
  }

  #startController(lasting: LastingCluster | null, kept: Decision | null): Controller {
    const { brokers, brokerSessionTimeoutMs, offsetsPartitions, offsetsConfig } = this.setup
    const options = { network: this.network, clock: this.controllerClock, brokerSessionTimeoutMs, offsetsConfig }
    if (lasting === null) return new Controller({ ...options, brokers, offsetsPartitions })
    return new Controller({ ...options, brokers: 0, offsetsPartitions: 0, lasting }, kept)
  }

  /** Carries one operation out; total. */
  apply(operation: ClusterOperation): ClusterOutcome {
    switch (operation.kind) {
      case 'deliver':
        return applied(this.network.deliver(operation.from, operation.to))
      case 'deliverLate':
        return applied(this.network.deliverLate(operation.from, operation.to))
      case 'settle':
        return { kind: 'delivered', messages: this.#settle() }
      case 'disconnect':
        return applied(this.network.disconnect(operation.a, operation.b, operation.late))
      case 'cut':
        return applied(this.network.setCut(operation.from, operation.to, true))
      case 'heal':
        return applied(this.network.setCut(operation.from, operation.to, false))
      case 'healAll':
        return applied(this.network.healAll())
      case 'advance':
        return this.#advance(operation)
      case 'elapse':
        return operation.ms < 0 ? { kind: 'nothing' } : { kind: 'delivered', messages: this.#elapse(operation.ms) }
      case 'crash':
      case 'restart':
      case 'pause':
      case 'resume':
      case 'synced':
      case 'checkpoint':
        return this.#toProcess(operation)
      case 'createTopic':
        return outcomeOf(this.controller.createTopic(operation.topic, operation.assignment, operation.config))
      case 'setUncleanElection':
        return outcomeOf(this.controller.setUncleanElection(operation.topic, operation.enabled))
      case 'electLeader':
        return outcomeOf(this.controller.electLeader(operation.topic, operation.partition, operation.election))
      case 'expireSession':
        return applied(this.controller.expireSession(operation.broker))
      case 'failoverController':
        this.controller.failover()
        return done
      case 'deleteRecords':
      case 'flush':
      case 'roll':
      case 'clean':
      case 'retain':
      case 'rot':
      case 'fillDisk':
        return this.#toReplica(operation)
      case 'openProducer':
        return this.#openProducer(operation)
      case 'send': {
        const { producer, topic, partition, records, draw } = operation
        return applied(this.producers.get(producer)?.client.send(topic, partition, records, draw))
      }
      case 'openConsumer':
        return this.#openConsumer(operation)
      case 'poll':
        return applied(this.consumers.get(operation.consumer)?.client.poll())
      case 'commit':
        return applied(this.consumers.get(operation.consumer)?.client.commit())
      case 'closeConsumer':
        return applied(this.consumers.get(operation.consumer)?.client.close())
      case 'killClient':
        return this.#killClient(operation.client)
    }
  }

  /** For the network. */
  status(endpoint: Endpoint): 'running' | 'paused' | 'down' {
    return this.brokers.get(endpoint)?.status ?? 'running'
  }

  /** For the network. */
  receive(endpoint: Endpoint, from: Requester, message: Wire): void {
    const broker = this.brokers.get(endpoint)
    if (broker !== undefined) {
      broker.tell(running => running.receive(from, message))
      this.#endIfHalted(broker)
    } else if (endpoint === controllerEndpoint) this.controller.receive(from, message)
    else if (isResponse(message)) this.#client(endpoint)?.receive(this.#brokerIds.get(from.endpoint) ?? -1, message)
  }

  /** For the network. */
  disconnected(endpoint: Endpoint, other: Endpoint): void {
    const broker = this.brokers.get(endpoint)
    if (broker !== undefined) broker.tell(running => running.disconnected(other))
    else this.#client(endpoint)?.disconnected(this.#brokerIds.get(other) ?? -1)
  }

  #settle(): number {
    for (const broker of this.brokers.values()) if (broker.status !== 'down') broker.completeSyncs()
    return this.network.settle()
  }

  #advance({ ms, node }: Of<'advance'>): ClusterOutcome {
    if (ms < 0 || (node !== null && !this.#endpoints.includes(node))) return nothing
    const clamped = Math.min(ms, advancedAtMost)
    for (const endpoint of node === null ? this.#endpoints : [node]) this.#advanceNode(endpoint, clamped)
    return done
  }

  #elapse(ms: Milliseconds): number {
    let delivered = 0
    for (let left = Math.min(ms, advancedAtMost); left > 0; left -= slice) {
      this.#advance({ kind: 'advance', ms: Math.min(slice, left), node: null })
      delivered += this.#settle()
    }
    return delivered
  }

  #advanceNode(endpoint: Endpoint, ms: Milliseconds): void {
    const process = this.brokers.get(endpoint)
    if (process !== undefined) {
      process.clock.advance(ms)
      if (process.status !== 'running') return
      process.tell(broker => broker.tick())
      this.#endIfHalted(process)
    } else if (endpoint === controllerEndpoint) {
      this.controllerClock.advance(ms)
      this.controller.tick()
    } else {
      const attached = this.producers.get(endpoint) ?? this.consumers.get(endpoint)
      attached?.clock.advance(ms)
      attached?.client.tick()
    }
  }

  #toProcess(operation: Of<'crash' | 'restart' | 'pause' | 'resume' | 'synced' | 'checkpoint'>): ClusterOutcome {
    const process = this.brokers.get(brokerEndpoint(operation.broker))
    if (process === undefined) return nothing
    const isDown = process.status === 'down'
    switch (operation.kind) {
      case 'crash':
        if (isDown) return nothing
        process.crash(operation.damage, operation.indexes)
        this.network.disconnectAll(process.endpoint, operation.late)
        this.network.forgetLateTo(process.endpoint)
        return done
      case 'restart':
        if (!isDown) {
          process.stop()
          this.network.disconnectAll(process.endpoint, false)
          this.network.forgetLateTo(process.endpoint)
        }
        process.start()
        return done
      case 'pause':
        return applied(process.setPaused(true))
      case 'resume':
        return applied(process.setPaused(false))
      case 'synced':
        if (isDown) return nothing
        process.completeSyncs()
        return done
      case 'checkpoint':
        if (isDown) return nothing
        process.tell(({ replicas }) => {
          for (const { log } of replicas) log.checkpoint()
        })
        return done
    }
  }

  #toReplica(operation: OnReplica): ClusterOutcome {
    const { topic, partition } = operation
    const process = this.brokers.get(brokerEndpoint(operation.broker))
    const step = (replica: Replica, process: BrokerProcess): ErrorName => {
      switch (operation.kind) {
        case 'deleteRecords':
          return replica.deleteRecords(operation.offset)
        case 'flush':
          return replica.log.flush()
        case 'roll':
          return replica.log.roll()
        case 'clean':
          return replica.log.clean(process.clock.now())
        case 'retain':
          return replica.log.retain(process.clock.now())
        case 'rot':
          rotBatch(process.disk(topic, partition), replica.log, operation.offset)
          return 'NONE'
        case 'fillDisk':
          process.disk(topic, partition).fill(operation.bytes)
          return 'NONE'
      }
    }
    if (process === undefined) return nothing
    const error = process.tell(broker => broker.administer(topic, partition, replica => step(replica, process)))
    this.#endIfHalted(process)
    return outcomeOf(error)
  }

  #openProducer({ producer, acks, idempotent, partitioner }: Of<'openProducer'>): ClusterOutcome {
    const attached = this.producers.get(producer)
    if (attached === undefined) return nothing
    if (idempotent && acks !== -1) return outcomeOf('INVALID_CONFIG')
    this.network.disconnectAll(producer, false)
    const producerId = idempotent ? this.controller.takeProducerId() : -1
    attached.client.open({ acks, idempotent, partitioner, producerId })
    return done
  }

  #openConsumer(operation: Of<'openConsumer'>): ClusterOutcome {
    const { kind: _, consumer, ...session } = operation
    const attached = this.consumers.get(consumer)
    if (attached === undefined) return nothing
    const { groupId, topics, partitions, assignors } = session
    if ((groupId === null ? partitions : topics).length === 0) return outcomeOf('INVALID_REQUEST')
    const isImpossible = assignors.length === 0 || this.setup.offsetsPartitions === 0
    if (groupId !== null && isImpossible) return outcomeOf('INVALID_REQUEST')
    this.network.disconnectAll(consumer, false)
    attached.client.open(session)
    return done
  }

  #killClient(name: Endpoint): ClusterOutcome {
    const client = this.#client(name)
    if (client === undefined) return nothing
    this.network.disconnectAll(name, false)
    client.kill()
    return done
  }

  /** A broker whose disk failed ends, as by a crash of the process alone. */
  #endIfHalted(process: BrokerProcess): void {
    if (process.broker?.halted !== true) return
    process.crash({ kind: 'kept' }, 'kept')
    this.network.disconnectAll(process.endpoint, false)
    this.network.forgetLateTo(process.endpoint)
  }

  #client(name: Endpoint): ProducerClient | ConsumerClient | undefined {
    return (this.producers.get(name) ?? this.consumers.get(name))?.client
  }

  #attach<Client>(
    name: Endpoint,
    create: (options: ConstructorParameters<typeof ProducerClient>[0]) => Client,
  ): Attached<Client> {
    const clock = new SimulatedClock()
    const client = create({
      name,
      brokers: this.setup.brokers,
      config: this.setup.client,
      now: () => clock.now(),
      send: (brokerId, request) => this.network.send(name, brokerEndpoint(brokerId), request),
    })
    return { clock, client }
  }
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}

function applied(applies: boolean | undefined): ClusterOutcome {
  return applies === true ? done : nothing
}

/** Null: the operation did not apply. */
function outcomeOf(error: ErrorName | null): ClusterOutcome {
  if (error === null) return nothing
  return error === 'NONE' ? done : { kind: 'error', error }
}

function isResponse(message: Wire): message is WireResponse {
  return message.kind.includes('Response')
}
