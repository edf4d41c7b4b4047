// FindCoordinator of one group.

import { findCoordinator as api } from '../apis/find-coordinator.ts'
import { errorCode } from '../errors.ts'
import { WireError } from '../wire-error.ts'
import { defineFamily, errorOf, type Family, only } from './family.ts'

export const findCoordinator: Family<'FindCoordinator'> = defineFamily(
  api,
  6,
  {
    toBody: ({ groupId }) => ({ key: '', keyType: ofGroup, coordinatorKeys: [groupId] }),
    toMessage: ({ keyType, coordinatorKeys }, correlationId) => {
      if (keyType !== ofGroup) throw new WireError(`a key of type ${keyType}`)
      return { kind: 'FindCoordinator', correlationId, groupId: only(coordinatorKeys, 'keys') }
    },
  },
  {
    toBody: ({ groupId, brokerId, error }) => ({
      throttleTimeMs: 0,
      errorCode: 0,
      errorMessage: null,
      nodeId: 0,
      host: '',
      port: 0,
      coordinators: [
        { key: groupId, nodeId: brokerId, host: '', port: 0, errorCode: errorCode(error), errorMessage: null },
      ],
    }),
    toMessage: ({ coordinators }, correlationId) => {
      const { key, nodeId, errorCode: code } = only(coordinators, 'coordinators')
      return { kind: 'FindCoordinatorResponse', correlationId, error: errorOf(code), groupId: key, brokerId: nodeId }
    },
  },
)

const ofGroup = 0
