// Time as the core sees it: one of the only ways out of impl/.
import type { Milliseconds } from '../../model/vocabulary/units.ts'

/** The clock of one node. It never goes back, and differs from node to node. */
export interface Clock {
  /** Milliseconds since the node's own zero. */
  now(): Milliseconds
}
