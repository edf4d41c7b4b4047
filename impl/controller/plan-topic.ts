// What a new topic would be, checked in the order in which Kafka complains. Follows
// `ReplicationControlManager.createTopic`; docs/protocol/cluster.md §5.3.
import type { BrokerId } from '../../model/vocabulary/units.ts'
import { isInternal } from '../broker/topics.ts'
import { type AdminError, type AskedSetting, failed, type NewTopic } from './admin-requests.ts'
import type { ClusterMetadata } from './cluster-metadata.ts'
import type { LastingCluster } from './lasting-cluster.ts'
import { type Draw, placeReplicas } from './place-replicas.ts'
import { metricName, refuseName } from './topic-names.ts'
import { refuseSettings, type Settings } from './topic-settings.ts'

/** A topic that may be created: each partition's replicas, preferred leader first, and what it sets. */
export type PlannedTopic = { readonly assignment: readonly (readonly BrokerId[])[]; readonly settings: Settings }

/** As many partitions as a topic may have, and as all new topics of one request may have: the image holds each of them. */
const partitionsMax = 10_000

/** Why a topic cannot have so many partitions; null when it can. */
export function refuseCount(partitions: number): AdminError | null {
  if (partitions <= partitionsMax) return null
  return failed('INVALID_PARTITIONS', `A topic has at most ${partitionsMax} partitions here, not ${partitions}.`)
}

/** Why one request cannot create all of these topics; null when it can. Kafka's limit is the same for the whole batch. */
export function refuseMany(asked: readonly NewTopic[]): AdminError | null {
  if (asked.length < 2) return null
  const all = asked.reduce((sum, { partitions, assignments }) => sum + Math.max(1, partitions, assignments.length), 0)
  if (all <= partitionsMax) return null
  return failed('POLICY_VIOLATION', `One request creates at most ${partitionsMax} partitions here, not ${all}.`)
}

/** The plan, or why there is none. `isOwn`: the cluster asks for itself, and may take a name that begins with `__`. */
export function planTopic(
  metadata: ClusterMetadata,
  cluster: LastingCluster,
  asked: NewTopic,
  isOwn: boolean,
): PlannedTopic | AdminError {
  const { topic } = asked
  const badName = refuseName(topic)
  if (badName !== null) return failed('INVALID_TOPIC_EXCEPTION', badName)
  if (isInternal(topic) && !isOwn) {
    return failed('INVALID_TOPIC_EXCEPTION', 'Names that begin with "__" are for the cluster itself.')
  }
  if (metadata.topic(topic) !== undefined) {
    return failed('TOPIC_ALREADY_EXISTS', `There is a topic ${topic} already.`)
  }
  for (const other of metadata.topicNames()) {
    if (metricName(other) !== metricName(topic)) continue
    return failed(
      'INVALID_TOPIC_EXCEPTION',
      `"." and "_" count as the same in names, so ${topic} collides with ${other}.`,
    )
  }
  const settings = askedSettings(asked.settings)
  if (!(settings instanceof Map)) return settings
  const assignment = asked.assignments.length > 0 ? explicit(metadata, asked) : byNumbers(metadata, cluster, asked)
  return 'error' in assignment ? assignment : { assignment, settings }
}

/** The settings as a map, or why they are refused. */
export function askedSettings(asked: readonly AskedSetting[]): Map<string, string> | AdminError {
  const settings = new Map<string, string>()
  for (const { name, value } of asked) {
    if (value === null) return failed('INVALID_CONFIG', `The setting ${name} has no value.`)
    if (settings.has(name)) return failed('INVALID_CONFIG', `The setting ${name} is given twice.`)
    settings.set(name, value)
  }
  const refused = refuseSettings(settings)
  return refused === null ? settings : failed('INVALID_CONFIG', refused)
}

/** Replicas for new partitions, or why there can be none. */
export function place(
  metadata: ClusterMetadata,
  partitions: number,
  replicationFactor: number,
  draw: Draw,
): readonly (readonly BrokerId[])[] | AdminError {
  const brokers = metadata.brokerIds()
  if (replicationFactor > brokers.length) {
    const why = `${replicationFactor} replicas need as many brokers, and ${brokers.length} are registered.`
    return failed('INVALID_REPLICATION_FACTOR', why)
  }
  const unfenced = brokers.filter(metadata.isUnfenced)
  if (unfenced.length === 0) return failed('INVALID_REPLICATION_FACTOR', 'Every registered broker is fenced now.')
  const fenced = brokers.filter(id => !metadata.isUnfenced(id))
  return placeReplicas(unfenced, fenced, partitions, replicationFactor, draw)
}

/** Why a partition cannot have these replicas; null when it can. */
export function refuseReplicas(metadata: ClusterMetadata, replicas: readonly BrokerId[]): AdminError | null {
  const refuse = (why: string): AdminError => failed('INVALID_REPLICA_ASSIGNMENT', why)
  if (replicas.length === 0) return refuse('A partition has at least one replica.')
  if (new Set(replicas).size !== replicas.length)
    return refuse(`The replicas ${replicas.join(', ')} name a broker twice.`)
  const unknown = replicas.find(id => metadata.broker(id) === undefined)
  return unknown === undefined ? null : refuse(`There is no broker ${unknown}.`)
}

function byNumbers(
  metadata: ClusterMetadata,
  cluster: LastingCluster,
  asked: NewTopic,
): readonly (readonly BrokerId[])[] | AdminError {
  const partitions = asked.partitions === -1 ? cluster.partitionsDefault : asked.partitions
  const replicationFactor = asked.replicationFactor === -1 ? cluster.replicationFactorDefault : asked.replicationFactor
  if (partitions < 1) return failed('INVALID_PARTITIONS', `A topic has at least one partition, not ${partitions}.`)
  const tooMany = refuseCount(partitions)
  if (tooMany !== null) return tooMany
  if (replicationFactor < 1) {
    return failed('INVALID_REPLICATION_FACTOR', `A partition has at least one replica, not ${replicationFactor}.`)
  }
  return place(metadata, partitions, replicationFactor, cluster.draw)
}

function explicit(metadata: ClusterMetadata, asked: NewTopic): readonly (readonly BrokerId[])[] | AdminError {
  if (asked.partitions !== -1 || asked.replicationFactor !== -1) {
    return failed(
      'INVALID_REQUEST',
      'Numbers of partitions and replicas follow from an assignment: both are -1 beside it.',
    )
  }
  const tooMany = refuseCount(asked.assignments.length)
  if (tooMany !== null) return tooMany
  const sorted = asked.assignments.toSorted((a, b) => a.partition - b.partition)
  if (sorted.some(({ partition }, index) => partition !== index)) {
    return failed('INVALID_REPLICA_ASSIGNMENT', 'An assignment names every partition from 0 on, each once.')
  }
  const assignment = sorted.map(({ brokerIds }) => brokerIds)
  return refuseAssignment(metadata, assignment) ?? assignment
}

/** Why new partitions cannot have these replicas; null when they can. All have as many as the first. */
export function refuseAssignment(
  metadata: ClusterMetadata,
  assignment: readonly (readonly BrokerId[])[],
): AdminError | null {
  const [first = []] = assignment
  for (const replicas of assignment) {
    const refused = refuseReplicas(metadata, replicas)
    if (refused !== null) return refused
    if (replicas.length !== first.length) {
      return failed('INVALID_REPLICA_ASSIGNMENT', 'All partitions have the same number of replicas.')
    }
    if (!replicas.some(metadata.isUnfenced)) {
      return failed('INVALID_REPLICA_ASSIGNMENT', `All of the brokers ${replicas.join(', ')} are fenced now.`)
    }
  }
  return null
}
