import type { PlantedBug } from '../planted-bug.ts'

export const acknowledgedAtTheFirstRecord: PlantedBug = {
  name: 'acknowledged-at-the-first-record',
  kind: 'historical',
  mechanism:
    "the wait for acknowledgement compares the high watermark with the batch's first offset, not with the one behind its last",
  source: null,
  claim: 'L1',
  caughtBy: ['L1', 'O4', 'F2', 'L4', 'L8', 'agreement'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/replica/replica.ts',
      find: 'this.#await({ endOffset: appended.lastOffset + 1, dueAt, isGroupWrite: false, complete })',
      replace: 'this.#await({ endOffset: appended.baseOffset, dueAt, isGroupWrite: false, complete })',
    },
  ],
  shortestCounterExample: null,
}
