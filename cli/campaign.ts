// Runs the portions of a campaign on the workers, in any order, and keeps what came back in the order of the plan.
import { campaignLength, type PortionOutcome } from './campaign-report.ts'
import type { Portion } from './plan.ts'
import type { SubjectChoice } from './subject.ts'
import type { Workers } from './workers.ts'

export type CampaignOptions = {
  readonly seed: number
  readonly choice: SubjectChoice
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
  const { seed, choice, timeoutMs, isTimeUp, interrupt, onOutcome } = options
  const outcomes: (PortionOutcome | undefined)[] = []
  let isOver = false
  const lane = async (): Promise<void> => {
    while (!isOver && !interrupt.aborted && !isTimeUp()) {
      const next = portions.next()
      if (next.done === true) return
      const portion = next.value
      const place = outcomes.push(undefined) - 1
      const done = await workers.run('portionTask', { ...portion, seed, choice }, timeoutMs)
      if (done.kind === 'interrupted') return
      const outcome: PortionOutcome =
        done.kind === 'lost'
          ? { kind: 'lost', portion, sentence: done.sentence }
          : { kind: 'result', portion, shards: done.result }
      outcomes[place] = outcome
      onOutcome(outcome)
      isOver ||= campaignLength(outcomes).isOver
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  // What was still under way when it was over depends on the workers: only the unbroken beginning counts.
  return outcomes.slice(0, campaignLength(outcomes).length).filter(outcome => outcome !== undefined)
}
