// Runs the portions of a campaign on the workers, in any order, and keeps what came back in the order of the plan.
import type { ScopeName } from '../properties/verdict.ts'
import { campaignLength, type PortionOutcome } from './campaign-report.ts'
import type { Portion } from './plan.ts'
import type { TimedFacts } from './report/watch.ts'
import type { SubjectChoice } from './subject.ts'
import type { Workers } from './workers.ts'

export type CampaignOptions = {
  readonly seed: number
  readonly choice: SubjectChoice
  /** Told of every portion that belongs to the campaign, in the order of the plan, when facts are wanted. */
  readonly onFacts?: (scope: ScopeName, facts: TimedFacts) => void
  readonly timeoutMs: number
  /** True when no more may begin. */
  readonly isTimeUp: () => boolean
  readonly interrupt: AbortSignal
  /** Told after every portion. */
  readonly onOutcome: (outcome: PortionOutcome) => void
}

/** Runs `lanes` portions at a time; gives those that belong to the campaign, in the order of the plan. */
export async function runPortions(
  portions: Iterator<Portion>,
  workers: Workers,
  lanes: number,
  options: CampaignOptions,
): Promise<readonly PortionOutcome[]> {
  const { seed, choice, timeoutMs, isTimeUp, interrupt, onOutcome, onFacts } = options
  const wantsFacts = onFacts !== undefined
  const outcomes: (PortionOutcome | undefined)[] = []
  /** What nobody was told of yet, by place: the portions before it are not back. */
  const untold = new Map<number, TimedFacts>()
  let told = 0
  let isOver = false
  const tell = (): void => {
    const { length } = campaignLength(outcomes)
    for (; told < length; told++) {
      const facts = untold.get(told)
      const scope = outcomes[told]?.portion.scope
      if (facts !== undefined && scope !== undefined) onFacts?.(scope, facts)
      untold.delete(told)
    }
  }
  const lane = async (): Promise<void> => {
    while (!isOver && !interrupt.aborted && !isTimeUp()) {
      const next = portions.next()
      if (next.done === true) return
      const portion = next.value
      const place = outcomes.push(undefined) - 1
      const done = await workers.run('portionTask', { ...portion, seed, choice, wantsFacts }, timeoutMs)
      if (done.kind === 'interrupted') return
      const outcome: PortionOutcome =
        done.kind === 'lost'
          ? { kind: 'lost', portion, sentence: done.sentence }
          : { kind: 'result', portion, shards: done.result.shards }
      outcomes[place] = outcome
      if (done.kind === 'result' && done.result.facts !== null) untold.set(place, done.result.facts)
      if (wantsFacts) tell()
      onOutcome(outcome)
      isOver ||= campaignLength(outcomes).isOver
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  // What was still under way when it was over depends on the workers: only the unbroken beginning counts.
  return outcomes.slice(0, campaignLength(outcomes).length).filter(outcome => outcome !== undefined)
}
