import type { PlantedBug } from '../planted-bug.ts'

export const producerStateNotLoaded: PlantedBug = {
  name: 'producer-state-not-loaded',
  kind: 'historical',
  mechanism:
    'the snapshot of the producers is not read when a log is opened: a retry across a restart is appended twice',
  source: null,
  claim: 'O3',
  caughtBy: ['O3'],
  scope: 'log',
  patches: [
    {
      file: 'impl/log/open.ts',
      find: 'producers.restore(disk, folder, segments.active)',
      replace: 'segments.active.eachHeader((view, at) => producers.note(view, at))',
    },
  ],
  shortestCounterExample: null,
}
