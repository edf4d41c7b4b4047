// What must have been there for the claims on partitioners and assignors to say something.
import type { Premises } from './premise.ts'

export const partitionerPremises: Premises<'partitioner'> = {
  O3: {
    what: 'a choice among several partitions',
    isThere: ({ operation, outcome }) =>
      operation.kind === 'choose' &&
      operation.given === null &&
      operation.partitionCount > 1 &&
      outcome.kind === 'chosen',
  },
}

export const assignorPremises: Premises<'assignor'> = {
  G1: {
    what: 'an assignment to members that own something already',
    isThere: ({ before, outcome }) =>
      outcome.kind === 'assigned' && before.members.some(({ owned }) => owned.length > 0),
  },
  G4: {
    what: 'an assignment of partitions to several members',
    isThere: ({ before, outcome }) =>
      outcome.kind === 'assigned' &&
      before.members.length > 1 &&
      outcome.assignment.some(({ partitions }) => partitions.length > 0),
  },
}
