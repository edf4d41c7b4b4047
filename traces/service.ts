// Traces of scope `service`: what clients did on a live broker. The subject is somewhere else, so that replaying one needs
// to be told where.
import type { LiveRun } from '../properties/validation/live.ts'
import type { Expectation, Origin, traceVersion } from './trace.ts'

export const serviceScope = 'service'

export type ServiceTrace = LiveRun & {
  readonly format: 'kafka-lockstep-trace'
  readonly version: typeof traceVersion
  readonly scope: typeof serviceScope
  readonly expect: Expectation
  readonly origin?: Origin
  readonly note?: string
}
