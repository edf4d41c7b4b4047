// The points of a curve as shares of the runs that they stand for.

/** Counts, and the runs that each of them is of. */
export type Shares = { readonly counts: readonly number[]; readonly of: readonly number[] }

/**
 * A share for each point; null where no run is known, since they were lost. A last point of few runs is put together with
 * the one before it: one run of two would stand out as the highest of all, and say nothing.
 */
export function sharesOf({ counts, of }: Shares): readonly (number | null)[] {
  const last = counts.length - 1
  const isShort = last > 0 && (of[last] ?? 0) > 0 && (of[last] ?? 0) * 2 < (of[last - 1] ?? 0)
  const whole = isShort ? last : counts.length
  return counts.slice(0, whole).map((count, place) => {
    const added = isShort && place === whole - 1
    const all = (of[place] ?? 0) + (added ? (of[last] ?? 0) : 0)
    return all === 0 ? null : (count + (added ? (counts[last] ?? 0) : 0)) / all
  })
}
