// How far a campaign is: time left, failures so far, behaviours missing, rate.
import type { ScopeName } from '../properties/verdict.ts'
import { counted } from '../traces/render/failure.ts'
import { type Extent, totalRuns } from './plan.ts'
import { leftPart, type Part, type Sofar } from './progress.ts'
import type { Tally } from './tally.ts'

/** What `check` shows while it runs. */
export function checkSofar(tally: Tally, seconds: number, scopes: readonly ScopeName[], extent: Extent): Sofar {
  const { runs, operations, failingRuns, unknownRuns, missing } = tally
  const total = scopes.reduce((sum, scope) => sum + totalRuns(scope, scopes, extent), 0)
  const tried = runs + unknownRuns
  const left = extent.kind === 'time' ? extent.ms / 1000 - seconds : ((total - tried) * seconds) / tried
  return {
    done: extent.kind === 'time' ? (seconds * 1000) / extent.ms : tried / total,
    parts: [
      // Before anything came back nobody knows.
      ...(Number.isFinite(left) ? [leftPart(left)] : []),
      { text: `${failingRuns} failing`, ...(failingRuns > 0 ? { style: 'red' as const } : {}) },
      ...alarm(unknownRuns, `${unknownRuns} unknown`, `${unknownRuns} unknown`),
      ...alarm(missing, `${counted(missing, 'behaviour')} missing`, `${missing} missing`),
      { text: `${Math.round(operations / seconds)} operations/s`, short: `${Math.round(operations / seconds)}/s` },
      { text: `${runs}${Number.isFinite(total) ? ` of ${total}` : ''} runs`, short: `${runs} runs` },
    ],
  }
}

/** What is only said when there is some of it. */
function alarm(count: number, text: string, short: string): readonly Part[] {
  return count === 0 ? [] : [{ text, short, style: 'yellow' }]
}
