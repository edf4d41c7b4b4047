// A subject outside of what is known of it already: where a known difference shows, it is not asked, and the model's answer
// stands. So the search goes on beyond a finding, and one that is not written down yet is not hidden by one that is.
import type {
  AssignorName,
  AssignorObservation,
  AssignorOperation,
  PartitionerOperation,
} from '../../model/vocabulary/choosing.ts'
import { scopes } from '../../properties/scopes.ts'
import type { Subject } from '../../properties/verdict.ts'
import { handOut } from './any-allowed.ts'

/** How often the subject was asked something, and how often it was not because of what is known. */
export type Asked = { asked: number; known: number }

/** An assignor and what it would be given. */
export type Assignable = Pick<AssignorObservation, 'members' | 'topics'> & { readonly assignor: AssignorName }

/** The assignors, but for assignments of which something is known. */
export function assignorsOutside(
  subject: Subject<'assignor'>,
  isKnown: (assignable: Assignable) => boolean,
  counts: Asked,
): Subject<'assignor'> {
  return {
    ...subject,
    start: setup => {
      const side = subject.start(setup)
      const model = scopes.assignor.startModel({ ...setup, scope: 'assignor' })
      const apply = (operation: AssignorOperation) => {
        const { members, topics } = model.observe()
        const expected = model.apply(operation)
        if (operation.kind !== 'assign') return side.apply(operation)
        const isAsked = !isKnown({ assignor: operation.assignor, members, topics })
        counts[isAsked ? 'asked' : 'known']++
        const outcome = isAsked ? side.apply(operation) : expected
        // A side that was not asked has another generation, too: a claim says which.
        handOut(side, model.observe())
        return outcome
      }
      return { apply, observe: () => model.observe() }
    },
  }
}

/** The partitioners, but for records of which something is known. */
export function partitionersOutside(
  subject: Subject<'partitioner'>,
  isKnown: (operation: PartitionerOperation) => boolean,
  counts: Asked,
): Subject<'partitioner'> {
  return {
    ...subject,
    start: setup => {
      const side = subject.start(setup)
      const model = scopes.partitioner.startModel({ ...setup, scope: 'partitioner' })
      const apply = (operation: PartitionerOperation) => {
        const expected = model.apply(operation)
        const isAsked = !isKnown(operation)
        if (operation.kind === 'choose') counts[isAsked ? 'asked' : 'known']++
        return isAsked ? side.apply(operation) : expected
      }
      return { apply, observe: () => model.observe() }
    },
  }
}
