// A broker on the wire as a subject: `--broker HOST:PORT` of validate, `--subject broker:HOST:PORT` of replay and shrink.
import { setTimeout as pause } from 'node:timers/promises'
import type { ServiceGround } from '../properties/generation/service.ts'
import type { Probe } from '../properties/subjects/broker/probe.ts'
import { apisOf } from '../properties/subjects/broker/spoken.ts'
import type { LiveOptions } from '../properties/validation/run.ts'

/** How long passing errors are asked again, and an answer is waited for. */
export const patienceMs = 10_000

export const brokerPrefix = 'broker:'

/** Real time. */
export const liveOptions: LiveOptions = {
  patienceMs,
  now: () => performance.now(),
  wait: async ms => {
    await pause(ms)
  },
}

/** What a walk must know of the cluster that was probed. */
export function groundOf({ brokers, spoken, missing }: Probe): ServiceGround {
  return {
    brokers: brokers.length,
    spoken,
    isOffered: kind => apisOf(kind).every(api => missing[api] === undefined),
  }
}
