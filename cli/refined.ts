// What the sides agree on may still be no step of the abstract specification, if that is what a trace is about.
import { refinementClaim } from '../properties/explore/cluster/refinement/refinement.ts'
import { unrefinedStep } from '../properties/explore/cluster/refinement/replay.ts'
import type { Verdict } from '../properties/verdict.ts'
import type { AnyTrace, Trace } from '../traces/trace.ts'

/** The verdict on a trace with refinement counted in. */
export function refinedVerdict(trace: Trace | AnyTrace, told: Verdict): Verdict {
  const isAsked = 'claim' in trace.expect && trace.expect.claim === refinementClaim
  if (told.kind !== 'agree' || !isAsked || !isOfCluster(trace)) return told
  const found = unrefinedStep(trace.setup, trace.operations)
  return found === null ? told : { kind: 'violation', claim: refinementClaim, ...found, settings: [], differences: [] }
}

function isOfCluster(trace: Trace | AnyTrace): trace is Extract<Trace, { readonly scope: 'cluster' }> {
  return trace.scope === 'cluster'
}
