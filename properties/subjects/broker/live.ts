// A subject that lives somewhere else: every operation takes its time, and the subject may be gone in the middle of one.
import type { ServiceOperation, ServiceOutcome, ServiceSetup } from '../../../model/vocabulary/service.ts'

/** One run against a subject, started. Operations are applied one after the other. */
export type LiveSide = {
  /**
   * Carries one operation out and says what was answered. `awaits` are the clients whose waiting join or sync must be
   * answered by now, if the model is right: they are waited for, but not for ever. Rejects with what `subjectGone` makes
   * when the broker is gone, hangs or talks nonsense.
   */
  readonly apply: (operation: ServiceOperation, awaits: readonly string[]) => Promise<ServiceOutcome>
  /**
   * Leaves the groups, deletes what the run created, closes the connections. Never rejects, is bounded in time, and gives
   * a sentence for each thing that could not be removed.
   */
  readonly end: () => Promise<readonly string[]>
}

/** A subject is started afresh for every run; a run shares no name with another. `start` rejects as `apply` does. */
export type LiveSubject = { readonly name: string; readonly start: (setup: ServiceSetup) => Promise<LiveSide> }
