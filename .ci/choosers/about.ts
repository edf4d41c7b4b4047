// What one asks about a real partitioner or assignor: whether it agrees with the model wherever nothing is known of it,
// whether a fault planted into it would be noticed, and whether a finding still shows.
import type { PartitionerOperation } from '../../model/vocabulary/choosing.ts'
import { type CampaignReport, runCampaignHere } from '../../properties/campaign.ts'
import { runLockstep } from '../../properties/lockstep.ts'
import { scopes } from '../../properties/scopes.ts'
import type { ScopeName, Subject, Verdict } from '../../properties/verdict.ts'
import type { AnyTrace, TraceOf } from '../../traces/trace.ts'
import { anyAllowed, type FreeSubject } from './any-allowed.ts'
import { type Asked, type Assignable, assignorsOutside, partitionersOutside } from './outside.ts'
import { wrongAssignments, wrongPartitions } from './planted.ts'

/** A finding: its file and its trace are `docs/findings/NAME.md` and `docs/findings/traces/NAME.json`. */
export type Finding<Situation> = { readonly name: string; readonly shows: (situation: Situation) => boolean }

/** A subject about which one can ask. */
export type About = {
  /** Its name in `subjects.ts`. */
  readonly name: string
  readonly findings: readonly string[]
  /** A campaign outside of what is known. */
  readonly search: (seed: number, runs: number) => CampaignReport & Asked
  /** The same with a fault planted into the subject. */
  readonly searchPlanted: (seed: number, runs: number) => CampaignReport
  /** How a trace ends on the subject and on our implementation; null when it is of another scope. */
  readonly replay: (trace: AnyTrace) => { readonly theirs: Verdict; readonly ours: Verdict } | null
  readonly end: () => void
}

/** Partitioners, and what is known of single records. */
export function partitioners(
  name: string,
  subject: Subject<'partitioner'>,
  findings: readonly Finding<PartitionerOperation>[] = [],
): About {
  const isKnown = (operation: PartitionerOperation): boolean => findings.some(({ shows }) => shows(operation))
  return about('partitioner', name, findings, subject, (isWrong, counts) =>
    partitionersOutside(isWrong ? wrongPartitions(subject) : subject, isKnown, counts),
  )
}

/** Assignors, and what is known of single assignments. */
export function assignors(name: string, subject: FreeSubject, findings: readonly Finding<Assignable>[] = []): About {
  const isKnown = (assignable: Assignable): boolean => findings.some(({ shows }) => shows(assignable))
  return about('assignor', name, findings, subject, (isWrong, counts) => {
    const tested = isWrong ? anyAllowed(wrongAssignments(subject.strict), subject.free) : subject
    return assignorsOutside(tested, isKnown, counts)
  })
}

function about<S extends ScopeName>(
  scope: S,
  name: string,
  findings: readonly { readonly name: string }[],
  subject: Subject<S>,
  outside: (isWrong: boolean, counts: Asked) => Subject<S>,
): About {
  const isOfScope = (trace: AnyTrace): trace is TraceOf<S> & AnyTrace => trace.scope === scope
  return {
    name,
    findings: findings.map(finding => finding.name),
    search: (seed, runs) => {
      const counts: Asked = { asked: 0, known: 0 }
      const report = runCampaignHere(scope, seed, runs, outside(false, counts))
      return { ...report, ...counts }
    },
    searchPlanted: (seed, runs) => runCampaignHere(scope, seed, runs, outside(true, { asked: 0, known: 0 })),
    replay: trace => {
      if (!isOfScope(trace)) return null
      const on = (replayed: Subject<S>): Verdict => runLockstep(trace.setup, trace.operations, replayed).verdict
      return { theirs: on(subject), ours: on(scopes[scope].subject) }
    },
    end: () => subject.end?.(),
  }
}
