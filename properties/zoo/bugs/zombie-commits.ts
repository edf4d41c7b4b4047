import type { PlantedBug } from '../planted-bug.ts'

export const zombieCommits: PlantedBug = {
  name: 'zombie-commits',
  kind: 'historical',
  mechanism: 'a commit of a member of an old generation is accepted',
  source: null,
  claim: 'G2',
  caughtBy: ['G2'],
  scope: 'group',
  patches: [
    {
      file: 'impl/group/requests.ts',
      find: "memberOf(group, request)\n  if (typeof member === 'string') return member\n",
      replace: "memberOf(group, { ...request, generationId: null })\n  if (typeof member === 'string') return member\n",
    },
  ],
  shortestCounterExample: null,
}
