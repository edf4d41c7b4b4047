// How many of the messages of a long `settle` are drawn one by one. A cluster that idles for a minute exchanges thousands, and
// a picture that shows them all is one that nobody can read, or load.

/** Moments of one film, as far as they go round; 200 operations of five brokers stay below a megabyte with it. */
export const momentsMost = 2500
/** Each operation has at least so many, if it has as much to show. */
const momentsLeast = 9

/** How many moments an operation may have, so that all of them together stay within bounds. `parts`: of each operation. */
export function momentsEach(parts: readonly number[]): number {
  const total = (most: number): number => parts.reduce((sum, count) => sum + Math.min(count, most), 0)
  let most = parts.reduce((largest, count) => Math.max(largest, count), momentsLeast)
  let least = momentsLeast
  while (least < most) {
    const middle = Math.ceil((least + most) / 2)
    if (total(middle) <= momentsMost) least = middle
    else most = middle - 1
  }
  return least
}

export type Moments = {
  /** Which moment a part is. */
  readonly momentOf: (part: number) => number
  readonly count: number
  /** The moment that is many parts; null when each is one of its own. */
  readonly crowd: number | null
  readonly remark: string | null
}

/** Two thirds of the moments are the first parts, the last third are the last ones, and what is between is one moment. */
export function singled(parts: number, most: number): Moments {
  if (parts <= most) return { momentOf: part => part, count: parts, crowd: null, remark: null }
  const first = Math.floor(((most - 1) * 2) / 3)
  const last = most - 1 - first
  return {
    momentOf: part => (part < first ? part : part < parts - last ? first : part - (parts - last) + first + 1),
    count: most,
    crowd: first,
    remark:
      `too much for a picture: ${parts - first - last} of its ${parts} moments are drawn as one, ` +
      'without the messages that came and went in it',
  }
}
