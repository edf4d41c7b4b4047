// One run against a cluster: what all operations need. Nothing of it outlives the run.
import type { Address } from '../../../impl/host/wire-connection.ts'
import type { Api, RequestOf, ResponseOf } from '../../../impl/wire/schema.ts'
import type { ServiceSetup } from '../../../model/vocabulary/service.ts'
import type { Milliseconds } from '../../../model/vocabulary/units.ts'
import { Connections } from './connections.ts'
import { Directory } from './directory.ts'
import { Names } from './names.ts'
import type { Probe } from './probe.ts'
import type { ExactProducerId } from './producer-id.ts'

/** How long things may take. */
export type Patience = { readonly answerWithinMs: Milliseconds; readonly patienceMs: Milliseconds }

/** Times of records begin a minute ago: nothing expires, and nothing is in the future. */
const pastMs: Milliseconds = 60_000

export class Run {
  readonly setup: ServiceSetup
  readonly probe: Probe
  readonly patience: Patience
  readonly names: Names
  readonly connections: Connections
  readonly directory: Directory
  /** The time that is 0 in the vocabulary, on the clock of records. */
  readonly baseMs: Milliseconds = Date.now() - pastMs
  /** The id of each producer that was initialised, by its symbol. */
  readonly producers = new Map<string, ExactProducerId>()
  /** What may be there because of this run, by its name on the broker. */
  readonly topics = new Set<string>()
  readonly groups = new Set<string>()

  constructor(setup: ServiceSetup, probe: Probe, runPrefix: string, patience: Patience, oddities: Set<string>) {
    this.setup = setup
    this.probe = probe
    this.patience = patience
    this.names = new Names(runPrefix)
    this.connections = new Connections(patience.answerWithinMs, oddities)
    const coordinatorVersion = this.versionOf('FindCoordinator')
    this.directory = new Directory(probe, this.connections, this.names.clientId('driver'), coordinatorVersion)
  }

  /** The version of an API that this run speaks: what the set-up says, else the newest that can be spoken; -1 without any. */
  versionOf(api: string): number {
    return this.setup.versions[api] ?? this.probe.spoken[api]?.to ?? -1
  }

  /** Asks a broker, on the connection for everything that comes in order. Rejects with `subjectGone`. */
  async ask<A extends Api>(address: Address, api: A, body: RequestOf<A>): Promise<ResponseOf<A>> {
    const connection = await this.connections.to(address, 'data', this.names.clientId('driver'))
    return await this.connections.ask(connection, api, this.versionOf(api.name), body)
  }
}
