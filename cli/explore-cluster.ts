// `lockstep explore cluster`: everything that can happen to a small cluster, with every claim checked at every step, and
// every step held against the abstract specification of replication.
import { join } from 'node:path'
import { clusterInvariants } from '../model/invariants/cluster.ts'
import { refinementClaim } from '../properties/explore/cluster/refinement/refinement.ts'
import { type ClusterExploration, searchCluster } from '../properties/explore/cluster/search.ts'
import { clusterBounds, clusterRanges, clusterSetup } from '../properties/explore/cluster/world.ts'
import { scopes } from '../properties/scopes.ts'
import { claimTitle } from '../traces/render/claim-titles.ts'
import { account } from '../traces/render/failure.ts'
import { type TraceOf, traceVersion } from '../traces/trace.ts'
import { writeTrace } from '../traces/write.ts'
import { boundsFrom } from './bounds.ts'
import { UsageError } from './exit.ts'
import type { ExploreOptions } from './explore.ts'
import { grouped, reported } from './explore-report.ts'
import { listenForInterrupt, turn } from './interrupt.ts'
import { pictured, pictureHere } from './picture.ts'
import { startProgress } from './progress.ts'

/** Explores a cluster on one thread; the exit codes are those of `explore`. */
export async function exploreCluster(options: ExploreOptions): Promise<number> {
  if (options.invariant.length > 0) {
    throw new UsageError('--invariant is for the abstract specifications: cluster checks every claim. Leave it out.')
  }
  const bounds = boundsFrom(options.bound, clusterRanges)
  const world = clusterBounds(bounds)
  const interrupt = listenForInterrupt()
  let level = { depth: 0, distinctStates: 0, statesLeft: 0 }
  const progress = startProgress(() => ({
    done: null,
    parts: [
      { text: `depth ${level.depth}` },
      { text: `${level.distinctStates} states` },
      { text: `${level.statesLeft} in this level`, short: `${level.statesLeft} left` },
    ],
  }))
  const started = performance.now()
  const found = await searchCluster(world, {
    statesMax: options.states,
    isOver: () => interrupt.signal.aborted,
    onProgress: async reached => {
      level = reached
      await turn()
    },
  })
  progress.end()
  interrupt.stop()
  const seconds = (performance.now() - started) / 1000
  const { violation } = found
  const path = options.output ?? join('traces', 'found', `cluster-${violation?.violation.claim ?? ''}.json`)
  let picture = ''
  if (violation !== null) {
    const trace: TraceOf<'cluster'> = {
      format: 'kafka-lockstep-trace',
      version: traceVersion,
      scope: 'cluster',
      setup: clusterSetup(world),
      operations: violation.operations,
      expect: { verdict: 'violation', claim: violation.violation.claim },
      note: `The shortest way that exploration found: ${violation.violation.sentence}.`,
    }
    writeTrace(path, trace)
    const choice = { subject: 'impl', wire: false }
    picture = await pictureHere(path, pictured(path, { kind: 'trace', trace }, choice, null))
  }
  return reported(
    {
      ...found,
      spec: 'cluster',
      bounds,
      invariants: [...clusterInvariants.map(({ name }) => name), refinementClaim],
      seconds,
      violation: violation && {
        headline: claimTitle(violation.violation.claim),
        sentence: violation.violation.sentence,
        invariant: violation.violation.claim,
        length: violation.length,
        path,
        picture,
        lines: account(clusterSetup(world), violation.operations, scopes.cluster.subject).lines,
      },
      told: [refinedText(found)],
      more: {
        statesCut: found.statesCut,
        refinementSteps: found.refinementSteps,
        refinementSkipped: found.refinementSkipped,
      },
    },
    options.json,
  )
}

/** How far the search was held against the abstract specification. */
function refinedText({ refinementSteps, refinementSkipped }: ClusterExploration): string {
  const skipped = refinementSkipped === 0 ? '' : `; ${grouped(refinementSkipped)} not compared`
  return `${grouped(refinementSteps)} steps are steps of kip-320-messages${skipped}`
}
