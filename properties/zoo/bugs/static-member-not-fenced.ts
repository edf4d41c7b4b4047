import type { PlantedBug } from '../planted-bug.ts'

export const staticMemberNotFenced: PlantedBug = {
  name: 'static-member-not-fenced',
  kind: 'historical',
  mechanism: 'a static member is replaced without fencing the process before it',
  source: 'KIP-345, KAFKA-8225 (apache/kafka#6650)',
  claim: 'G5',
  caughtBy: ['G5', 'G2'],
  scope: 'group',
  patches: [
    {
      file: 'impl/group/requests.ts',
      find: "    if (known.memberId !== memberId) return 'FENCED_INSTANCE_ID'\n",
      replace: '    if (known.memberId !== memberId) return known\n',
    },
  ],
  shortestCounterExample: null,
}
