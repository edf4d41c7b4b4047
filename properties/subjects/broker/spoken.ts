// Which APIs each kind of operation needs, and the versions of them that the driver speaks. The codec knows more: a
// version that cannot say what an operation decides is left out, so that no answer is about something else than was asked.
import { apis } from '../../../impl/wire/apis.ts'
import type { ServiceOperation } from '../../../model/vocabulary/service.ts'

/** Versions from `from` to `to`, both included. */
export type Range = { readonly from: number; readonly to: number }

/**
 * The APIs, by Kafka's names, that an operation of this kind asks for. Of a broker whose `missing` APIs are known: where
 * topics cannot be created, asking about one may create it.
 */
export function apisOf(
  kind: ServiceOperation['kind'],
  missing: Readonly<Record<string, string>> = {},
): readonly string[] {
  if (kind === 'createTopic' && missing.CreateTopics !== undefined) return ['Metadata']
  return needs[kind]
}

/** The versions of an API that are spoken; undefined for an API that no operation needs. */
export function spokenHere(api: string): Range | undefined {
  return ranges.get(api)
}

/** All APIs that are spoken, in the codec's order. */
export function spokenApis(): readonly string[] {
  return [...ranges.keys()]
}

const ofGroup = ['FindCoordinator']

const needs: { readonly [Kind in ServiceOperation['kind']]: readonly string[] } = {
  createTopic: ['CreateTopics'],
  deleteTopic: ['DeleteTopics'],
  createPartitions: ['CreatePartitions'],
  describeTopic: ['Metadata'],
  describeConfig: ['DescribeConfigs'],
  alterConfig: ['IncrementalAlterConfigs'],
  initProducer: ['InitProducerId'],
  produce: ['Produce'],
  fetch: ['Fetch'],
  readAll: ['Fetch', 'ListOffsets'],
  listOffsets: ['ListOffsets'],
  deleteRecords: ['DeleteRecords'],
  endOffsetForEpoch: ['OffsetForLeaderEpoch'],
  join: [...ofGroup, 'JoinGroup'],
  sync: [...ofGroup, 'SyncGroup'],
  heartbeat: [...ofGroup, 'Heartbeat'],
  leave: [...ofGroup, 'LeaveGroup'],
  commit: [...ofGroup, 'OffsetCommit'],
  committed: [...ofGroup, 'OffsetFetch'],
  deleteOffset: [...ofGroup, 'OffsetDelete'],
  describeGroup: [...ofGroup, 'DescribeGroups'],
  listGroups: ['ListGroups'],
  deleteGroup: [...ofGroup, 'DeleteGroups'],
  lapse: [...ofGroup, 'DescribeGroups'],
}

/** The oldest version that is spoken, where the codec has older ones, and why. */
const oldest: Readonly<Record<string, number>> = {
  // Before, a question about a topic that is not there could create it.
  Metadata: 4,
  // Before, static members (KIP-345) could not say who they are, and two requests of one member would differ.
  JoinGroup: 5,
  SyncGroup: 3,
  Heartbeat: 3,
  LeaveGroup: 3,
  // Before, consumers did not ask: what is answered to a replica may be beyond the high watermark.
  OffsetForLeaderEpoch: 3,
}

const ranges: ReadonlyMap<string, Range> = rangesOf(
  new Set(['ApiVersions', 'Metadata', ...Object.values(needs).flat()]),
)

function rangesOf(needed: ReadonlySet<string>): ReadonlyMap<string, Range> {
  return new Map(
    apis
      .filter(({ name }) => needed.has(name))
      .map(({ name, minVersion, maxVersion }) => [name, { from: oldest[name] ?? minVersion, to: maxVersion }]),
  )
}
