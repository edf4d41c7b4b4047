// Where things are, by the driver's own questions: who leads a partition and since which epoch, the ids of topics, who
// coordinates a group. It is kept until an answer says that it is no longer so.
import { randomBytes } from 'node:crypto'
import type { Address } from '../../../impl/host/wire-connection.ts'
import { findCoordinator } from '../../../impl/wire/apis/find-coordinator.ts'
import { metadata } from '../../../impl/wire/apis/metadata.ts'
import { defaultsOf, type ResponseOf, zeroUuid } from '../../../impl/wire/schema.ts'
import type { LeaderEpoch, PartitionIndex } from '../../../model/vocabulary/units.ts'
import { isSubjectGone, subjectGone } from '../../subject-gone.ts'
import type { Connections } from './connections.ts'
import { nameOf } from './outcomes.ts'
import type { Probe } from './probe.ts'

/** A topic as Metadata shows it. */
export type ShownTopic = ResponseOf<typeof metadata>['topics'][number]

/** Whom to ask about a partition. What is not known of it is made up, so that the broker can say that it is not there. */
export type Place = {
  readonly address: Address
  /** 32 hex digits: of a topic that is not there, one that no topic has. */
  readonly topicId: string
  /** Null where the broker is too old to tell it. */
  readonly leaderEpoch: LeaderEpoch | null
}

/** A group's coordinator, or why none is known. */
export type Coordinator =
  | { readonly kind: 'found'; readonly address: Address }
  | { readonly kind: 'error'; readonly error: string }

/** The purpose of the connections that ask for these things. */
const purpose = 'control'

/** What is known of one cluster. */
export class Directory {
  readonly #connections: Connections
  readonly #clientId: string
  readonly #metadataVersion: number
  readonly #coordinatorVersion: number
  #brokers: ReadonlyMap<number, Address>
  readonly #topics = new Map<string, ShownTopic | null>()
  readonly #coordinators = new Map<string, Address>()

  constructor(probe: Probe, connections: Connections, clientId: string, coordinatorVersion: number) {
    this.#connections = connections
    this.#clientId = clientId
    this.#metadataVersion = probe.spoken.Metadata?.to ?? -1
    this.#coordinatorVersion = coordinatorVersion
    this.#brokers = new Map(probe.brokers.map(({ id, address }) => [id, address]))
  }

  /** All brokers that are known, ascending by id. */
  get brokers(): readonly Address[] {
    return [...this.#brokers].sort(([a], [b]) => a - b).map(([, address]) => address)
  }

  /** A broker for questions that any can answer. */
  get anyBroker(): Address {
    const [first] = this.brokers
    if (first === undefined) throw subjectGone('Metadata named no broker')
    return first
  }

  /** The broker that administrates, where the cluster has one; any broker passes such requests on where it has none. */
  async administrator(): Promise<Address> {
    const connection = await this.#connections.to(this.anyBroker, purpose, this.#clientId)
    const asked = { ...defaultsOf(metadata.request), topics: [], allowAutoTopicCreation: false }
    const { controllerId } = await this.#connections.ask(connection, metadata, this.#metadataVersion, asked)
    return this.#brokers.get(controllerId) ?? this.anyBroker
  }

  /** Forgets what is known of a topic. */
  forgetTopic(topic: string): void {
    this.#topics.delete(topic)
  }

  /** Forgets who coordinates a group. */
  forgetCoordinator(group: string): void {
    this.#coordinators.delete(group)
  }

  /** Whom to ask about a partition; a partition that is not there or has no leader is asked of any broker. */
  async placeOf(topic: string, partition: PartitionIndex, isFresh = false): Promise<Place> {
    if (isFresh) this.forgetTopic(topic)
    const shown = await this.#topic(topic)
    const row = shown?.partitions.find(({ partitionIndex }) => partitionIndex === partition)
    const isEpochTold = this.#metadataVersion >= epochSince && row?.leaderEpoch !== -1
    return {
      address: this.#brokers.get(row?.leaderId ?? -1) ?? this.anyBroker,
      topicId: shown === null || shown.topicId === zeroUuid ? randomBytes(16).toString('hex') : shown.topicId,
      leaderEpoch: isEpochTold ? (row?.leaderEpoch ?? 0) : null,
    }
  }

  /** The id of a topic; of one that is not there, one that no topic has. */
  async topicIdOf(topic: string): Promise<string> {
    return (await this.placeOf(topic, 0)).topicId
  }

  /** A topic as one broker shows it now; null when it shows none. */
  async shownBy(address: Address, topic: string): Promise<ShownTopic | null> {
    return (await this.#ask(address, topic)).topic
  }

  /** The coordinator of a group. */
  async coordinatorOf(group: string): Promise<Coordinator> {
    const known = this.#coordinators.get(group)
    if (known !== undefined) return { kind: 'found', address: known }
    const connection = await this.#connections.to(this.anyBroker, purpose, this.#clientId)
    const asked = { key: group, keyType: 0, coordinatorKeys: [group] }
    const answer = await this.#connections.ask(connection, findCoordinator, this.#coordinatorVersion, asked)
    const found = this.#coordinatorVersion >= severalSince ? answer.coordinators[0] : answer
    if (found === undefined) return { kind: 'error', error: 'an answer without the group' }
    if (found.errorCode !== 0) return { kind: 'error', error: nameOf(found.errorCode) }
    const address = `${found.host}:${found.port}`
    this.#coordinators.set(group, address)
    return { kind: 'found', address }
  }

  async #topic(topic: string): Promise<ShownTopic | null> {
    const known = this.#topics.get(topic)
    if (known !== undefined) return known
    const { brokers, topic: shown } = await this.#askAny(topic)
    if (brokers.length > 0)
      this.#brokers = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, `${host}:${port}`]))
    // What is not there yet may be there at any time.
    if (shown?.errorCode === 0 && shown.partitions.every(({ leaderId }) => leaderId >= 0))
      this.#topics.set(topic, shown)
    return shown
  }

  /** One broker of several may be down without anybody having to notice. */
  async #askAny(topic: string): Promise<ResponseOf<typeof metadata> & { readonly topic: ShownTopic | null }> {
    let gone: unknown = subjectGone('Metadata named no broker')
    for (const address of this.brokers) {
      try {
        return await this.#ask(address, topic)
      } catch (error) {
        if (!isSubjectGone(error)) throw error
        gone = error
      }
    }
    throw gone
  }

  async #ask(
    address: Address,
    topic: string,
  ): Promise<ResponseOf<typeof metadata> & { readonly topic: ShownTopic | null }> {
    const connection = await this.#connections.to(address, purpose, this.#clientId)
    const asked = { ...defaultsOf(metadata.request), ...onlyNamed(topic) }
    const answer = await this.#connections.ask(connection, metadata, this.#metadataVersion, asked)
    const shown = answer.topics.find(({ name }) => name === topic)
    return { ...answer, topic: shown === undefined || isAbsent(shown.errorCode) ? null : shown }
  }
}

/** What a Metadata request says of the one topic that it asks for, which must not be created by that. */
export function onlyNamed(topic: string) {
  return { topics: [{ name: topic, topicId: zeroUuid }], allowAutoTopicCreation: false }
}

/** Metadata tells leader epochs since version 7, FindCoordinator takes several groups since version 4. */
const epochSince = 7
const severalSince = 4

const absence: ReadonlySet<string> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'UNKNOWN_TOPIC_ID',
  'INVALID_TOPIC_EXCEPTION',
])

function isAbsent(code: number): boolean {
  return absence.has(nameOf(code))
}
