// The name that somebody probably meant.

/** The known name that takes the fewest changes of one character to reach; null when none is near. */
export function nearest(given: string, known: readonly string[]): string | null {
  const ranked = known
    .map(name => ({ name, distance: name.includes(given) ? 0 : distanceOf(given, name) }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = ranked
  return best === undefined || best.distance > Math.max(given.length, best.name.length) / 2 ? null : best.name
}

/** Insertions, deletions and replacements (Levenshtein), by the row. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const above = row
    row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(replaced, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
  }
  return row[b.length] ?? 0
}
