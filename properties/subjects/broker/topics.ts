// Topics and their settings. What a topic is told to be is waited for until every broker shows it: that a change takes a
// moment to come around is not what is tried here, and no client could tell from one answer.
import { setTimeout as pause } from 'node:timers/promises'
import { createPartitions } from '../../../impl/wire/apis/create-partitions.ts'
import { createTopics } from '../../../impl/wire/apis/create-topics.ts'
import { deleteTopics } from '../../../impl/wire/apis/delete-topics.ts'
import { describeConfigs } from '../../../impl/wire/apis/describe-configs.ts'
import { incrementalAlterConfigs } from '../../../impl/wire/apis/incremental-alter-configs.ts'
import { metadata } from '../../../impl/wire/apis/metadata.ts'
import { defaultsOf, zeroUuid } from '../../../impl/wire/schema.ts'
import type { ServiceOutcome } from '../../../model/vocabulary/service.ts'
import { onlyNamed, type ShownTopic } from './directory.ts'
import { besideThePoint, done, failed, nameOf, nothing, type OperationOf } from './outcomes.ts'
import type { Run } from './run.ts'

const timeoutMs = 10_000
const lookMs = 5
const topicResource = 2
/** Of a setting: the topic has it itself (KIP-226). */
const fromTopic = 1
const setting = { set: 0, remove: 1 } as const

export async function createTopic(run: Run, operation: OperationOf<'createTopic'>): Promise<ServiceOutcome> {
  const { partitions, replicationFactor, config } = operation
  const name = run.names.real(operation.topic)
  if (run.versionOf(createTopics.name) < 0) return await createOnDemand(run, name, operation)
  const wasThere = run.topics.has(name)
  run.topics.add(name)
  const { topics } = await run.ask(await run.directory.administrator(), createTopics, {
    timeoutMs,
    validateOnly: false,
    topics: [
      {
        name,
        numPartitions: partitions,
        replicationFactor,
        assignments: [],
        configs: Object.entries(config).map(([key, value]) => ({ name: key, value })),
      },
    ],
  })
  const answered = topics.find(topic => topic.name === name)
  if (answered === undefined) return besideThePoint
  if (answered.errorCode !== 0) {
    if (!wasThere && nameOf(answered.errorCode) !== 'REQUEST_TIMED_OUT') run.topics.delete(name)
    return failed(answered.errorCode)
  }
  return await whenShown(run, name, topic => isLed(topic, partitions))
}

/**
 * Asks about a topic in a way that creates it (`auto.create.topics.enable`), where topics cannot be created otherwise. The
 * broker chooses how many partitions it has, and there is no way to ask for settings.
 */
async function createOnDemand(run: Run, name: string, operation: OperationOf<'createTopic'>): Promise<ServiceOutcome> {
  const { partitions, replicationFactor, config } = operation
  if (Object.keys(config).length > 0) return nothing
  const { anyBroker } = run.directory
  if ((await run.directory.shownBy(anyBroker, name)) !== null) return failed('TOPIC_ALREADY_EXISTS')
  run.topics.add(name)
  await run.ask(anyBroker, metadata, {
    ...defaultsOf(metadata.request),
    ...onlyNamed(name),
    allowAutoTopicCreation: true,
  })
  const outcome = await whenShown(run, name, topic => isLed(topic, -1))
  if (outcome.kind !== 'done') return outcome
  const shown = await run.directory.shownBy(anyBroker, name)
  const made = [shown?.partitions.length ?? 0, shown?.partitions[0]?.replicaNodes.length ?? 0]
  const isAsked = [partitions, replicationFactor].every((asked, index) => asked === -1 || asked === made[index])
  return isAsked ? done : failed(`created on demand, with ${made[0]} partitions of ${made[1]} replicas`)
}

export async function deleteTopic(run: Run, operation: OperationOf<'deleteTopic'>): Promise<ServiceOutcome> {
  const name = run.names.real(operation.topic)
  const { responses } = await run.ask(await run.directory.administrator(), deleteTopics, deletionOf(name))
  const answered = responses.find(response => response.name === name)
  if (answered === undefined) return besideThePoint
  if (answered.errorCode !== 0) return failed(answered.errorCode)
  return await whenShown(run, name, topic => topic === null)
}

/** The request that deletes one topic by its name. */
export function deletionOf(name: string) {
  return { topics: [{ name, topicId: zeroUuid }], topicNames: [name], timeoutMs }
}

export async function createMorePartitions(
  run: Run,
  operation: OperationOf<'createPartitions'>,
): Promise<ServiceOutcome> {
  const name = run.names.real(operation.topic)
  const topics = [{ name, count: operation.count, assignments: null }]
  const asked = { topics, timeoutMs, validateOnly: false }
  const { results } = await run.ask(await run.directory.administrator(), createPartitions, asked)
  const answered = results.find(result => result.name === name)
  if (answered === undefined) return besideThePoint
  if (answered.errorCode !== 0) return failed(answered.errorCode)
  return await whenShown(run, name, topic => isLed(topic, operation.count))
}

export async function describeTopic(run: Run, operation: OperationOf<'describeTopic'>): Promise<ServiceOutcome> {
  const name = run.names.real(operation.topic)
  const asked = { ...defaultsOf(metadata.request), ...onlyNamed(name) }
  const { topics } = await run.ask(run.directory.anyBroker, metadata, asked)
  const shown = topics.find(topic => topic.name === name)
  if (shown === undefined) return besideThePoint
  if (shown.errorCode !== 0) return failed(shown.errorCode)
  const factors = new Set(shown.partitions.map(({ replicaNodes }) => replicaNodes.length))
  if (factors.size > 1) return failed(`partitions with ${[...factors].join(' and ')} replicas`)
  const [replicationFactor = 0] = factors
  return { kind: 'topic', partitions: shown.partitions.length, replicationFactor }
}

export async function describeConfig(run: Run, operation: OperationOf<'describeConfig'>): Promise<ServiceOutcome> {
  return await settingOf(run, run.directory.anyBroker, run.names.real(operation.topic), operation.name)
}

export async function alterConfig(run: Run, operation: OperationOf<'alterConfig'>): Promise<ServiceOutcome> {
  const { name, value } = operation
  const resourceName = run.names.real(operation.topic)
  const configOperation = value === null ? setting.remove : setting.set
  const configs = [{ name, configOperation, value }]
  const resources = [{ resourceType: topicResource, resourceName, configs }]
  const asked = { resources, validateOnly: false }
  const { responses } = await run.ask(await run.directory.administrator(), incrementalAlterConfigs, asked)
  const answered = responses.find(response => response.resourceName === resourceName)
  if (answered === undefined) return besideThePoint
  if (answered.errorCode !== 0) return failed(answered.errorCode)
  if (run.versionOf(describeConfigs.name) < 0) return done
  return await everywhere(run, async address => {
    const shown = await settingOf(run, address, resourceName, name)
    return shown.kind === 'config' && (value === null ? shown.isDefault : shown.value === value && !shown.isDefault)
  })
}

async function settingOf(run: Run, address: string, topic: string, name: string): Promise<ServiceOutcome> {
  const { results } = await run.ask(address, describeConfigs, {
    ...defaultsOf(describeConfigs.request),
    resources: [{ resourceType: topicResource, resourceName: topic, configurationKeys: [name] }],
  })
  const answered = results.find(({ resourceName }) => resourceName === topic)
  if (answered === undefined) return besideThePoint
  if (answered.errorCode !== 0) return failed(answered.errorCode)
  const shown = answered.configs.find(config => config.name === name)
  if (shown === undefined) return failed(`an answer without ${name}`)
  const isDefault = run.versionOf(describeConfigs.name) === 0 ? shown.isDefault : shown.configSource !== fromTopic
  return { kind: 'config', value: isDefault ? null : shown.value, isDefault }
}

/** `done` as soon as every broker shows the topic like this; what was known of it is forgotten. */
async function whenShown(
  run: Run,
  topic: string,
  isSo: (shown: ShownTopic | null) => boolean,
): Promise<ServiceOutcome> {
  const outcome = await everywhere(run, async address => isSo(await run.directory.shownBy(address, topic)))
  run.directory.forgetTopic(topic)
  return outcome
}

async function everywhere(run: Run, isSo: (address: string) => Promise<boolean>): Promise<ServiceOutcome> {
  const { patienceMs } = run.patience
  const until = performance.now() + patienceMs
  for (const address of run.directory.brokers) {
    while (!(await isSo(address))) {
      if (performance.now() > until) return failed(`not shown by every broker within ${patienceMs} ms`)
      await pause(lookMs)
    }
  }
  return done
}

/** Whether a topic has so many partitions, or any where the broker chose how many, and each a leader. */
function isLed(topic: ShownTopic | null, partitions: number): boolean {
  if (topic === null || nameOf(topic.errorCode) !== 'NONE' || topic.partitions.length === 0) return false
  const isAll = partitions < 0 || topic.partitions.length === partitions
  return isAll && topic.partitions.every(({ leaderId }) => leaderId >= 0)
}
