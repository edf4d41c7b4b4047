// Scope `group`: one group coordinator, alone, over a log that the sequence controls.
import { checkGroup } from '../../model/group/invariants.ts'
import { type GroupScopeState, initialGroupScope, observeGroupScope, stepGroupScope } from '../../model/group/scope.ts'
import { groupLabels, startGroupLabeller } from '../coverage/group.ts'
import { startGroupWalker } from '../generation/group.ts'
import { groupPremises } from '../premises/group.ts'
import { namesOf } from '../premises/premise.ts'
import {
  modelSide,
  type ObservationOf,
  type OperationOf,
  type Scope,
  type Specification,
  statelessChecker,
} from '../scope.ts'
import { startGroupSubject } from '../subjects/group.ts'
import { restructuredGroup } from './group-restructuring.ts'

/** The model of a coordinator. */
export const groupSpecification: Specification<'group', GroupScopeState> = {
  initial: initialGroupScope,
  step: stepGroupScope,
  observe: observeGroupScope,
}

export const groupScope: Scope<'group'> = {
  name: 'group',
  startModel: setup => modelSide(groupSpecification, setup),
  subject: { name: 'impl', start: startGroupSubject },
  wireSubject: null,
  startChecker: ({ config }) => statelessChecker(transition => checkGroup({ config, ...transition }), groupPremises),
  premises: namesOf(groupPremises),
  startLabeller: startGroupLabeller,
  labels: groupLabels,
  labelledEvery: 1,
  startWalker: startGroupWalker,
  abstractState,
  settings: () => [],
  plainSetup: {
    scope: 'group',
    config: { offsetsRetentionMs: 5000, offsetsRetentionCheckIntervalMs: 2000, groupMaxSize: 10 },
  },
  shrinking: {
    isSensible: () => true,
    arePaired: (earlier, later) =>
      earlier.kind === 'request' && (later.kind === 'replicated' || later.kind === 'failWrites'),
    smallerRuns: function* ({ setup, operations }) {
      for (const name of new Set(operations.flatMap(clientsOf))) {
        yield { setup, operations: operations.filter(operation => !clientsOf(operation).includes(name)) }
      }
    },
    restructured: restructuredGroup,
  },
}

function clientsOf(operation: OperationOf<'group'>): readonly string[] {
  return operation.kind === 'request' ? [operation.client] : []
}

function abstractState({ groups, outstanding }: ObservationOf<'group'>): string {
  const pictures = groups.map(({ state, members, pendingMembers, offsets }) =>
    [
      state,
      Math.min(3, members.length),
      members.some(({ awaitingJoin }) => awaitingJoin) ? 'joining' : '',
      members.some(({ awaitingSync }) => awaitingSync) ? 'syncing' : '',
      members.some(({ groupInstanceId }) => groupInstanceId !== null) ? 'static' : '',
      pendingMembers.length > 0 ? 'pending' : '',
      offsets.length > 0 ? 'offsets' : '',
    ].join(' '),
  )
  return `${pictures.join(', ')} ${Math.min(2, outstanding.length)}`
}
