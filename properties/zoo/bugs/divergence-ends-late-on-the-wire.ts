import type { PlantedBug } from '../planted-bug.ts'

export const divergenceEndsLateOnTheWire: PlantedBug = {
  name: 'divergence-ends-late-on-the-wire',
  kind: 'slip',
  mechanism:
    'the offset at which a follower diverges is one too high on the wire: a record that its leader lacks stays',
  source: null,
  claim: 'O4',
  caughtBy: ['O4', 'P1'],
  scope: 'cluster',
  wire: true,
  patches: [
    {
      file: 'impl/wire/messages/fetch.ts',
      find: 'divergingEpoch: divergingEpoch ?? noDivergence,',
      replace:
        'divergingEpoch: divergingEpoch === null ? noDivergence : { ...divergingEpoch, endOffset: divergingEpoch.endOffset + 1 },',
    },
  ],
  shortestCounterExample: null,
}
