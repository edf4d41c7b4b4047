// What a broker is, before anything is asked of it: who else is in its cluster, and which APIs and versions they offer.
import type { Milliseconds } from '../../../model/vocabulary/units.ts'
import { subjectGone } from '../../subject-gone.ts'
import type { Range } from './spoken.ts'

export type ProbedBroker = { readonly id: number; readonly address: string }

export type OfferedApi = { readonly name: string; readonly key: number; readonly from: number; readonly to: number }

export type Probe = {
  /** Ascending by id. */
  readonly brokers: readonly ProbedBroker[]
  readonly clusterId: string | null
  /** What every broker offers of what the codec has. */
  readonly apis: readonly OfferedApi[]
  /** The versions that both the brokers and the driver speak, by API. */
  readonly spoken: Readonly<Record<string, Range>>
  /** The APIs that operations need and that cannot be spoken, each with why. */
  readonly missing: Readonly<Record<string, string>>
}

export type ProbeOptions = {
  /** How long one answer may take. */
  readonly answerWithinMs?: Milliseconds
}

/** Asks a cluster what it is; `bootstrap` is `host:port,…`. Rejects with what `subjectGone` makes. */
export async function probe(bootstrap: string, _options: ProbeOptions = {}): Promise<Probe> {
  throw subjectGone(`${bootstrap} was not asked`)
}
