// Is a campaign saturated? The curve of abstract states that no run before had reached, and a sentence that reads it.
import { Curve } from '../../properties/facts/curve.ts'
import type { ScopePart } from '../../traces/schema/campaign-report.ts'

/** A campaign with fewer runs says nothing about what more of them would find. */
const runsLeast = 100
/** Below this share of all pairs in the last tenth of the runs, where a steady stream would bring a tenth, hardly anything is new. */
const hardlyAny = 0.01
const newestShown = 8

/** Some runs of a scope that follow on each other. */
export type RunRange = { readonly firstRun: number; readonly runs: number }

/**
 * Reads the first run of each (kind of operation, abstract state) pair, of a campaign that ends before run `endRun`, and
 * knows nothing of some runs before it.
 */
export function noveltyOf(
  firstReached: ReadonlyMap<string, number>,
  endRun: number,
  unknown: readonly RunRange[],
): ScopePart['novelty'] {
  const curve = new Curve()
  const last = Math.ceil(endRun / 10)
  let late = 0
  for (const run of firstReached.values()) {
    curve.add(run)
    if (run >= endRun - last) late++
  }
  const newest = [...firstReached]
    .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
    .slice(0, newestShown)
    .map(([pair, run]) => ({ pair, run }))
  const lastTenth = { runs: last, pairs: late }
  const pairs = firstReached.size
  const sentence =
    unknown.length > 0 ? silentSentence(pairs, endRun, last, unknown) : sentenceOf(pairs, endRun, lastTenth)
  return { pairs, over: curve.points(endRun), lastTenth, sentence, newest }
}

/** A late run of which nothing is known may have reached something new, and an early one makes what it reached look new later. */
function silentSentence(pairs: number, endRun: number, last: number, unknown: readonly RunRange[]): string {
  const all = unknown.reduce((sum, { runs }) => sum + runs, 0)
  const late = unknown.reduce((sum, { firstRun, runs }) => {
    return sum + Math.max(0, firstRun + runs - Math.max(firstRun, endRun - last))
  }, 0)
  const where = late === 0 ? '' : `, ${late} of those in the last tenth (${last})`
  return `${pairs} pairs in ${endRun} runs. Nothing is said of saturation: nothing is known of ${all} of them${where}.`
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
