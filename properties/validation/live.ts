// What is validated: a broker that somebody else runs, behind a driver. Everything waits for it, and it may be gone.
import type { ServiceOperation, ServiceOutcome, ServiceSetup } from '../../model/vocabulary/service.ts'

/** A run as plain data. */
export type LiveRun = { readonly setup: ServiceSetup; readonly operations: readonly ServiceOperation[] }

/** A run in progress on a live broker. */
export type LiveSide = {
  /**
   * Carries one operation out and gives the answer. `awaits` are the clients that must be answered by now, each as often
   * as it stands there: an older join or sync of theirs may be among what is answered; `mays`
   * are those that may be, for whom a moment is enough. Rejects with `subjectGone` when the broker is gone, hangs or talks nonsense.
   */
  readonly apply: (
    operation: ServiceOperation,
    awaits: readonly string[],
    mays?: readonly string[],
  ) => Promise<ServiceOutcome>
  /** Removes what the run has made and lets go of the broker. Never rejects; what could not be removed is said. */
  readonly end: () => Promise<readonly string[]>
}

/** Starts a run, with names that nobody else has. */
export type LiveSubject = { readonly name: string; readonly start: (setup: ServiceSetup) => Promise<LiveSide> }
