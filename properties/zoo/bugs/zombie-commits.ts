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
      find: "if (request.kind !== 'LeaveGroup' && request.generationId !== group.generationId) return 'ILLEGAL_GENERATION'",
      replace:
        "const hasGeneration = request.kind === 'SyncGroup' || request.kind === 'Heartbeat'\n  if (hasGeneration && request.generationId !== group.generationId) return 'ILLEGAL_GENERATION'",
    },
  ],
  shortestCounterExample: null,
}
