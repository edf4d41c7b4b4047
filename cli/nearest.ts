// The name that somebody probably meant.

/** The known name that takes the fewest slips of the keyboard to reach, or to begin; null when none is near. */
export function nearest(given: string, known: readonly string[]): string | null {
  if (given === '') return null
  const ranked = known
    .map(name => ({ name, distance: howFar(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => Number.isFinite(distance))
    .sort((a, b) => a.distance - b.distance || a.name.length - b.name.length)
  return ranked[0]?.name ?? null
}

/** Slips from what was given to a name; infinite when they have too little in common. */
function howFar(given: string, name: string): number {
  // One letter stands in too many names to mean one of them.
  if (name.startsWith(given) || (given.length > 2 && name.includes(given))) return 0
  const whole = distanceOf(given, name)
  if (whole <= Math.max(given.length, name.length) / 2) return whole
  // A long name that somebody only began.
  const begun = Math.min(...[-1, 0, 1].map(more => distanceOf(given, name.slice(0, given.length + more))))
  return begun <= given.length / 4 ? begun : Number.POSITIVE_INFINITY
}

/** What to do instead of naming what is not known: `Did you mean cluster?`, or every name where none is near. */
export function meantText(given: string, known: readonly string[], all: string): string {
  const meant = nearest(given, known)
  return meant === null ? `${all}: ${known.join(', ')}.` : `Did you mean ${meant}?`
}

/** Insertions, deletions, replacements and swapped neighbours (optimal string alignment), by the row. */
function distanceOf(a: string, b: string): number {
  let above: readonly number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const twoAbove = above
    above = row
    row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwapped ? (twoAbove[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min(replaced, swapped, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
  }
  return row[b.length] ?? 0
}
