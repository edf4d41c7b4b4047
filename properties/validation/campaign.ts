// Many runs on one broker at a time, since most of a run is waiting: each with topics and groups of its own. What was tried
// is counted, findings are told apart by their signatures, and the first of each are made smaller.
import { drawServiceRun, type ServiceGround } from '../generation/service.ts'
import { Random, seedOf } from '../random.ts'
import { GivenUp } from './given-up.ts'
import type { LiveRun, LiveSubject } from './live.ts'
import { type LiveOptions, type LiveResult, runLive } from './run.ts'
import { type LiveShrunk, shrinkLive } from './shrink.ts'
import { type ApisOf, LiveTally } from './tally.ts'

export type LiveCampaign = LiveOptions & {
  readonly subject: LiveSubject
  readonly ground: ServiceGround
  readonly apisOf: ApisOf
  readonly seed: number
  /** Runs at a time. */
  readonly lanes: number
  /** Runs at most. */
  readonly runsMost: number
  /** True when no further run is to begin. */
  readonly isTimeUp: () => boolean
  /** True when findings are to be left as large as they are. */
  readonly isShrinkingOver: () => boolean
  readonly onRun: (tally: LiveTally) => void
}

/** Findings of one signature. */
export type LiveFound = LiveShrunk & {
  readonly index: number
  /** Operations of the run in which it was seen. */
  readonly from: number
  /** How many runs had it. */
  readonly failingRuns: number
}

export type LiveCampaignResult = {
  readonly tally: LiveTally
  readonly found: readonly LiveFound[]
  /** Versions that were not tried any more, as `JoinGroup 6`. */
  readonly givenUp: readonly string[]
}

/** A broker that is gone for so many runs in a row is gone. */
const goneMost = 5
/** Of each signature so many runs are kept, of which the shortest is made smaller. */
const keptOfEach = 5
const executionsMost = 400

type Kept = { readonly index: number; readonly run: LiveRun; readonly finding: LiveResult['findings'][number] }

/** Runs until time is up, the runs are done, or the broker is gone. */
export async function runLiveCampaign(campaign: LiveCampaign): Promise<LiveCampaignResult> {
  const { subject, ground, seed, lanes, runsMost, isTimeUp } = campaign
  const tally = new LiveTally(campaign.apisOf)
  const kept = new Map<string, { runs: number; readonly examples: Kept[] }>()
  const givenUp = new GivenUp(campaign.apisOf)
  let next = 0
  let goneInARow = 0
  const lane = async (): Promise<void> => {
    while (next < runsMost && !isTimeUp() && goneInARow < goneMost) {
      const index = next++
      const run = drawServiceRun(givenUp.groundOf(ground), new Random(seedOf(seed, index)))
      const result = await runLive(run, subject, campaign)
      const unanswered = result.gone?.unanswered ?? null
      if (unanswered !== null) givenUp.note(unanswered)
      goneInARow = result.gone === null || unanswered !== null ? 0 : goneInARow + 1
      tally.add(run, result)
      for (const finding of result.findings) keep(kept, { index, run, finding })
      campaign.onRun(tally)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return { tally, found: await smaller([...kept.values()], campaign), givenUp: givenUp.versions }
}

function keep(kept: Map<string, { runs: number; readonly examples: Kept[] }>, one: Kept): void {
  const { signature } = one.finding
  const known = kept.get(signature) ?? { runs: 0, examples: [] }
  known.runs++
  known.examples.push(one)
  known.examples.sort((a, b) => a.finding.verdict.step - b.finding.verdict.step || a.index - b.index)
  known.examples.splice(keptOfEach)
  kept.set(signature, known)
}

/** Each signature's shortest run, made smaller one after the other, the most frequent first. */
async function smaller(
  kept: readonly { readonly runs: number; readonly examples: readonly Kept[] }[],
  campaign: LiveCampaign,
): Promise<readonly LiveFound[]> {
  const found: LiveFound[] = []
  for (const { runs, examples } of [...kept].sort((a, b) => b.runs - a.runs)) {
    const [shortest] = examples
    if (shortest === undefined) continue
    const { index, run, finding } = shortest
    const shrunk = await shrinkLive(run, finding, campaign.subject, {
      ...campaign,
      executionsMost,
      isTimeUp: campaign.isShrinkingOver,
    })
    found.push({ ...shrunk, index, from: run.operations.length, failingRuns: runs })
  }
  return found
}
