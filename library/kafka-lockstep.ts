// `import … from 'kafka-lockstep'`: what a project that installs the package may use. Everything else is inside, and may
// change with any version. This file and no other re-exports: the project itself imports a name from where it is defined.

import './node-version.ts'

// A cluster for tests: brokers and a controller in this process, for any Kafka client.
export { Cluster, type Node } from '../impl/host/cluster.ts'
export type { ClusterOptions, ClusterSettings } from '../impl/host/settings.ts'
// Many runs on this thread, for test runners other than vitest (which has an entrance of its own).
export { type CampaignReport, runCampaignHere } from '../properties/campaign.ts'
// One run, model and subject side by side.
export {
  type Lockstep,
  type LockstepOptions,
  type LockstepResult,
  type LockstepStep,
  openLockstep,
  runLockstep,
  type Seen,
} from '../properties/lockstep.ts'
// Your own implementation as a subject.
export { type PartialSide, type PartialSubject, partialSubject } from '../properties/partial.ts'
export type { ModelSide, ObservationOf, OperationOf, OutcomeOf, Run, SetupOf } from '../properties/scope.ts'
export { scopeNames, startModel } from '../properties/scopes.ts'
export type { Found } from '../properties/shard.ts'
export { shrink } from '../properties/shrink.ts'
export { subjectDeclined, subjectGone } from '../properties/subject-gone.ts'
export type { Difference, Reached, ScopeName, Scopes, Side, Subject, Verdict } from '../properties/verdict.ts'
// Traces, and a run as text.
export { readTrace, TraceError } from '../traces/read.ts'
export { type Account, account, headline, sideBySide } from '../traces/render/failure.ts'
export type { AnyTrace, Expectation, Origin, Trace, TraceOf } from '../traces/trace.ts'
export { writeTrace } from '../traces/write.ts'
