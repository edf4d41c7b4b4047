// A log as the abstract specification sees it: one entry after the other, from offset 0.
import type { LogState } from '../../../../model/log/state.ts'
import type { LeaderEpoch } from '../../../../model/vocabulary/units.ts'

/** A record, told from others by how many were left to be sent when it was (moves.ts gives `a` to the last one). */
export type Entry = { readonly left: number; readonly leaderEpoch: LeaderEpoch }

/** Remembered by the log: most logs are the same from step to step. */
const known = new WeakMap<LogState, readonly Entry[] | null>()

/** Null for a log that begins elsewhere, has gaps, or has records that are not the explorer's. */
export function entriesOf(log: LogState): readonly Entry[] | null {
  let entries = known.get(log)
  if (entries === undefined) {
    entries = readEntries(log)
    known.set(log, entries)
  }
  return entries
}

function readEntries({ segments, logStartOffset }: LogState): readonly Entry[] | null {
  const entries: Entry[] = []
  for (const { batches } of segments) {
    for (const { leaderEpoch, records } of batches) {
      for (const { offset, value } of records) {
        if (value === null || !/^[a-z]$/.test(value) || offset !== entries.length) return null
        entries.push({ left: value.charCodeAt(0) - 'a'.charCodeAt(0), leaderEpoch })
      }
    }
  }
  return logStartOffset === 0 ? entries : null
}
