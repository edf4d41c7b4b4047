import type { PlantedBug } from '../planted-bug.ts'

export const commitsWhatItAskedFor: PlantedBug = {
  name: 'commits-what-it-asked-for',
  kind: 'slip',
  mechanism: "a consumer's position passes a record that it did not process, and is committed",
  source: null,
  claim: 'L7',
  caughtBy: ['L7', 'F3'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/consumer/fetched.ts',
      find: 'if (offset < next) continue',
      replace: 'if (offset < next || offset === next + 1) continue',
    },
  ],
  shortestCounterExample: null,
}
