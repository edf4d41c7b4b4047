// Scope `assignor`: a small group whose leader assigns partitions again and again.
import { type AssignorState, initialAssignor, observeAssignor, stepAssignor } from '../../model/assignors/group.ts'
import { checkAssignment } from '../../model/assignors/invariants.ts'
import { assignorLabels, startAssignorLabeller } from '../coverage/choosing.ts'
import { startAssignorWalker } from '../generation/choosing.ts'
import { assignorPremises } from '../premises/choosing.ts'
import { namesOf } from '../premises/premise.ts'
import { modelSide, type Scope, type Specification, statelessChecker } from '../scope.ts'
import { startAssignorSubject } from '../subjects/choosing.ts'

/** The model of such a group. */
export const assignorSpecification: Specification<'assignor', AssignorState> = {
  initial: initialAssignor,
  step: stepAssignor,
  observe: observeAssignor,
}

export const assignorScope: Scope<'assignor'> = {
  name: 'assignor',
  startModel: setup => modelSide(assignorSpecification, setup),
  subject: { name: 'impl', start: startAssignorSubject },
  wireSubject: null,
  startChecker: () =>
    statelessChecker(({ before, operation, outcome }) => {
      if (operation.kind !== 'assign' || outcome.kind !== 'assigned') return null
      const { members, topics } = before
      return checkAssignment({ assignor: operation.assignor, members, topics, assignment: outcome.assignment })
    }, assignorPremises),
  premises: namesOf(assignorPremises),
  startLabeller: startAssignorLabeller,
  labels: assignorLabels,
  labelledEvery: 1,
  startWalker: startAssignorWalker,
  abstractState: ({ members, topics }) =>
    `${members.length} ${topics.map(({ count }) => Math.min(count, 4)).join()} ${members.filter(({ owned }) => owned.length > 0).length}`,
  settings: () => [],
  plainSetup: { scope: 'assignor' },
  shrinking: {
    isSensible: () => true,
    arePaired: (earlier, later) =>
      earlier.kind === 'join' && later.kind === 'leave' && earlier.memberId === later.memberId,
    smallerRuns: function* ({ setup, operations }) {
      const names = new Set(operations.flatMap(operation => ('memberId' in operation ? [operation.memberId] : [])))
      for (const name of names) {
        yield {
          setup,
          operations: operations.filter(operation => !('memberId' in operation && operation.memberId === name)),
        }
      }
    },
    restructured: () => [],
  },
}
