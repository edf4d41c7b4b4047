// What the harness passes around: scopes, subjects and verdicts. Every consumer of a run (campaign, replay, stories, zoo,
// viewer) speaks these types only.
import type {
  AssignorObservation,
  AssignorOperation,
  AssignorOutcome,
  AssignorSetup,
  PartitionerObservation,
  PartitionerOperation,
  PartitionerOutcome,
  PartitionerSetup,
} from '../model/vocabulary/choosing.ts'
import type {
  ProducerObservation,
  ProducerOperation,
  ProducerOutcome,
  ProducerSetup,
} from '../model/vocabulary/clients.ts'
import type { ClusterObservation, ClusterOperation, ClusterOutcome, ClusterSetup } from '../model/vocabulary/cluster.ts'
import type { GroupOperation, GroupOutcome, GroupScopeObservation, GroupSetup } from '../model/vocabulary/groups.ts'
import type { LogObservation, LogOperation, LogOutcome, LogSetup } from '../model/vocabulary/log.ts'

/** The types of each scope, by its name. */
export type Scopes = {
  readonly log: Types<LogSetup, LogOperation, LogOutcome, LogObservation>
  readonly partitioner: Types<PartitionerSetup, PartitionerOperation, PartitionerOutcome, PartitionerObservation>
  readonly assignor: Types<AssignorSetup, AssignorOperation, AssignorOutcome, AssignorObservation>
  readonly producer: Types<ProducerSetup, ProducerOperation, ProducerOutcome, ProducerObservation>
  readonly group: Types<GroupSetup, GroupOperation, GroupOutcome, GroupScopeObservation>
  readonly cluster: Types<ClusterSetup, ClusterOperation, ClusterOutcome, ClusterObservation>
}
type Types<Setup, Operation, Outcome, Observation> = {
  readonly setup: Setup
  readonly operation: Operation
  readonly outcome: Outcome
  readonly observation: Observation
}

export type ScopeName = keyof Scopes
export type Setup = Scopes[ScopeName]['setup']
export type Operation = Scopes[ScopeName]['operation']

/** One side, started: the model wrapped up, the implementation in this process, or anything else under test. */
export interface Side<S extends ScopeName> {
  /** Carries one operation out; total. */
  apply(operation: Scopes[S]['operation']): Scopes[S]['outcome']
  /** What can be seen now. Parts that did not change since the last call are the same objects as then. */
  observe(): Scopes[S]['observation']
  /** True when it left the last operation to the model, so that this step says nothing about the subject. */
  hasDeclined?(): boolean
}

/** A subject is started afresh for every run. Throwing from `start`, `apply` or `observe` is a finding, not a crash. */
export type Subject<S extends ScopeName> = {
  readonly name: string
  readonly start: (setup: Scopes[S]['setup']) => Side<S>
  /** The kinds of operations that it does; all unless given. Runs for it have no others. */
  readonly operations?: readonly string[]
  /** It leaves some operations to the model, so that a campaign cannot be asked for every behaviour. */
  readonly declines?: true
  /** Lets go of what it holds, such as a process. It may be started again. */
  readonly end?: () => void
}

/** A field on which the two sides differ; values are JSON. A missing one is `undefined`. */
export type Difference = { readonly path: string; readonly model: unknown; readonly subject: unknown }

export type Verdict =
  | { readonly kind: 'agree'; readonly operations: number }
  | {
      readonly kind: 'violation'
      /** Id of the claim in docs/claims.md, such as `L1`. */
      readonly claim: string
      readonly sentence: string
      /** The settings under which the claim holds, as `name=value` texts; empty when it always holds. */
      readonly settings: readonly string[]
      /** Index of the operation after which it was seen. */
      readonly step: number
      readonly differences: readonly Difference[]
    }
  | {
      readonly kind: 'unknown'
      readonly sentence: string
      readonly step: number
      /** The subject does not do this set-up, and said so. */
      readonly declined?: true
    }

/** How often each behaviour (label) was reached. */
export type Reached = Readonly<Record<string, number>>
