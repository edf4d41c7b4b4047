// Is a campaign saturated? The curve of abstract states that no run before had reached, and a sentence that reads it.
import { Curve } from '../../properties/facts/curve.ts'
import type { ScopePart } from '../../traces/schema/campaign-report.ts'

/** A campaign with fewer runs says nothing about what more of them would find. */
const runsLeast = 100
/** Below this share of all pairs in the last tenth of the runs, where a steady stream would bring a tenth, hardly anything is new. */
const hardlyAny = 0.01
const newestShown = 8

/** Reads the first run of each (kind of operation, abstract state) pair. */
export function noveltyOf(firstReached: ReadonlyMap<string, number>, runs: number): ScopePart['novelty'] {
  const curve = new Curve()
  const last = Math.ceil(runs / 10)
  let late = 0
  for (const run of firstReached.values()) {
    curve.add(run)
    if (run >= runs - last) late++
  }
  const newest = [...firstReached]
    .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
    .slice(0, newestShown)
    .map(([pair, run]) => ({ pair, run }))
  const lastTenth = { runs: last, pairs: late }
  const pairs = firstReached.size
  return { pairs, over: curve.points(runs), lastTenth, sentence: sentenceOf(pairs, runs, lastTenth), newest }
}

function sentenceOf(pairs: number, runs: number, last: { readonly runs: number; readonly pairs: number }): string {
  if (runs < runsLeast)
    return `${pairs} pairs in ${runs} runs: too few runs to say whether more would reach anything new.`
  const tenth = `the last tenth of the runs (${last.runs})`
  if (last.pairs === 0) return `Saturated: ${tenth} reached no new pair. All ${pairs} had been reached before.`
  const rate = last.pairs / last.runs
  const often = rate >= 1 ? `${rate.toFixed(1)} a run` : `one in ${Math.round(1 / rate)} runs`
  const what = `${tenth} reached ${last.pairs} new of ${pairs} pairs, ${often}`
  return last.pairs / pairs < hardlyAny
    ? `Nearly saturated: ${what}.`
    : `Not saturated: ${what}. A longer campaign will reach states that this one has not.`
}
