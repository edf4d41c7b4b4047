// How operations are chosen: what bench/strategies.ts compares on the planted bugs, and what campaigns do.

export type Strategy = {
  /** A run's weights are bent by up to 2 to the power of this, either way; 0 leaves them as they are. */
  readonly bendMost: number
  /** Share of runs that leave moves out altogether (swarm testing), and how many of the moves these leave out. */
  readonly swarmShare: number
  readonly leftOutShare: number
  /** Share of runs that go on from a run which reached something new. */
  readonly mutatedShare: number
  /** Share of a cluster's runs that deliver by priorities of the links instead of evenly. */
  readonly priorityShare: number
}

/** What the comparison in docs/generation.md found best. */
export const usualStrategy: Strategy = {
  bendMost: 3,
  swarmShare: 0.15,
  leftOutShare: 0.3,
  mutatedShare: 0.25,
  priorityShare: 0,
}

/** Each way by itself, and the mix. */
export const strategies: Readonly<Record<string, Strategy>> = {
  'plain random': { bendMost: 0, swarmShare: 0, leftOutShare: 0, mutatedShare: 0, priorityShare: 0 },
  swarm: { bendMost: 0, swarmShare: 1, leftOutShare: 0.5, mutatedShare: 0, priorityShare: 0 },
  'bent weights': { bendMost: 3, swarmShare: 0, leftOutShare: 0, mutatedShare: 0, priorityShare: 0 },
  novelty: { bendMost: 0, swarmShare: 0, leftOutShare: 0, mutatedShare: 0.5, priorityShare: 0 },
  priorities: { bendMost: 0, swarmShare: 0, leftOutShare: 0, mutatedShare: 0, priorityShare: 1 },
  'mix without priorities': { bendMost: 3, swarmShare: 0.15, leftOutShare: 0.3, mutatedShare: 0.25, priorityShare: 0 },
  'mix with priorities': { bendMost: 3, swarmShare: 0.15, leftOutShare: 0.3, mutatedShare: 0.25, priorityShare: 0.3 },
}
