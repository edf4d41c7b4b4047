// The APIs that a broker offers its clients, each with who carries it out. What is not in this table is not offered.
import { alterConfigs } from '../wire/apis/alter-configs.ts'
import { alterPartitionReassignments } from '../wire/apis/alter-partition-reassignments.ts'
import { createPartitions } from '../wire/apis/create-partitions.ts'
import { createTopics } from '../wire/apis/create-topics.ts'
import { deleteGroups } from '../wire/apis/delete-groups.ts'
import { deleteRecords } from '../wire/apis/delete-records.ts'
import { deleteTopics } from '../wire/apis/delete-topics.ts'
import { describeCluster } from '../wire/apis/describe-cluster.ts'
import { describeConfigs } from '../wire/apis/describe-configs.ts'
import { describeGroups } from '../wire/apis/describe-groups.ts'
import { describeLogDirs } from '../wire/apis/describe-log-dirs.ts'
import { describeProducers } from '../wire/apis/describe-producers.ts'
import { describeTopicPartitions } from '../wire/apis/describe-topic-partitions.ts'
import { electLeaders } from '../wire/apis/elect-leaders.ts'
import { fetch } from '../wire/apis/fetch.ts'
import { findCoordinator } from '../wire/apis/find-coordinator.ts'
import { heartbeat } from '../wire/apis/heartbeat.ts'
import { incrementalAlterConfigs } from '../wire/apis/incremental-alter-configs.ts'
import { initProducerId } from '../wire/apis/init-producer-id.ts'
import { joinGroup } from '../wire/apis/join-group.ts'
import { leaveGroup } from '../wire/apis/leave-group.ts'
import { listGroups } from '../wire/apis/list-groups.ts'
import { listOffsets } from '../wire/apis/list-offsets.ts'
import { listPartitionReassignments } from '../wire/apis/list-partition-reassignments.ts'
import { metadata } from '../wire/apis/metadata.ts'
import { offsetCommit } from '../wire/apis/offset-commit.ts'
import { offsetDelete } from '../wire/apis/offset-delete.ts'
import { offsetFetch } from '../wire/apis/offset-fetch.ts'
import { offsetForLeaderEpoch } from '../wire/apis/offset-for-leader-epoch.ts'
import { produce } from '../wire/apis/produce.ts'
import { syncGroup } from '../wire/apis/sync-group.ts'
import { handleAlterConfigs, handleDescribeConfigs, handleIncrementalAlterConfigs } from './configs.ts'
import { type ControllerLink, forClient } from './controller-link.ts'
import type { Core } from './core.ts'
import type { Fetches } from './fetch.ts'
import { handleDeleteGroups, handleDescribeGroups, handleListGroups } from './group-administration.ts'
import { handleOffsetCommit, handleOffsetDelete, handleOffsetFetch } from './group-offsets.ts'
import { handleHeartbeat, handleJoinGroup, handleLeaveGroup, handleSyncGroup } from './members.ts'
import { handleDescribeCluster, handleFindCoordinator, handleMetadata } from './metadata.ts'
import { handleListOffsets, handleOffsetForLeaderEpoch } from './offsets.ts'
import { ensureOffsetsTopic, type OffsetsTopicSettings } from './offsets-topic.ts'
import { handleAlterReassignments, handleElectLeaders, handleListReassignments } from './placement.ts'
import { handleProduce } from './produce.ts'
import { ProducerIds } from './producer-ids.ts'
import { type DiskRoom, handleDeleteRecords, handleDescribeLogDirs, handleDescribeProducers } from './replicas.ts'
import { type ClientSession, type Handled, handles } from './session.ts'
import { handleDescribeTopicPartitions } from './topic-partitions.ts'
import { handleCreatePartitions, handleCreateTopics, handleDeleteTopics } from './topics.ts'
import { createsTopics } from './topics-on-demand.ts'
import type { ClusterView } from './view.ts'

/** What carries requests out. */
export type Carriers = {
  readonly core: Core
  readonly view: ClusterView
  readonly fetches: Fetches
  readonly controller: ControllerLink
  /** `auto.create.topics.enable`. */
  readonly autoCreateTopics: boolean
  readonly offsetsTopic: OffsetsTopicSettings
  readonly logDir: string
  readonly diskRoom: () => DiskRoom
}

/** The table of one broker. */
export function offeredApis(carriers: Carriers): readonly Handled[] {
  const { core, view, fetches, controller, logDir, diskRoom } = carriers
  const onDemand = (client: ClientSession) =>
    carriers.autoCreateTopics ? createsTopics(forClient(controller, client)) : null
  const producerIds = new ProducerIds(controller, core.broker)
  return [
    handles(produce, call => handleProduce(core, view, call)),
    handles(fetch, call => fetches.handle(call)),
    handles(listOffsets, call => handleListOffsets(core, view, call)),
    handles(metadata, call => handleMetadata(view, onDemand(call.client), call)),
    handles(offsetCommit, call => handleOffsetCommit(core, view, call)),
    handles(offsetFetch, call => handleOffsetFetch(core, view, call)),
    handles(findCoordinator, call =>
      ensureOffsetsTopic(view, forClient(controller, call.client), carriers.offsetsTopic, () =>
        handleFindCoordinator(view, call),
      ),
    ),
    handles(joinGroup, call => handleJoinGroup(core, call)),
    handles(heartbeat, call => handleHeartbeat(core, call)),
    handles(leaveGroup, call => handleLeaveGroup(core, call)),
    handles(syncGroup, call => handleSyncGroup(core, call)),
    handles(describeGroups, call => handleDescribeGroups(core, call)),
    handles(listGroups, call => handleListGroups(core, call)),
    handles(createTopics, call => handleCreateTopics(forClient(controller, call.client), call)),
    handles(deleteTopics, call => handleDeleteTopics(forClient(controller, call.client), call)),
    handles(deleteRecords, call => handleDeleteRecords(core, view, call)),
    handles(initProducerId, call => producerIds.handle(call)),
    handles(offsetForLeaderEpoch, call => handleOffsetForLeaderEpoch(core, view, call)),
    handles(describeConfigs, call => handleDescribeConfigs(forClient(controller, call.client), call)),
    handles(alterConfigs, call => handleAlterConfigs(forClient(controller, call.client), call)),
    handles(describeLogDirs, call => handleDescribeLogDirs(core, logDir, diskRoom, call)),
    handles(createPartitions, call => handleCreatePartitions(forClient(controller, call.client), call)),
    handles(deleteGroups, call => handleDeleteGroups(core, call)),
    handles(electLeaders, call => handleElectLeaders(forClient(controller, call.client), call)),
    handles(incrementalAlterConfigs, call => handleIncrementalAlterConfigs(forClient(controller, call.client), call)),
    handles(alterPartitionReassignments, call => handleAlterReassignments(forClient(controller, call.client), call)),
    handles(listPartitionReassignments, call => handleListReassignments(forClient(controller, call.client), call)),
    handles(offsetDelete, call => handleOffsetDelete(core, view, call)),
    handles(describeCluster, call => handleDescribeCluster(view, call)),
    handles(describeProducers, call => handleDescribeProducers(core, view, call)),
    handles(describeTopicPartitions, call => handleDescribeTopicPartitions(view, call)),
  ]
}
