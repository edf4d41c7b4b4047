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

/** Each way by itself, and mixes of them. */
export const strategies = {
  'plain random': { bendMost: 0, swarmShare: 0, leftOutShare: 0, mutatedShare: 0, priorityShare: 0 },
  swarm: { bendMost: 0, swarmShare: 1, leftOutShare: 0.5, mutatedShare: 0, priorityShare: 0 },
  'bent weights': { bendMost: 3, swarmShare: 0, leftOutShare: 0, mutatedShare: 0, priorityShare: 0 },
  novelty: { bendMost: 0, swarmShare: 0, leftOutShare: 0, mutatedShare: 0.5, priorityShare: 0 },
  priorities: { bendMost: 0, swarmShare: 0, leftOutShare: 0, mutatedShare: 0, priorityShare: 1 },
  'all but priorities': { bendMost: 3, swarmShare: 0.15, leftOutShare: 0.3, mutatedShare: 0.25, priorityShare: 0 },
  'all, few priorities': { bendMost: 3, swarmShare: 0.15, leftOutShare: 0.3, mutatedShare: 0.25, priorityShare: 0.3 },
  'some of each': { bendMost: 3, swarmShare: 0.05, leftOutShare: 0.3, mutatedShare: 0.1, priorityShare: 0.6 },
  'bent weights, priorities': { bendMost: 3, swarmShare: 0, leftOutShare: 0, mutatedShare: 0, priorityShare: 0.7 },
  'slightly bent, priorities': {
    bendMost: 1,
    swarmShare: 0.05,
    leftOutShare: 0.2,
    mutatedShare: 0.1,
    priorityShare: 0.7,
  },
} as const satisfies Readonly<Record<string, Strategy>>

/** The one that took the least time in the comparison (docs/generation.md). */
export const usualStrategy: Strategy = strategies['some of each']
