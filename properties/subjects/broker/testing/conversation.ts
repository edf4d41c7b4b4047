// A run in a test: operations with everything that the test does not care about filled in.
import type { PlainRecord } from '../../../../model/vocabulary/records.ts'
import type { ServiceOperation, ServiceOutcome } from '../../../../model/vocabulary/service.ts'
import type { LiveSide } from '../../../validation/live.ts'
import type { OperationOf } from '../outcomes.ts'
import { type Probe, probe } from '../probe.ts'
import { type BrokerOptions, type BrokerSubject, brokerSubject } from '../subject.ts'

/** Which versions a test speaks: the oldest or the newest of all that can be spoken, but for what is named. */
export type Spoken = 'oldest' | 'newest'

/** The versions of a set-up. */
export function versionsOf({ spoken }: Probe, which: Spoken): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(spoken).map(([api, { from, to }]) => [api, which === 'oldest' ? from : to]))
}

const transient = new Set([
  'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR',
  'NOT_LEADER_OR_FOLLOWER',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'UNKNOWN_TOPIC_ID',
  'REPLICA_NOT_AVAILABLE',
  'OFFSET_NOT_AVAILABLE',
])

/** One run. Whoever starts one ends it. */
export class Conversation {
  readonly probe: Probe
  readonly side: LiveSide
  readonly subject: BrokerSubject

  private constructor(found: Probe, subject: BrokerSubject, side: LiveSide) {
    this.probe = found
    this.subject = subject
    this.side = side
  }

  static async start(
    bootstrap: string,
    which: Spoken = 'newest',
    { versions = {}, ...options }: BrokerOptions & { readonly versions?: Readonly<Record<string, number>> } = {},
  ): Promise<Conversation> {
    const found = await probe(bootstrap)
    const subject = brokerSubject(bootstrap, options)
    const side = await subject.start({
      scope: 'service',
      brokers: found.brokers.length,
      versions: { ...versionsOf(found, which), ...versions },
    })
    return new Conversation(found, subject, side)
  }

  /** Applies an operation once. */
  async once(operation: ServiceOperation, awaits: readonly string[] = []): Promise<ServiceOutcome> {
    return await this.side.apply(operation, awaits)
  }

  /** Applies an operation, and again while the answer is one after which any client asks again. */
  async ask(operation: ServiceOperation, awaits: readonly string[] = []): Promise<ServiceOutcome> {
    for (let left = 100; ; left--) {
      const outcome = await this.side.apply(operation, awaits)
      if (outcome.kind !== 'error' || !transient.has(outcome.error) || left === 0) return outcome
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }

  async createTopic(topic: string, options: Partial<OperationOf<'createTopic'>> = {}): Promise<ServiceOutcome> {
    const replicationFactor = this.probe.brokers.length
    return await this.ask({ kind: 'createTopic', topic, partitions: 1, replicationFactor, config: {}, ...options })
  }

  async produce(
    topic: string,
    records: readonly PlainRecord[],
    options: Partial<OperationOf<'produce'>> = {},
  ): Promise<ServiceOutcome> {
    const plain = { partition: 0, stamp: null, acks: -1, codec: 'none', fault: 'none' } as const
    return await this.ask({ kind: 'produce', topic, records, ...plain, ...options })
  }

  async readAll(topic: string, partition = 0): Promise<ServiceOutcome> {
    return await this.ask({ kind: 'readAll', topic, partition })
  }

  async fetch(topic: string, offset: number, options: Partial<OperationOf<'fetch'>> = {}): Promise<ServiceOutcome> {
    const plain = { partition: 0, bytesMax: 1_000_000, epoch: 'none', isolation: 'read_uncommitted' } as const
    return await this.once({ kind: 'fetch', topic, offset, ...plain, ...options })
  }

  async listOffsets(topic: string, timestamp: number): Promise<ServiceOutcome> {
    return await this.ask({ kind: 'listOffsets', topic, partition: 0, timestamp, epoch: 'none' })
  }

  async join(
    client: string,
    memberId: string,
    awaits: readonly string[],
    options: Partial<OperationOf<'join'>> = {},
  ): Promise<ServiceOutcome> {
    const protocols = [{ name: 'range', topics: ['t1'] }] as const
    const plain = { group: 'g1', groupInstanceId: null, session: 'long', protocols } as const
    return await this.ask({ kind: 'join', client, memberId, ...plain, ...options }, awaits)
  }

  async sync(
    client: string,
    memberId: string,
    generationId: number,
    awaits: readonly string[],
    options: Partial<OperationOf<'sync'>> = {},
  ): Promise<ServiceOutcome> {
    const plain = { group: 'g1', groupInstanceId: null, assignments: [] }
    return await this.ask({ kind: 'sync', client, memberId, generationId, ...plain, ...options }, awaits)
  }
}

/** Records with these values, keys k0, k1, …, a millisecond apart. */
export function recordsOf(...values: readonly (string | null)[]): readonly PlainRecord[] {
  return values.map((value, index) => ({ key: `k${index}`, value, timestamp: 1000 + index }))
}
