// A live broker as a subject: operations go out as requests, and what was answered comes back in the vocabulary's words.
import type { Milliseconds } from '../../../model/vocabulary/units.ts'
import { subjectGone } from '../../subject-gone.ts'
import type { LiveSubject } from './live.ts'

export type BrokerOptions = {
  /** How long one answer may take, 10 s by default; then the broker counts as gone. */
  readonly answerWithinMs?: Milliseconds
  /** How long is waited for what must become true: a topic that every broker shows, a waiting join. 10 s by default. */
  readonly patienceMs?: Milliseconds
  /** What the names of topics, groups and clients begin with: `lockstep` by default. */
  readonly runPrefix?: string
}

/** The cluster behind `bootstrap`, which is `host:port,…`. */
export function brokerSubject(bootstrap: string, _options: BrokerOptions = {}): LiveSubject {
  return { name: bootstrap, start: () => Promise.reject(subjectGone(`${bootstrap} was not asked`)) }
}
