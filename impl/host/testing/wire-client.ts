// A minimal client of a cluster, for tests: it finds leaders and coordinators, asks them, and asks again when the error
// says so. Unlike a full client it shows every answer as it came, and can be told not to retry, which is what a test of
// acknowledgements needs.
import { setTimeout as pause } from 'node:timers/promises'
import type { Milliseconds, Offset, PartitionIndex } from '../../../model/vocabulary/units.ts'
import { createTopics } from '../../wire/apis/create-topics.ts'
import { fetch } from '../../wire/apis/fetch.ts'
import { findCoordinator } from '../../wire/apis/find-coordinator.ts'
import { initProducerId } from '../../wire/apis/init-producer-id.ts'
import { listOffsets } from '../../wire/apis/list-offsets.ts'
import { metadata } from '../../wire/apis/metadata.ts'
import { offsetCommit } from '../../wire/apis/offset-commit.ts'
import { offsetFetch } from '../../wire/apis/offset-fetch.ts'
import { offsetForLeaderEpoch } from '../../wire/apis/offset-for-leader-epoch.ts'
import { produce } from '../../wire/apis/produce.ts'
import { errorName, type KafkaErrorName } from '../../wire/errors.ts'
import { type Api, defaultsOf, type RequestOf, type ResponseOf } from '../../wire/schema.ts'
import { type Address, ConnectionLost, WireConnection } from '../wire-connection.ts'

/** Kafka answered an error. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly error: KafkaErrorName

  constructor(error: KafkaErrorName, what: string) {
    super(`${what}: ${error}`)
    this.error = error
  }
}

/** The versions that are spoken here: the newest that name topics by their names. */
const versions = { produce: 12, fetch: 12, offsetCommit: 9, offsetFetch: 9 } as const

const lookMs: Milliseconds = 50

/** Errors after which the same question may be answered, somewhere else or later. */
const passing = new Set<KafkaErrorName>([
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'LEADER_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'NOT_LEADER_OR_FOLLOWER',
  'OFFSET_NOT_AVAILABLE',
  'REQUEST_TIMED_OUT',
  'UNKNOWN_LEADER_EPOCH',
  'UNKNOWN_TOPIC_OR_PARTITION',
])

/** Metadata of all or some topics. */
export type ClusterMetadata = ResponseOf<typeof metadata>
/** What a fetch of one partition brought. */
export type FetchedPartition = ResponseOf<typeof fetch>['responses'][number]['partitions'][number]
type ListedOffset = ResponseOf<typeof listOffsets>['topics'][number]['partitions'][number]
type EpochEnd = ResponseOf<typeof offsetForLeaderEpoch>['topics'][number]['partitions'][number]

/** A client. Whoever makes one closes it. */
export class WireClient {
  readonly #bootstrap: readonly Address[]
  readonly #clientId: string
  readonly #patienceMs: Milliseconds
  readonly #connections = new Map<Address, Promise<WireConnection>>()
  /** Leaders by `topic-partition` and coordinators by group, as they were last heard of. */
  readonly #leaders = new Map<string, Address>()
  readonly #coordinators = new Map<string, Address>()
  #isClosed = false

  /** `patienceMs` is how long passing errors and lost connections are retried before the last of them is thrown. */
  constructor(bootstrap: string, { clientId = 'wire-client', patienceMs = 30_000 } = {}) {
    this.#bootstrap = bootstrap.split(',')
    this.#clientId = clientId
    this.#patienceMs = patienceMs
  }

  /** The open connection to a broker; opened when there is none. */
  async connection(address: Address): Promise<WireConnection> {
    const known = this.#connections.get(address)
    if (known !== undefined) {
      const connection = await known.catch(() => null)
      if (connection !== null && !connection.isClosed) return connection
      if (this.#connections.get(address) === known) this.#connections.delete(address)
      return this.connection(address)
    }
    if (this.#isClosed) throw new ConnectionLost('the client is closed')
    const opening = WireConnection.open(address, this.#clientId)
    this.#connections.set(address, opening)
    return await opening
  }

  /** Asks any broker of the bootstrap list that answers. */
  async askAny<A extends Api>(api: A, version: number, body: RequestOf<A>): Promise<ResponseOf<A>> {
    return await this.patiently(async () => {
      let lost: unknown = new ConnectionLost('there is no broker')
      for (const address of this.#bootstrap) {
        try {
          return await (await this.connection(address)).ask(api, version, body)
        } catch (error) {
          if (!(error instanceof ConnectionLost)) throw error
          lost = error
        }
      }
      throw lost
    })
  }

  /** Does a step again while it fails in passing: a lost connection or a passing error. */
  async patiently<Result>(step: () => Promise<Result>): Promise<Result> {
    const until = performance.now() + this.#patienceMs
    for (;;) {
      try {
        return await step()
      } catch (error) {
        const isPassing = error instanceof ConnectionLost || (error instanceof Refused && passing.has(error.error))
        if (!isPassing || this.#isClosed || performance.now() > until) throw error
        this.#leaders.clear()
        this.#coordinators.clear()
        await pause(lookMs)
      }
    }
  }

  /** Metadata of these topics, of all when absent; topics that are not there are not created. */
  async metadata(topics: readonly string[] | null = null): Promise<ClusterMetadata> {
    const named = topics?.map(name => ({ name, topicId: '0'.repeat(32) })) ?? null
    const known = await this.askAny(metadata, 12, {
      ...defaultsOf(metadata.request),
      topics: named,
      allowAutoTopicCreation: false,
    })
    const addresses = new Map(known.brokers.map(({ nodeId, host, port }) => [nodeId, `${host}:${port}`]))
    for (const { name, partitions } of known.topics) {
      for (const { partitionIndex, leaderId } of partitions) {
        const address = addresses.get(leaderId)
        if (address !== undefined) this.#leaders.set(`${name}-${partitionIndex}`, address)
      }
    }
    return known
  }

  /** The connection to the leader of a partition. Throws Refused and ConnectionLost. */
  async leader(topic: string, partition: PartitionIndex): Promise<WireConnection> {
    const key = `${topic}-${partition}`
    if (!this.#leaders.has(key)) await this.metadata([topic])
    const address = this.#leaders.get(key)
    if (address === undefined) throw new Refused('LEADER_NOT_AVAILABLE', key)
    return await this.connection(address)
  }

  /** The connection to the coordinator of a group. Throws Refused and ConnectionLost. */
  async coordinator(group: string): Promise<WireConnection> {
    const known = this.#coordinators.get(group)
    if (known !== undefined) return await this.connection(known)
    const asked = { ...defaultsOf(findCoordinator.request), coordinatorKeys: [group] }
    const { coordinators } = await this.askAny(findCoordinator, 4, asked)
    const [found] = coordinators
    accept(found?.errorCode ?? -1, `the coordinator of ${group}`)
    const address = `${found?.host}:${found?.port}`
    this.#coordinators.set(group, address)
    return await this.connection(address)
  }

  /** Forgets who leads and coordinates: the next question asks for it again. */
  forget(): void {
    this.#leaders.clear()
    this.#coordinators.clear()
  }

  /** Creates topics; -1 partitions or replicas are the broker's defaults. Throws Refused. */
  async createTopic(
    topic: string,
    partitions = -1,
    replicationFactor = -1,
    config: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const { topics } = await this.askAny(createTopics, 7, {
      timeoutMs: 10_000,
      validateOnly: false,
      topics: [
        {
          name: topic,
          numPartitions: partitions,
          replicationFactor,
          assignments: [],
          configs: Object.entries(config).map(([name, value]) => ({ name, value })),
        },
      ],
    })
    accept(topics[0]?.errorCode ?? -1, `creating ${topic}: ${topics[0]?.errorMessage ?? ''}`)
  }

  /** A new producer's id; its epoch is 0. */
  async producerId(): Promise<number> {
    const asked = { ...defaultsOf(initProducerId.request), transactionalId: null }
    return await this.patiently(async () => {
      const { errorCode, producerId } = await this.askAny(initProducerId, 5, asked)
      accept(errorCode, 'a producer id')
      return producerId
    })
  }

  /**
   * Sends one batch with `acks` all and gives its base offset. Nothing is retried: after ConnectionLost nobody knows
   * whether it was appended. Throws Refused with the broker's error.
   */
  async produceOnce(topic: string, partition: PartitionIndex, batch: Uint8Array, timeoutMs = 10_000): Promise<Offset> {
    const leader = await this.leader(topic, partition)
    const { responses } = await leader.ask(produce, versions.produce, produceBody(topic, partition, batch, timeoutMs))
    const answered = responses[0]?.partitionResponses[0]
    accept(answered?.errorCode ?? -1, `a batch for ${topic}-${partition}`)
    return answered?.baseOffset ?? -1
  }

  /** As `produceOnce`, and again on passing errors: without a producer id the batch may be there twice then. */
  async produce(topic: string, partition: PartitionIndex, batch: Uint8Array): Promise<Offset> {
    return await this.patiently(() => this.produceOnce(topic, partition, batch))
  }

  /** Reads from an offset on, at most `bytesMax` but always a whole batch if there is one. Throws Refused. */
  async fetch(
    topic: string,
    partition: PartitionIndex,
    offset: Offset,
    { bytesMax = 1_048_576, maxWaitMs = 0, minBytes = 1 } = {},
  ): Promise<FetchedPartition> {
    return await this.patiently(async () => {
      const leader = await this.leader(topic, partition)
      const asked = { ...defaultsOf(fetch.request), maxWaitMs, minBytes, maxBytes: bytesMax }
      const { responses } = await leader.ask(fetch, versions.fetch, {
        ...asked,
        topics: [{ topic, topicId: '', partitions: [fetchFrom(partition, offset, bytesMax)] }],
      })
      const answered = responses[0]?.partitions[0]
      if (answered === undefined) throw new Error(`no answer for ${topic}-${partition}`)
      accept(answered.errorCode, `fetching ${topic}-${partition} from ${offset}`)
      return answered
    })
  }

  /** The offset at a time; -1 is the end, -2 the start, -3 the largest timestamp. Throws Refused. */
  async listOffset(topic: string, partition: PartitionIndex, timestamp: Milliseconds): Promise<ListedOffset> {
    return await this.patiently(async () => {
      const leader = await this.leader(topic, partition)
      const row = { partitionIndex: partition, currentLeaderEpoch: -1, timestamp }
      const asked = { ...defaultsOf(listOffsets.request), replicaId: -1, topics: [{ name: topic, partitions: [row] }] }
      const { topics } = await leader.ask(listOffsets, 7, asked)
      const answered = topics[0]?.partitions[0]
      if (answered === undefined) throw new Error(`no answer for ${topic}-${partition}`)
      accept(answered.errorCode, `the offset of ${topic}-${partition} at ${timestamp}`)
      return answered
    })
  }

  /** Where a leader epoch ends. Throws Refused. */
  async endOfEpoch(topic: string, partition: PartitionIndex, leaderEpoch: number): Promise<EpochEnd> {
    return await this.patiently(async () => {
      const leader = await this.leader(topic, partition)
      const row = { partition, currentLeaderEpoch: -1, leaderEpoch }
      const asked = { replicaId: -1, topics: [{ topic, partitions: [row] }] }
      const { topics } = await leader.ask(offsetForLeaderEpoch, 4, asked)
      const answered = topics[0]?.partitions[0]
      if (answered === undefined) throw new Error(`no answer for ${topic}-${partition}`)
      accept(answered.errorCode, `the end of epoch ${leaderEpoch} of ${topic}-${partition}`)
      return answered
    })
  }

  /** Commits one offset of a group, as a member or (by default) as nobody. Nothing is retried. Throws Refused. */
  async commitOnce(
    group: string,
    topic: string,
    partition: PartitionIndex,
    offset: Offset,
    by = nobody,
  ): Promise<void> {
    await commitOn(await this.coordinator(group), group, topic, partition, offset, by)
  }

  /** What a group committed last for a partition; -1 for nothing. Throws Refused. */
  async committed(group: string, topic: string, partition: PartitionIndex): Promise<Offset> {
    return await this.patiently(async () => {
      const coordinator = await this.coordinator(group)
      const ofGroup = { groupId: group, memberId: null, memberEpoch: -1 }
      const { groups } = await coordinator.ask(offsetFetch, versions.offsetFetch, {
        ...defaultsOf(offsetFetch.request),
        groups: [{ ...ofGroup, topics: [{ name: topic, topicId: '', partitionIndexes: [partition] }] }],
      })
      const [answered] = groups
      accept(answered?.errorCode ?? -1, `the offsets of ${group}`)
      const row = answered?.topics[0]?.partitions[0]
      accept(row?.errorCode ?? -1, `the offset of ${group} in ${topic}-${partition}`)
      return row?.committedOffset ?? -1
    })
  }

  /** Closes every connection; what is under way is rejected. */
  close(): void {
    this.#isClosed = true
    for (const opening of this.#connections.values()) {
      opening.then(
        connection => connection.close(),
        () => {},
      )
    }
    this.#connections.clear()
  }
}

/** Commits one offset on a connection to the group's coordinator: what is asked first is carried out first. */
export async function commitOn(
  coordinator: WireConnection,
  group: string,
  topic: string,
  partition: PartitionIndex,
  offset: Offset,
  { memberId, generationId } = nobody,
): Promise<void> {
  const row = { partitionIndex: partition, committedOffset: offset, committedLeaderEpoch: -1, committedMetadata: '' }
  const { topics } = await coordinator.ask(offsetCommit, versions.offsetCommit, {
    ...defaultsOf(offsetCommit.request),
    groupId: group,
    memberId,
    generationIdOrMemberEpoch: generationId,
    topics: [{ name: topic, topicId: '', partitions: [row] }],
  })
  accept(topics[0]?.partitions[0]?.errorCode ?? -1, `the offset of ${group} in ${topic}-${partition}`)
}

/** Who commits without being a member. */
const nobody = { memberId: '', generationId: -1 }

/** A Produce request of one batch with `acks` all. */
export function produceBody(
  topic: string,
  partition: PartitionIndex,
  batch: Uint8Array,
  timeoutMs: Milliseconds,
): RequestOf<typeof produce> {
  const partitionData = [{ index: partition, records: batch }]
  return { transactionalId: null, acks: -1, timeoutMs, topicData: [{ name: topic, topicId: '', partitionData }] }
}

/** Throws Refused unless the code is that of no error. */
export function accept(code: number, what: string): void {
  if (code !== 0) throw new Refused(errorName(code) ?? 'UNKNOWN_SERVER_ERROR', what)
}

type FetchRow = RequestOf<typeof fetch>['topics'][number]['partitions'][number]

function fetchFrom(partition: PartitionIndex, fetchOffset: Offset, partitionMaxBytes: number): FetchRow {
  const whole = { currentLeaderEpoch: -1, lastFetchedEpoch: -1, logStartOffset: -1, replicaDirectoryId: '' }
  return { ...whole, partition, fetchOffset, partitionMaxBytes, highWatermark: Number.MAX_SAFE_INTEGER }
}
