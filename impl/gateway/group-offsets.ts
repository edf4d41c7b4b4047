// OffsetCommit, OffsetFetch and OffsetDelete. Follows `KafkaApis`, KIP-98, KIP-709 (several groups in one request) and
// KIP-496. What a topic is called, by name or by id, is looked up here; the coordinator knows names only.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { CommittedOffset } from '../../model/vocabulary/messages.ts'
import { byPartition } from '../order.ts'
import type { offsetCommit } from '../wire/apis/offset-commit.ts'
import type { offsetDelete } from '../wire/apis/offset-delete.ts'
import type { offsetFetch } from '../wire/apis/offset-fetch.ts'
import { errorCode, type KafkaErrorName } from '../wire/errors.ts'
import { type ResponseOf, zeroUuid } from '../wire/schema.ts'
import { byTopic } from './by-topic.ts'
import type { Core } from './core.ts'
import type { Call } from './session.ts'
import { type ClusterView, topicNamed } from './view.ts'

/** The first version of OffsetCommit and of OffsetFetch that names topics by their ids. */
const sinceIds = 10
/** The first version of OffsetCommit in which a group that is not there has its own error. */
const sinceUnknownGroups = 9

type CommitTopic = ResponseOf<typeof offsetCommit>['topics'][number]

/** Carries out OffsetCommit. */
export function handleOffsetCommit(core: Core, view: ClusterView, call: Call<typeof offsetCommit>): void {
  const { client, version, request, answer } = call
  const offsets: CommittedOffset[] = []
  const topics = request.topics.map(({ name, topicId, partitions }) => {
    const { topic, error } = topicNamed(view, { name, topicId }, version >= sinceIds)
    const rows = partitions.map(({ partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata }) => {
      if (error !== 'NONE') return { partitionIndex, error: error as KafkaErrorName }
      if (view.partition(topic, partitionIndex) === undefined) {
        return { partitionIndex, error: 'UNKNOWN_TOPIC_OR_PARTITION' as KafkaErrorName }
      }
      offsets.push({
        topic,
        partition: partitionIndex,
        offset: committedOffset,
        leaderEpoch: committedLeaderEpoch,
        metadata: committedMetadata ?? '',
      })
      return { partitionIndex, error: null }
    })
    return { name, topicId, topic, rows }
  })
  const respond = (whole: KafkaErrorName, refused: ReadonlyMap<string, KafkaErrorName>): void =>
    answer({
      throttleTimeMs: 0,
      topics: topics.map(
        ({ name, topicId, topic, rows }): CommitTopic => ({
          name,
          topicId,
          partitions: rows.map(({ partitionIndex, error }) => {
            const own = refused.get(keyOf({ topic, partition: partitionIndex }))
            return { partitionIndex, errorCode: errorCode(error ?? own ?? whole) }
          }),
        }),
      ),
    })
  // Where nothing is left to commit the coordinator is not asked, and no group comes to be.
  if (offsets.length === 0) {
    respond('NONE', new Map())
    return
  }
  const { groupId, generationIdOrMemberEpoch: generationId, memberId, groupInstanceId } = request
  offsets.sort(byPartition)
  const names = { groupId, memberId, groupInstanceId, generationId }
  const understandsUnknownGroup = version >= sinceUnknownGroups
  core.ask(client, { kind: 'OffsetCommit', ...names, offsets, understandsUnknownGroup }, response => {
    if (response.kind !== 'OffsetCommitResponse') return
    respond(response.error, new Map(response.refused.map(one => [keyOf(one), one.error])))
  })
}

type FetchResponse = ResponseOf<typeof offsetFetch>
type FetchedGroup = FetchResponse['groups'][number]
type AskedTopic = { readonly name: string; readonly topicId: string; readonly partitionIndexes: readonly number[] }

/** Carries out OffsetFetch. */
export function handleOffsetFetch(core: Core, view: ClusterView, call: Call<typeof offsetFetch>): void {
  const { request, version, answer } = call
  const asked =
    version >= 8
      ? request.groups
      : [{ groupId: request.groupId, topics: request.topics?.map(topic => ({ ...topic, topicId: zeroUuid })) ?? null }]
  const groups: FetchedGroup[] = []
  let open = asked.length
  if (open === 0) answer(answerOf([]))
  asked.forEach(({ groupId, topics }, index) => {
    fetchGroup(core, view, call, groupId, topics, group => {
      groups[index] = group
      if (--open === 0) answer(answerOf(groups))
    })
  })
}

function answerOf(groups: readonly FetchedGroup[]): FetchResponse {
  const [only] = groups
  const topics = only?.topics.map(({ name, partitions }) => ({ name, partitions })) ?? []
  return { throttleTimeMs: 0, topics, errorCode: only?.errorCode ?? 0, groups }
}

function fetchGroup(
  core: Core,
  view: ClusterView,
  { client, version }: Call<typeof offsetFetch>,
  groupId: string,
  topics: readonly AskedTopic[] | null,
  done: (group: FetchedGroup) => void,
): void {
  const isById = version >= sinceIds
  const unknown: FetchedGroup['topics'][number][] = []
  const partitions: TopicPartition[] | null = topics === null ? null : []
  for (const { name, topicId, partitionIndexes } of topics ?? []) {
    const named = topicNamed(view, { name, topicId }, isById)
    if (named.error !== 'NONE') unknown.push(unknownTopic(topicId, partitionIndexes))
    else for (const partition of partitionIndexes) partitions?.push({ topic: named.topic, partition })
  }
  core.ask(client, { kind: 'OffsetFetch', groupId, partitions }, response => {
    if (response.kind !== 'OffsetFetchResponse') return
    const isBad = response.error !== 'NONE'
    // Before version 2 an answer had no error of its own, so that each partition carries it.
    const rowError = version < 2 ? errorCode(response.error) : 0
    const rows = isBad && version < 2 ? (partitions ?? []).map(at => ({ ...at, ...nothing })) : response.offsets
    // What was committed for a topic that is no more has no id to be told by.
    const named = byTopic(rows).filter(([topic]) => !isById || view.topicId(topic) !== zeroUuid)
    const fetched = named.map(([topic, offsets]) => ({
      name: isById ? '' : topic,
      topicId: isById ? view.topicId(topic) : zeroUuid,
      partitions: offsets.map(({ partition, offset, leaderEpoch, metadata }) => ({
        partitionIndex: partition,
        committedOffset: offset,
        committedLeaderEpoch: leaderEpoch,
        metadata,
        errorCode: rowError,
      })),
    }))
    done({ groupId, topics: [...fetched, ...unknown], errorCode: errorCode(response.error) })
  })
}

const nothing = { offset: -1, leaderEpoch: -1, metadata: '' }

function unknownTopic(topicId: string, partitions: readonly number[]): FetchedGroup['topics'][number] {
  const row = { committedOffset: -1, committedLeaderEpoch: -1, metadata: '', errorCode: errorCode('UNKNOWN_TOPIC_ID') }
  return { name: '', topicId, partitions: partitions.map(partitionIndex => ({ partitionIndex, ...row })) }
}

/** Carries out OffsetDelete. What is not there is refused, where the group is there; the coordinator hears of the rest. */
export function handleOffsetDelete(core: Core, view: ClusterView, call: Call<typeof offsetDelete>): void {
  const { client, request, answer } = call
  const { groupId } = request
  if (groupId === '') {
    answer({ errorCode: errorCode('INVALID_GROUP_ID'), throttleTimeMs: 0, topics: [] })
    return
  }
  const asked = request.topics.flatMap(({ name, partitions: ofTopic }) =>
    ofTopic.map(({ partitionIndex }) => ({ topic: name, partition: partitionIndex })),
  )
  const isThere = ({ topic, partition }: TopicPartition): boolean => view.partition(topic, partition) !== undefined
  const partitions = asked.filter(isThere)
  const unknown = asked
    .filter(partition => !isThere(partition))
    .map(partition => ({ ...partition, error: 'UNKNOWN_TOPIC_OR_PARTITION' as const }))
  core.ask(client, { kind: 'OffsetDelete', groupId, partitions }, response => {
    if (response.kind !== 'OffsetDeleteResponse') return
    const refused = response.error === 'NONE' ? unknown : []
    const topics = byTopic([...refused, ...response.partitions]).map(([name, rows]) => ({
      name,
      partitions: rows.map(({ partition, error }) => ({ partitionIndex: partition, errorCode: errorCode(error) })),
    }))
    answer({ errorCode: errorCode(response.error), throttleTimeMs: 0, topics })
  })
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}
