import type { PlantedBug } from '../planted-bug.ts'

export const lostCommitAcknowledged: PlantedBug = {
  name: 'lost-commit-acknowledged',
  kind: 'historical',
  mechanism:
    "a deposed coordinator that is not unloaded yet completes its pending commits when its replica's high watermark passes records that the new leader wrote",
  source: 'KAFKA-20634 (apache/kafka#22444)',
  claim: 'F6',
  caughtBy: ['F6', 'O4', 'G1', 'P1', 'P2', 'agreement'],
  scope: 'cluster',
  patches: [
    {
      file: 'impl/group/coordinator.ts',
      find: "    for (const { requester, request } of this.#waiting) {\n      this.#options.respond(requester, bareAnswer(request, 'NOT_COORDINATOR'))\n    }\n    this.#forget()\n",
      replace: '    this.#forget()\n',
    },
    {
      file: 'impl/group/coordinator.ts',
      find: '        if (this.#life !== life) return\n        done(error)\n        this.#finish(group)\n',
      replace: '        done(error)\n        if (this.#life === life) this.#finish(group)\n',
    },
    {
      file: 'impl/replica/waiting-appends.ts',
      find: '      () => true,\n      error,\n      ({ isGroupWrite }) => !isGroupWrite,\n',
      replace: '      ({ isGroupWrite }) => !isGroupWrite,\n      error,\n',
    },
    {
      file: 'impl/replica/replica.ts',
      find: 'const following = new Following(this.#held, this.#surroundings, state.leader)\n',
      replace:
        'const following = new Following(this.#held, this.#surroundings, state.leader)\n    following.formerWaiting = before?.waiting\n',
    },
    {
      file: 'impl/replica/following.ts',
      find: '    log.updateHighWatermark(response.highWatermark)\n',
      replace:
        "    log.updateHighWatermark(response.highWatermark)\n    this.formerWaiting?.reached(log.highWatermark, 'NONE')\n",
    },
  ],
  shortestCounterExample: null,
}
