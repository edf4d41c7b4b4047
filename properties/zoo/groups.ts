// Planted bugs against the claims about groups.
import type { PlantedBug } from './planted-bug.ts'

export const groupBugs: readonly PlantedBug[] = [
  {
    name: 'assignment-of-another-generation',
    source: 'the assignment of generation n is delivered in generation n + 1',
    claim: 'G1',
    scope: 'group',
    patch: {
      file: 'impl/group/requests.ts',
      find: '    if (group.phase !== phase) return\n',
      replace: "    if (group.phase.kind !== 'CompletingRebalance') return\n",
    },
  },
  {
    name: 'zombie-commits',
    source: 'a commit of a member of an old generation is accepted',
    claim: 'G2',
    scope: 'group',
    patch: {
      file: 'impl/group/requests.ts',
      find: "if (request.kind !== 'LeaveGroup' && request.generationId !== group.generationId) return 'ILLEGAL_GENERATION'",
      replace:
        "if (request.kind === 'SyncGroup' && request.generationId !== group.generationId) return 'ILLEGAL_GENERATION'",
    },
  },
  {
    name: 'commits-during-the-rebalance',
    source: 'ours: the state table lets a member commit while the assignment is still open',
    claim: 'G3',
    scope: 'group',
    patch: {
      file: 'impl/group/states.ts',
      find: "OffsetCommit: { member: 'REBALANCE_IN_PROGRESS', outsider: 'UNKNOWN_MEMBER_ID' },",
      replace: "OffsetCommit: { member: 'NONE', outsider: 'UNKNOWN_MEMBER_ID' },",
    },
  },
  {
    name: 'range-forgets-the-remainder',
    source: 'ours: the first members get one partition less than they should when the division leaves a rest',
    claim: 'G4',
    scope: 'assignor',
    patch: {
      file: 'impl/group/assignors/range.ts',
      find: 'let larger = partitionCount % subscribers.length',
      replace: 'let larger = (partitionCount % subscribers.length) - 1',
    },
  },
  {
    name: 'static-member-not-fenced',
    source: 'KIP-345: a static member is replaced without fencing the process before it',
    claim: 'G5',
    scope: 'group',
    patch: {
      file: 'impl/group/requests.ts',
      find: "    if (known.memberId !== memberId) return 'FENCED_INSTANCE_ID'\n",
      replace: '    if (known.memberId !== memberId) return known\n',
    },
  },
  {
    name: 'negative-hash',
    source: "a negative hash is not masked, so a key's partition depends on the client",
    claim: 'O3',
    scope: 'partitioner',
    patch: {
      file: 'impl/producer/partitioner.ts',
      find: '(this.#hash(key) & 0x7fffffff) % partitionCount',
      replace: 'Math.abs(this.#hash(key)) % partitionCount',
    },
  },
]
