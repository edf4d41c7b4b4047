// A cluster in this process and raw connections to its brokers, for tests that ask one thing and look at the whole answer.
import { encodeUnplacedBatch } from '../../log/codec.ts'
import { findCoordinator } from '../../wire/apis/find-coordinator.ts'
import { errorName, type KafkaErrorName } from '../../wire/errors.ts'
import { type Api, defaultsOf, type RequestOf, type ResponseOf } from '../../wire/schema.ts'
import { Cluster } from '../cluster.ts'
import type { ClusterOptions } from '../settings.ts'
import { WireConnection } from '../wire-connection.ts'

/** A running cluster that is asked. Whoever starts one stops it. */
export class Asking {
  readonly cluster: Cluster
  /** What was reported, in order. */
  readonly said: string[]
  readonly #connections = new Map<number, WireConnection>()
  readonly #opened: WireConnection[] = []

  private constructor(cluster: Cluster, said: string[]) {
    this.cluster = cluster
    this.said = said
  }

  static async start(options: ClusterOptions = {}): Promise<Asking> {
    const said: string[] = []
    const asking = new Asking(await Cluster.start({ ...options, report: problem => said.push(problem) }), said)
    // The topic of the groups is there from the first question on.
    await asking.ask(findCoordinator, 0, { key: 'any' })
    return asking
  }

  /** Asks one broker on the connection that is kept for that; what is not given has its default. */
  async ask<A extends Api>(
    api: A,
    version: number,
    body: Partial<RequestOf<A>>,
    { broker = 1, withinMs = 5000 } = {},
  ): Promise<ResponseOf<A>> {
    const known = this.#connections.get(broker)
    const connection = known === undefined || known.isClosed ? await this.connect(broker) : known
    this.#connections.set(broker, connection)
    return await askOn(connection, api, version, body, withinMs)
  }

  /** A connection of its own. */
  async connect(broker = 1): Promise<WireConnection> {
    const connection = await WireConnection.open(this.cluster.addresses[broker - 1] ?? '')
    this.#opened.push(connection)
    return connection
  }

  async stop(): Promise<void> {
    for (const connection of this.#opened) connection.close()
    await this.cluster.stop()
  }
}

/** Asks; what is not given has its default. */
export function askOn<A extends Api>(
  connection: WireConnection,
  api: A,
  version: number,
  body: Partial<RequestOf<A>>,
  withinMs = 5000,
): Promise<ResponseOf<A>> {
  // The defaults are those of the very fields that the type is taken from.
  return connection.ask(api, version, { ...defaultsOf(api.request), ...body } as RequestOf<A>, withinMs)
}

/** Sends what has no answer. */
export function tellOn<A extends Api>(
  connection: WireConnection,
  api: A,
  version: number,
  body: Partial<RequestOf<A>>,
): void {
  connection.tell(api, version, { ...defaultsOf(api.request), ...body } as RequestOf<A>)
}

/** A batch of these values, without idempotence. */
export function batchOf(values: readonly string[], timestamp = 1000): Uint8Array {
  const plain = { producerId: -1, producerEpoch: -1, baseSequence: -1 }
  return encodeUnplacedBatch({ ...plain, records: values.map(value => ({ key: 'k', value, timestamp })) })
}

/** The name of an error code, for answers that are compared whole. */
export function named(code: number | undefined): KafkaErrorName | null {
  return code === undefined ? null : errorName(code)
}
