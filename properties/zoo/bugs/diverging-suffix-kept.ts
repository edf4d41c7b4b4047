import type { PlantedBug } from '../planted-bug.ts'

export const divergingSuffixKept: PlantedBug = {
  name: 'diverging-suffix-kept',
  kind: 'slip',
  mechanism: 'a follower that is told where its log diverges does not cut it there',
  source: null,
  claim: 'O1',
  caughtBy: ['O1', 'O2', 'O4', 'O6', 'L2', 'agreement'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/replica/following.ts',
      find: 'if (!this.#done(log.truncate(target))) return',
      replace: 'if (!this.#done(log.truncate(Math.max(target, before.end)))) return',
    },
  ],
  shortestCounterExample: null,
}
