// Faults to plant into a subject's answers, by which one sees that the comparison would notice: a check that cannot fail is
// no check.
import type { AssignorOutcome, PartitionerOutcome } from '../../model/vocabulary/choosing.ts'
import type { Subject } from '../../properties/verdict.ts'

/** Every record goes to the next partition but one. */
export function wrongPartitions(subject: Subject<'partitioner'>): Subject<'partitioner'> {
  return {
    ...subject,
    start: setup => {
      const side = subject.start(setup)
      const apply = (operation: Parameters<typeof side.apply>[0]): PartitionerOutcome => {
        const outcome = side.apply(operation)
        return outcome.kind === 'chosen' ? { ...outcome, partition: outcome.partition + 1 } : outcome
      }
      return { ...side, apply }
    },
  }
}

/** What the first member with partitions got first, it does not get. */
export function wrongAssignments(subject: Subject<'assignor'>): Subject<'assignor'> {
  return {
    ...subject,
    start: setup => {
      const side = subject.start(setup)
      const apply = (operation: Parameters<typeof side.apply>[0]): AssignorOutcome => {
        const outcome = side.apply(operation)
        if (outcome.kind !== 'assigned') return outcome
        const rich = outcome.assignment.findIndex(({ partitions }) => partitions.length > 0)
        const assignment = outcome.assignment.map((share, index) =>
          index === rich ? { ...share, partitions: share.partitions.slice(1) } : share,
        )
        return { ...outcome, assignment }
      }
      return { ...side, apply }
    },
  }
}
