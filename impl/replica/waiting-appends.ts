// Appends that wait until the high watermark passes them: Kafka's purgatory for `DelayedProduce`, of one partition.
//
// They are looked at in order of arrival. Their ends nearly always rise, so the first one tells whether any is reached;
// only a duplicate of an older batch breaks the row, and then all are looked at until the row is empty again.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { Milliseconds, Offset } from '../../model/vocabulary/units.ts'
import { never } from './surroundings.ts'

/** One append that waits. */
export type WaitingAppend = {
  /** The high watermark that it needs. */
  readonly endOffset: Offset
  /** When it is answered at the latest. */
  readonly dueAt: Milliseconds
  /** Whether it is the group coordinator's, which is told of the end of a leadership in another way. */
  readonly isGroupWrite: boolean
  readonly complete: (error: ErrorName) => void
}

/** The row of one leadership. */
export class WaitingAppends {
  #row: WaitingAppend[] = []
  #rises = true
  /** At or before the first due time of the row. */
  #nextDue = never

  /** A time before which none is due. */
  get nextDue(): Milliseconds {
    return this.#nextDue
  }

  /** The ends that are waited for, in order of arrival. */
  endOffsets(): readonly Offset[] {
    return this.#row.map(({ endOffset }) => endOffset)
  }

  /** Puts one at the end. */
  add(append: WaitingAppend): void {
    const last = this.#row.at(-1)
    if (last === undefined) this.#rises = true
    else if (append.endOffset < last.endOffset) this.#rises = false
    this.#row.push(append)
    if (append.dueAt < this.#nextDue) this.#nextDue = append.dueAt
  }

  /** Completes those whose end the high watermark has reached. */
  reached(highWatermark: Offset, error: ErrorName): void {
    const first = this.#row[0]
    if (first === undefined || (this.#rises && first.endOffset > highWatermark)) return
    this.#complete(({ endOffset }) => endOffset <= highWatermark, error)
  }

  /** Completes those that are due. */
  tick(now: Milliseconds): void {
    if (now < this.#nextDue) return
    this.#complete(({ dueAt }) => now >= dueAt, 'REQUEST_TIMED_OUT')
    this.#nextDue = this.#row.reduce((earliest, { dueAt }) => Math.min(earliest, dueAt), never)
  }

  /** The leadership ends: completes all but the coordinator's, which its unloading answers. */
  end(error: ErrorName): void {
    this.#complete(
      () => true,
      error,
      ({ isGroupWrite }) => !isGroupWrite,
    )
  }

  #complete(isOver: (append: WaitingAppend) => boolean, error: ErrorName, isTold: typeof isOver = () => true): void {
    const over: WaitingAppend[] = []
    // Completing may add others, so the row is settled first.
    this.#row = this.#row.filter(append => {
      if (!isOver(append)) return true
      over.push(append)
      return false
    })
    for (const append of over) if (isTold(append)) append.complete(error)
  }
}
