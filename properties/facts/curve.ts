// How often something happened over the runs of a campaign whose length nobody knows yet: counts of neighbouring runs, which
// are put together two by two whenever there are too many of them. What a curve shows depends on which runs were counted
// alone, so it is the same however the campaign was cut.

/** Most points of a curve. */
export const pointsMost = 50

/** How many runs are put together in one point, so that a campaign that ends before this run has no more than `pointsMost`. */
export function widthFor(endRun: number): number {
  let width = 1
  while (width * pointsMost < endRun) width *= 2
  return width
}

/** Counts by run. */
export class Curve {
  /** How often in all. */
  total = 0
  /** The first run, or null. */
  first: number | null = null
  #last = -1
  #width = 1
  #counts: number[] = []

  add(run: number): void {
    while (run >= this.#width * pointsMost) this.#widen()
    const place = Math.floor(run / this.#width)
    this.#counts[place] = (this.#counts[place] ?? 0) + 1
    this.total++
    if (this.first === null || run < this.first) this.first = run
    this.#last = Math.max(this.#last, run)
  }

  /**
   * The counts of a campaign that ends before run `endRun`, also when runs before it were lost: one for each
   * `widthFor(endRun)` runs.
   */
  points(endRun: number): readonly number[] {
    if (this.#last >= endRun) throw new Error(`run ${this.#last} of a campaign that ends before run ${endRun}`)
    const width = widthFor(endRun)
    while (this.#width < width) this.#widen()
    return Array.from({ length: Math.ceil(endRun / width) }, (_, place) => this.#counts[place] ?? 0)
  }

  #widen(): void {
    this.#width *= 2
    this.#counts = Array.from(
      { length: Math.ceil(this.#counts.length / 2) },
      (_, place) => (this.#counts[2 * place] ?? 0) + (this.#counts[2 * place + 1] ?? 0),
    )
  }
}
