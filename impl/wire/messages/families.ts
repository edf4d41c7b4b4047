// Every message family, by the kind of its request.

import { alterPartition } from './alter-partition.ts'
import { brokerHeartbeat } from './broker-heartbeat.ts'
import { brokerRegistration } from './broker-registration.ts'
import { deleteGroup } from './delete-group.ts'
import { describeGroup } from './describe-group.ts'
import type { Family, RequestKind } from './family.ts'
import { fetch } from './fetch.ts'
import { findCoordinator } from './find-coordinator.ts'
import { heartbeat } from './heartbeat.ts'
import { joinGroup } from './join-group.ts'
import { leaveGroup } from './leave-group.ts'
import { listGroups } from './list-groups.ts'
import { listOffsets } from './list-offsets.ts'
import { metadata } from './metadata.ts'
import { metadataUpdate } from './metadata-update.ts'
import { offsetCommit } from './offset-commit.ts'
import { offsetDelete } from './offset-delete.ts'
import { offsetFetch } from './offset-fetch.ts'
import { produce } from './produce.ts'
import { syncGroup } from './sync-group.ts'

export const families: { readonly [K in RequestKind]: Family<K> } = {
  AlterPartition: alterPartition,
  BrokerHeartbeat: brokerHeartbeat,
  BrokerRegistration: brokerRegistration,
  DeleteGroup: deleteGroup,
  DescribeGroup: describeGroup,
  Fetch: fetch,
  FindCoordinator: findCoordinator,
  Heartbeat: heartbeat,
  JoinGroup: joinGroup,
  LeaveGroup: leaveGroup,
  ListGroups: listGroups,
  ListOffsets: listOffsets,
  Metadata: metadata,
  MetadataUpdate: metadataUpdate,
  OffsetCommit: offsetCommit,
  OffsetDelete: offsetDelete,
  OffsetFetch: offsetFetch,
  Produce: produce,
  SyncGroup: syncGroup,
}
