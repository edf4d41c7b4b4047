// Every API that the codec has, by ascending key.

import { apiVersions } from './apis/api-versions.ts'
import { fetch } from './apis/fetch.ts'
import { findCoordinator } from './apis/find-coordinator.ts'
import { initProducerId } from './apis/init-producer-id.ts'
import { listOffsets } from './apis/list-offsets.ts'
import { metadata } from './apis/metadata.ts'
import { produce } from './apis/produce.ts'
import type { Api } from './schema.ts'

export const apis: readonly Api[] = [
  produce,
  fetch,
  listOffsets,
  metadata,
  findCoordinator,
  apiVersions,
  initProducerId,
]

export const apiByKey: ReadonlyMap<number, Api> = new Map(apis.map(api => [api.key, api]))
