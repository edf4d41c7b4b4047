// How often something happened over the runs of a campaign whose length nobody knows yet: counts of neighbouring runs, which
// are put together two by two whenever there are too many of them. What a curve shows depends on which runs were counted
// alone, so it is the same however the campaign was cut.

/** Most points of a curve. */
export const pointsMost = 50

/** How many runs are put together in one point, so that a campaign of this length has no more than `pointsMost`. */
export function widthFor(runs: number): number {
  let width = 1
  while (width * pointsMost < runs) width *= 2
  return width
}

/** Counts by run. */
export class Curve {
  /** How often in all. */
  total = 0
  /** The first run, or null. */
  first: number | null = null
  #width = 1
  #counts: number[] = []

  add(run: number): void {
    while (run >= this.#width * pointsMost) this.#widen()
    const place = Math.floor(run / this.#width)
    this.#counts[place] = (this.#counts[place] ?? 0) + 1
    this.total++
    if (this.first === null || run < this.first) this.first = run
  }

  /** The counts of a campaign of so many runs: one for each `widthFor(runs)` of them. */
  points(runs: number): readonly number[] {
    const width = widthFor(runs)
    while (this.#width < width) this.#widen()
    return Array.from({ length: Math.ceil(runs / width) }, (_, place) => this.#counts[place] ?? 0)
  }

  #widen(): void {
    this.#width *= 2
    this.#counts = Array.from(
      { length: Math.ceil(this.#counts.length / 2) },
      (_, place) => (this.#counts[2 * place] ?? 0) + (this.#counts[2 * place + 1] ?? 0),
    )
  }
}
