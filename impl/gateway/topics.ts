// CreateTopics, DeleteTopics and CreatePartitions: what the controller does for
// clients with topics. Follows `ControllerApis`.
import type { AdminError, DescribedSetting } from '../controller/admin-requests.ts'
import type { createPartitions } from '../wire/apis/create-partitions.ts'
import type { createTopics } from '../wire/apis/create-topics.ts'
import type { deleteTopics } from '../wire/apis/delete-topics.ts'
import { errorCode, type KafkaErrorName } from '../wire/errors.ts'
import { type ResponseOf, zeroUuid } from '../wire/schema.ts'
import { configSource } from './config-codes.ts'
import type { ControllerLink } from './controller-link.ts'
import type { Call } from './session.ts'

/** The number of an administrative error, whose name is one of Kafka's. */
export function codeOf({ error }: AdminError): number {
  return errorCode(error as KafkaErrorName)
}

/** What is answered for each part when the controller cannot be reached. */
export function unreachable(error: KafkaErrorName): AdminError {
  return { error, message: 'the controller could not be reached in time; try again' }
}

type CreatedTopic = ResponseOf<typeof createTopics>['topics'][number]

/** Carries out CreateTopics. */
export function handleCreateTopics(controller: ControllerLink, { request, answer }: Call<typeof createTopics>): void {
  const asked = request.topics.map(({ name, numPartitions, replicationFactor, assignments, configs }) => ({
    topic: name,
    partitions: numPartitions,
    replicationFactor,
    assignments: assignments.map(({ partitionIndex, brokerIds }) => ({ partition: partitionIndex, brokerIds })),
    settings: configs,
  }))
  controller.ask(
    administration => administration.createTopics(asked, request.validateOnly),
    created => {
      const topics = created.map(
        (one): CreatedTopic => ({
          name: one.topic,
          topicId: one.topicId ?? zeroUuid,
          errorCode: codeOf(one),
          errorMessage: one.message,
          topicConfigErrorCode: 0,
          numPartitions: one.partitions,
          replicationFactor: one.replicationFactor,
          configs: one.error === 'NONE' ? one.settings.map(createdConfig) : null,
        }),
      )
      answer({ throttleTimeMs: 0, topics })
    },
    error => {
      const refused = unreachable(error)
      const topics = asked.map(
        ({ topic }): CreatedTopic => ({
          name: topic,
          topicId: zeroUuid,
          errorCode: codeOf(refused),
          errorMessage: refused.message,
          topicConfigErrorCode: 0,
          numPartitions: -1,
          replicationFactor: -1,
          configs: null,
        }),
      )
      answer({ throttleTimeMs: 0, topics })
    },
  )
}

function createdConfig({
  name,
  value,
  readOnly,
  source,
}: DescribedSetting): NonNullable<CreatedTopic['configs']>[number] {
  return { name, value, readOnly, configSource: configSource(source), isSensitive: false }
}

const ambiguous = { error: 'INVALID_REQUEST', message: 'a topic is named either by its name or by its id' } as const

/** Carries out DeleteTopics. */
export function handleDeleteTopics(controller: ControllerLink, call: Call<typeof deleteTopics>): void {
  const { request, version, answer } = call
  const asked =
    version >= 6
      ? request.topics.map(({ name, topicId }) => ({ topic: name, topicId: topicId === zeroUuid ? null : topicId }))
      : request.topicNames.map(topic => ({ topic, topicId: null }))
  const isClear = ({ topic, topicId }: { topic: string | null; topicId: string | null }): boolean =>
    (topic === null) !== (topicId === null)
  const unclear = asked.filter(one => !isClear(one)).map(one => ({ ...one, ...ambiguous }))
  const respond = (
    deleted: readonly ({ readonly topic: string | null; readonly topicId: string | null } & AdminError)[],
  ): void =>
    answer({
      throttleTimeMs: 0,
      responses: [...unclear, ...deleted].map(one => ({
        name: one.topic,
        topicId: one.topicId ?? zeroUuid,
        errorCode: codeOf(one),
        errorMessage: one.message,
      })),
    })
  const clear = asked.filter(isClear)
  controller.ask(
    administration => administration.deleteTopics(clear),
    respond,
    error => respond(clear.map(topic => ({ ...topic, ...unreachable(error) }))),
  )
}

/** Carries out CreatePartitions. */
export function handleCreatePartitions(
  controller: ControllerLink,
  { request, answer }: Call<typeof createPartitions>,
): void {
  const asked = request.topics.map(({ name, count, assignments }) => ({
    topic: name,
    count,
    assignments: assignments?.map(({ brokerIds }) => brokerIds) ?? null,
  }))
  const respond = (grown: readonly ({ readonly topic: string } & AdminError)[]): void =>
    answer({
      throttleTimeMs: 0,
      results: grown.map(one => ({ name: one.topic, errorCode: codeOf(one), errorMessage: one.message })),
    })
  controller.ask(
    administration => administration.createPartitions(asked, request.validateOnly),
    respond,
    error => respond(asked.map(({ topic }) => ({ topic, ...unreachable(error) }))),
  )
}
