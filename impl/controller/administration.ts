// What administrators ask of the controller: topics, settings, elections, reassignments, producer ids. Each method is one
// event: what it decided is durable, and pushed, when it returns. docs/protocol/cluster.md §5.
//
// Every method throws `DiskFailure` when a decision could not be kept; the controller is halted then. What is asked for
// is answered part by part, in the order asked, and one part that fails changes nothing for the others.
import type { TopicConfig } from '../../model/vocabulary/messages.ts'
import type { BrokerEpoch, BrokerId, ProducerId } from '../../model/vocabulary/units.ts'
import { isInternal } from '../broker/topics.ts'
import type { TopicId } from '../ports/image.ts'
import {
  type AdminError,
  type AlteredReassignment,
  type AlteredResource,
  type AskedReassignment,
  type AskedResource,
  type ChangedSettings,
  type CreatedTopic,
  type DeletedTopic,
  type DescribedResource,
  type Elected,
  failed,
  type GrowingTopic,
  type GrownTopic,
  type ListedReassignment,
  type NamedTopic,
  type NewTopic,
  none,
  type Partition,
  type ProducerIdBlock,
  type ReplacedSettings,
  type Resource,
} from './admin-requests.ts'
import { changedSettings } from './alter-settings.ts'
import type { ClusterMetadata, PartitionSlot, TopicFacts } from './cluster-metadata.ts'
import { newPartitions } from './create-topic.ts'
import { describeBroker, describeTopic } from './describe-settings.ts'
import type { Elections } from './elections.ts'
import type { LastingCluster } from './lasting-cluster.ts'
import { changeInSyncReplicas } from './partition-change.ts'
import {
  askedSettings,
  place,
  planTopic,
  refuseAssignment,
  refuseCount,
  refuseMany,
  refuseReplicas,
} from './plan-topic.ts'
import { type Reassigned, reassign, reverted } from './reassignment.ts'
import { refuseName } from './topic-names.ts'
import { configOf, kafkaDefaults, type Settings } from './topic-settings.ts'

const producerIdsInBlock = 1000

type Surroundings = {
  readonly metadata: ClusterMetadata
  readonly elections: Elections
  /** Null where topics have no ids and nothing is kept: only the settings can be changed then. */
  readonly lasting: LastingCluster | null
  /** Runs one event of the controller. */
  readonly decide: <Result>(step: () => Result) => Result
  readonly takeProducerIds: (count: number) => ProducerId
}

/** The controller's side of Kafka's admin APIs. */
export class Administration {
  readonly #surroundings: Surroundings
  readonly #metadata: ClusterMetadata

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
    this.#metadata = surroundings.metadata
  }

  /** The id of a topic; null when there is no such topic. */
  topicId(topic: string): TopicId | null {
    return this.#metadata.topic(topic)?.topicId ?? null
  }

  /** The topic with an id; null when there is none (any more). */
  topicOf(topicId: TopicId): string | null {
    for (const topic of this.#metadata.topicNames()) if (this.topicId(topic) === topicId) return topic
    return null
  }

  /** CreateTopics. `validateOnly`: answers as if, and changes nothing. */
  createTopics(asked: readonly NewTopic[], validateOnly: boolean): readonly CreatedTopic[] {
    const refused = refuseMany(asked)
    if (refused !== null) return asked.map(topic => notCreated(topic, refused))
    const counts = countBy(asked, ({ topic }) => topic)
    return this.#decideUnless(validateOnly, () =>
      asked.map(topic => {
        if ((counts.get(topic.topic) ?? 0) > 1) return notCreated(topic, named('the topic', topic.topic))
        return this.#create(topic, validateOnly, false)
      }),
    )
  }

  /** Creates a topic that the cluster keeps for itself; its name begins with `__`. */
  createInternalTopic(asked: NewTopic): CreatedTopic {
    return this.#decideUnless(false, () => this.#create(asked, false, true))
  }

  /** DeleteTopics, by name or by id. */
  deleteTopics(asked: readonly NamedTopic[]): readonly DeletedTopic[] {
    return this.#decideUnless(false, () => asked.map(topic => this.#delete(topic)))
  }

  /** CreatePartitions. */
  createPartitions(asked: readonly GrowingTopic[], validateOnly: boolean): readonly GrownTopic[] {
    const counts = countBy(asked, ({ topic }) => topic)
    return this.#decideUnless(validateOnly, () =>
      asked.map(growing => {
        const { topic } = growing
        const isTwice = (counts.get(topic) ?? 0) > 1
        return { topic, ...(isTwice ? named('the topic', topic) : this.#grow(growing, validateOnly)) }
      }),
    )
  }

  /** AlterConfigs: what is not given is reset. */
  alterConfigs(asked: readonly ReplacedSettings[], validateOnly: boolean): readonly AlteredResource[] {
    return this.#alter(asked, validateOnly, ({ settings }) => askedSettings(settings))
  }

  /** IncrementalAlterConfigs. */
  incrementalAlterConfigs(asked: readonly ChangedSettings[], validateOnly: boolean): readonly AlteredResource[] {
    return this.#alter(
      asked,
      validateOnly,
      ({ changes }, { settings }) => changedSettings(settings, changes, this.#defaults),
      // Tools clear brokers' settings without asking whether they were set, and none ever are.
      ({ changes }) => changes.every(({ operation }) => operation === 'DELETE'),
    )
  }

  /** DescribeConfigs. */
  describeConfigs(asked: readonly AskedResource[]): readonly DescribedResource[] {
    return asked.map(({ type, name, names }) => {
      const all = this.#describe({ type, name })
      if ('error' in all) return { type, name, settings: [], ...all }
      const settings = names === null ? all : all.filter(setting => names.includes(setting.name))
      return { type, name, settings, ...none }
    })
  }

  /** ElectLeaders; null: all partitions, of which those that need no election are not told. */
  electLeaders(asked: readonly Partition[] | null, election: 'preferred' | 'unclean'): readonly Elected[] {
    const isAll = asked === null
    const all = (): readonly Partition[] => this.#all().map(({ state: { topic, partition } }) => ({ topic, partition }))
    return this.#surroundings.decide(() =>
      (asked ?? all()).flatMap(({ topic, partition }) => {
        const elected = this.#elect(topic, partition, election)
        return isAll && elected.error === 'ELECTION_NOT_NEEDED' ? [] : [{ topic, partition, ...elected }]
      }),
    )
  }

  /** AlterPartitionReassignments (KIP-455). */
  alterReassignments(asked: readonly AskedReassignment[]): readonly AlteredReassignment[] {
    return this.#surroundings.decide(() =>
      asked.map(({ topic, partition, replicas }) => ({
        topic,
        partition,
        ...this.#reassign(topic, partition, replicas),
      })),
    )
  }

  /** ListPartitionReassignments; null: all. */
  listReassignments(asked: readonly Partition[] | null): readonly ListedReassignment[] {
    const slots = asked?.map(({ topic, partition }) => this.#metadata.partition(topic, partition)) ?? this.#all()
    return slots.flatMap(slot => {
      if (slot === undefined || slot.reassignment === null) return []
      const { topic, partition, replicas } = slot.state
      return [{ topic, partition, replicas, ...slot.reassignment }]
    })
  }

  /** AllocateProducerIds: a block for a broker to hand out, or why it gets none. */
  allocateProducerIds(brokerId: BrokerId, brokerEpoch: BrokerEpoch): ProducerIdBlock | AdminError {
    if (this.#metadata.broker(brokerId)?.brokerEpoch !== brokerEpoch) {
      return failed('STALE_BROKER_EPOCH', `The broker ${brokerId} is not registered with epoch ${brokerEpoch}.`)
    }
    const firstProducerId = this.#surroundings.decide(() => this.#surroundings.takeProducerIds(producerIdsInBlock))
    return { firstProducerId, count: producerIdsInBlock }
  }

  /** Sets one setting of a topic that exists, inside of an event. */
  setSetting(topic: string, name: string, value: string): void {
    const facts = this.#metadata.topic(topic)
    if (facts !== undefined) this.#set(topic, facts, new Map(facts.settings).set(name, value))
  }

  get #defaults(): TopicConfig {
    return this.#surroundings.lasting?.topicDefaults ?? kafkaDefaults
  }

  get #lasting(): LastingCluster {
    const { lasting } = this.#surroundings
    if (lasting === null) throw new Error('topics are created and deleted by clients in a lasting cluster only')
    return lasting
  }

  #decideUnless<Result>(validateOnly: boolean, step: () => Result): Result {
    return validateOnly ? step() : this.#surroundings.decide(step)
  }

  #create(asked: NewTopic, validateOnly: boolean, isOwn: boolean): CreatedTopic {
    const plan = planTopic(this.#metadata, this.#lasting, asked, isOwn)
    if ('error' in plan) return notCreated(asked, plan)
    const { assignment, settings } = plan
    const created = {
      topic: asked.topic,
      partitions: assignment.length,
      replicationFactor: assignment[0]?.length ?? 0,
      settings: describeTopic(settings, this.#defaults),
      ...none,
    }
    if (validateOnly) return { ...created, topicId: null }
    const topicId = this.#lasting.drawTopicId()
    const facts = { topicId, config: configOf(settings, this.#defaults), settings }
    this.#metadata.addTopic(asked.topic, facts, newPartitions(asked.topic, assignment, this.#metadata.isUnfenced))
    return { ...created, topicId }
  }

  #delete(asked: NamedTopic): DeletedTopic {
    const topic = asked.topic ?? (asked.topicId === null ? null : this.topicOf(asked.topicId))
    const topicId = asked.topicId ?? (topic === null ? null : this.topicId(topic))
    const answer = (error: AdminError): DeletedTopic => ({ topic, topicId, ...error })
    if (topic === null) return answer(failed('UNKNOWN_TOPIC_ID', 'No topic has this id.'))
    if (this.#metadata.topic(topic) === undefined) return answer(unknownTopic(topic))
    if (isInternal(topic)) return answer(failed('INVALID_REQUEST', `The cluster needs the topic ${topic} itself.`))
    this.#metadata.removeTopic(topic)
    return answer(none)
  }

  #grow({ topic, count, assignments }: GrowingTopic, validateOnly: boolean): AdminError {
    const slots = this.#metadata.partitionsOf(topic)
    const more = count - slots.length
    const replicationFactor = slots[0]?.state.replicas.length
    if (replicationFactor === undefined) return unknownTopic(topic)
    if (isInternal(topic)) return failed('INVALID_REQUEST', `The number of partitions of ${topic} never changes.`)
    if (more < 1) {
      return failed(
        'INVALID_PARTITIONS',
        `The topic ${topic} has ${slots.length} partitions, and ${count} are not more.`,
      )
    }
    const tooMany = refuseCount(count)
    if (tooMany !== null) return tooMany
    if (assignments !== null && assignments.length !== more) {
      const why = `${more} new partitions need as many assignments, not ${assignments.length}.`
      return failed('INVALID_REPLICA_ASSIGNMENT', why)
    }
    const placed = assignments ?? place(this.#metadata, more, replicationFactor, this.#lasting.draw)
    if ('error' in placed) return placed
    const refused = refuseAssignment(this.#metadata, placed)
    if (refused !== null) return refused
    if (validateOnly) return none
    const states = newPartitions(topic, placed, this.#metadata.isUnfenced)
    const numbered = states.map(state => ({ ...state, partition: state.partition + slots.length }))
    this.#metadata.addPartitions(topic, numbered)
    return none
  }

  #alter<Asked extends Resource>(
    asked: readonly Asked[],
    validateOnly: boolean,
    settingsAfter: (asked: Asked, facts: TopicFacts) => Map<string, string> | AdminError,
    changesNoBroker: (asked: Asked) => boolean = () => false,
  ): readonly AlteredResource[] {
    const counts = countBy(asked, ({ type, name }) => `${type} ${name}`)
    return this.#decideUnless(validateOnly, () =>
      asked.map(resource => {
        const { type, name } = resource
        const answer = (error: AdminError): AlteredResource => ({ type, name, ...error })
        if ((counts.get(`${type} ${name}`) ?? 0) > 1) return answer(named('the resource', name))
        if (type === 'broker') {
          if (changesNoBroker(resource)) return answer(none)
          return answer(failed('INVALID_REQUEST', 'The settings of brokers are given at their start and never change.'))
        }
        if (type === 'other') return answer(failed('INVALID_REQUEST', 'Only topics have settings that can be changed.'))
        const facts = this.#metadata.topic(name)
        if (facts === undefined) return answer(unknownTopic(name))
        const settings = settingsAfter(resource, facts)
        if (!(settings instanceof Map)) return answer(settings)
        if (!validateOnly) this.#set(name, facts, settings)
        return answer(none)
      }),
    )
  }

  #set(topic: string, before: TopicFacts, settings: Settings): void {
    const { elections } = this.#surroundings
    const config = configOf(settings, this.#defaults)
    this.#metadata.setTopic(topic, { ...before, config, settings })
    if (config.uncleanLeaderElection !== before.config.uncleanLeaderElection) {
      elections.electMissing(slot => slot.state.topic === topic)
    }
    if (config.minInSyncReplicas === before.config.minInSyncReplicas) return
    for (const slot of this.#metadata.partitionsOf(topic)) {
      const { state } = slot
      const changed = changeInSyncReplicas(state, state.inSyncReplicas, elections.rules(slot))
      // Who is eligible follows from the setting, so no leader may have its wish that decided by the old one.
      elections.change(slot, { ...changed, partitionEpoch: state.partitionEpoch + 1 })
    }
  }

  #describe({ type, name }: Resource): DescribedResource['settings'] | AdminError {
    if (type === 'other') return failed('INVALID_REQUEST', 'Only topics and brokers have settings.')
    if (type === 'topic') {
      const badName = refuseName(name)
      if (badName !== null) return failed('INVALID_TOPIC_EXCEPTION', badName)
      const facts = this.#metadata.topic(name)
      return facts === undefined ? unknownTopic(name) : describeTopic(facts.settings, this.#defaults)
    }
    if (name === '') return []
    const known = this.#metadata.knownBroker(Number(name))
    if (known === undefined) return failed('INVALID_REQUEST', `There is no broker ${name}.`)
    return describeBroker(known.registration.brokerId, known.place?.rack ?? null, this.#lasting.brokerSettings)
  }

  #elect(topic: string, partition: number, election: 'preferred' | 'unclean'): AdminError {
    const slot = this.#metadata.partition(topic, partition)
    if (slot === undefined) return unknownTopic(topic, partition)
    const error = this.#surroundings.elections.elect(slot, election)
    return error === 'NONE' ? none : { error, message: null }
  }

  #reassign(topic: string, partition: number, target: readonly BrokerId[] | null): AdminError {
    const { elections } = this.#surroundings
    const slot = this.#metadata.partition(topic, partition)
    if (slot === undefined) return unknownTopic(topic, partition)
    const { state, reassignment } = slot
    const rules = elections.rules(slot)
    if (target === null) {
      if (reassignment === null) {
        return failed('NO_REASSIGNMENT_IN_PROGRESS', `Nothing is moving ${topic}-${partition}.`)
      }
      const back = reverted(state, reassignment, rules)
      if (back === null) {
        return failed('INVALID_REPLICA_ASSIGNMENT', `None of the old replicas of ${topic}-${partition} is in sync.`)
      }
      this.#note(slot, { state: back, reassignment: null })
      return none
    }
    const refused = refuseReplicas(this.#metadata, target)
    if (refused !== null) return refused
    this.#note(slot, reassign(state, reassignment, target, rules))
    return none
  }

  #note(slot: PartitionSlot, { state, reassignment }: Reassigned): void {
    this.#metadata.setReassignment(slot, reassignment)
    this.#metadata.setPartition(slot, state)
  }

  #all(): readonly PartitionSlot[] {
    return Array.from(this.#metadata.topicNames())
      .sort()
      .flatMap(topic => this.#metadata.partitionsOf(topic))
  }
}

function notCreated({ topic }: NewTopic, error: AdminError): CreatedTopic {
  return { topic, topicId: null, partitions: -1, replicationFactor: -1, settings: [], ...error }
}

function unknownTopic(topic: string, partition: number | null = null): AdminError {
  const what = partition === null ? `topic ${topic}` : `partition ${topic}-${partition}`
  return failed('UNKNOWN_TOPIC_OR_PARTITION', `There is no ${what}.`)
}

function named(what: string, name: string): AdminError {
  return failed('INVALID_REQUEST', `The request names ${what} ${name} more than once.`)
}

function countBy<Item>(items: readonly Item[], key: (item: Item) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1)
  return counts
}
