// Which of several assignments a sticky assignor chooses is left to it: Kafka's goes through hash maps. What it must do is
// keep its promises (claim G4). So an answer that keeps them all counts as the model's own, and both sides go on from there.
import { type Assigning, checkAssignment } from '../../model/assignors/invariants.ts'
import type {
  AssignorName,
  AssignorObservation,
  AssignorOperation,
  AssignorOutcome,
} from '../../model/vocabulary/choosing.ts'
import { scopes } from '../../properties/scopes.ts'
import type { Side, Subject } from '../../properties/verdict.ts'

/** A subject whose every allowed answer counts as the model's, for some assignors. */
export type FreeSubject = Subject<'assignor'> & {
  /** The same without that. */
  readonly strict: Subject<'assignor'>
  readonly free: readonly AssignorName[]
}

/** The subject, but for these assignors any allowed assignment is as good as the model's. */
export function anyAllowed(subject: Subject<'assignor'>, free: readonly AssignorName[]): FreeSubject {
  return {
    ...subject,
    strict: subject,
    free,
    start: setup => {
      const side = subject.start(setup)
      const model = scopes.assignor.startModel({ ...setup, scope: 'assignor' })
      let shown: AssignorObservation = model.observe()
      const apply = (operation: AssignorOperation): AssignorOutcome => {
        const { members, topics } = model.observe()
        const expected = model.apply(operation)
        let outcome = side.apply(operation)
        if (operation.kind === 'assign' && outcome.kind === 'assigned' && free.includes(operation.assignor)) {
          const assigning = { assignor: operation.assignor, members, topics, assignment: outcome.assignment }
          if (isAllowed(assigning)) {
            outcome = expected
            handOut(side, model.observe())
          }
        }
        shown = side.observe()
        return outcome
      }
      return { apply, observe: () => shown }
    },
  }
}

/** True when an assignment keeps every promise of its assignor. */
export function isAllowed(assigning: Assigning): boolean {
  return checkAssignment(assigning) === null
}

/** Makes every member of a side own what it owns here. */
export function handOut(side: Side<'assignor'>, { members }: AssignorObservation): void {
  for (const { memberId, owned, generationId } of members) side.apply({ kind: 'claim', memberId, owned, generationId })
}
