// A broker on the wire as a subject: `--broker HOST:PORT` of validate, `--subject broker:HOST:PORT` of replay and shrink.
import { setTimeout as pause } from 'node:timers/promises'
import type { ServiceGround } from '../properties/generation/service.ts'
import { isAddress, listedIn, noAddressText } from '../properties/subjects/broker/address.ts'
import type { Probe } from '../properties/subjects/broker/probe.ts'
import { apisOf } from '../properties/subjects/broker/spoken.ts'
import type { LiveSubject } from '../properties/validation/live.ts'
import type { LiveOptions } from '../properties/validation/run.ts'
import { UsageError } from './exit.ts'

/** How long passing errors are asked again, and an answer is waited for. */
export const patienceMs = 10_000

export const brokerPrefix = 'broker:'

/** The addresses of the broker that a subject names; null when it names something else. */
export function bootstrapIn(subject: string): string | null {
  return subject.startsWith(brokerPrefix) ? subject.slice(brokerPrefix.length) : null
}

/** Refuses what no broker can be at, before anybody is asked. Throws `UsageError`. */
export function checkAddresses(bootstrap: string): void {
  const wrong = listedIn(bootstrap).find(text => !isAddress(text))
  if (wrong !== undefined) throw new UsageError(`${noAddressText(wrong)}.`)
}

/** Real time. */
export const liveOptions: LiveOptions = {
  patienceMs,
  now: () => performance.now(),
  wait: async ms => {
    await pause(ms)
  },
}

/** What a walk must know of the cluster that was probed; `onDemand` as `topicOnDemand` found it. */
export function groundOf({ brokers, spoken, missing }: Probe, onDemand: ServiceGround['onDemand']): ServiceGround {
  return {
    brokers: brokers.length,
    spoken,
    onDemand,
    isOffered: kind =>
      (kind === 'createTopic' && onDemand !== null) || apisOf(kind).every(api => missing[api] === undefined),
  }
}

/**
 * How the cluster makes a topic that a client merely asks for, where it does not offer CreateTopics; null where it does, or
 * where it makes none. The topic stays: such a cluster offers no deletion either.
 */
export async function topicOnDemand(
  { brokers, missing }: Probe,
  subject: LiveSubject,
): Promise<ServiceGround['onDemand']> {
  if (missing.CreateTopics === undefined) return null
  const side = await subject.start({ scope: 'service', brokers: brokers.length, versions: {} })
  try {
    const asked = { kind: 'createTopic', topic: 't1', partitions: -1, replicationFactor: -1, config: {} } as const
    const made = await side.apply(asked, [])
    const shown = await side.apply({ kind: 'describeTopic', topic: 't1' }, [])
    if (made.kind !== 'done' || shown.kind !== 'topic') return null
    const { partitions, replicationFactor } = shown
    return { partitions, replicationFactor }
  } finally {
    await side.end()
  }
}
