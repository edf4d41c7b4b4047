// Broker 1 of three, alone with its messages, for the tests.
import { setup } from '../cluster/examples.ts'
import { freshBroker } from '../cluster/processes.ts'
import { topicConfig } from '../controller/examples.ts'
import { plain } from '../log/examples.ts'
import type { Requester, Send } from '../network.ts'
import type { MessageValue, MetadataImage, PartitionState, RecordsValue, Request } from '../vocabulary/messages.ts'
import type { Milliseconds } from '../vocabulary/units.ts'
import { brokerReceives, brokerTicks } from './broker.ts'
import type { BrokerState, BrokerStep } from './state.ts'

type Of<K> = Extract<Request<RecordsValue>, { kind: K }>

/** Broker 1 as it starts at time 0: after a clean stop under this epoch, or (-1) after a crash. */
export function starting(previousBrokerEpoch = -1): BrokerState {
  return freshBroker(setup, 1, 0, previousBrokerEpoch)
}

/** Broker 1, registered under epoch 1 and trusted; of the rest of the cluster it has heard nothing yet. */
export const registered: BrokerState = { ...starting(), brokerEpoch: 1, registering: null, fenced: false }

/** Metadata of the brokers 1 to 3 under the epochs 1 to 3, and of these partitions, given in partition order. */
export function metadata(metadataOffset: number, ...partitions: readonly PartitionState[]): MetadataImage {
  return {
    metadataOffset,
    controllerEpoch: 1,
    brokers: [1, 2, 3].map(id => ({ brokerId: id, brokerEpoch: id, fenced: false })),
    topics: [...new Set(partitions.map(({ topic }) => topic))].map(topic => ({ topic, config: topicConfig })),
    partitions,
  }
}

/** The first connection of somebody to this broker. */
export function from(endpoint: string): Requester {
  return { endpoint, connection: 0 }
}

/** A broker after some messages from one sender, and what it sent meanwhile. */
export function received(broker: BrokerState, sender: string, ...messages: readonly MessageValue[]): BrokerStep {
  let step: BrokerStep = { broker, sends: [] }
  for (const message of messages) {
    const next = brokerReceives(step.broker, from(sender), message)
    step = { broker: next.broker, sends: [...step.sends, ...next.sends] }
  }
  return step
}

/** The controller's push of an image arrives. */
export function learned(broker: BrokerState, image: MetadataImage): BrokerStep {
  return received(broker, 'ctl', { kind: 'MetadataUpdate', correlationId: 0, image })
}

/** The broker's clock is moved to a time. */
export function tickedAt(broker: BrokerState, now: Milliseconds): BrokerStep {
  return brokerTicks({ ...broker, now })
}

/** A producer's request to write one record to `t/0`, everybody in sync to have it. */
export function produce(correlationId: number, change: Partial<Of<'Produce'>> = {}): Of<'Produce'> {
  const batch = { producerId: -1, producerEpoch: -1, baseSequence: -1, records: [plain()] }
  return {
    kind: 'Produce',
    correlationId,
    topic: 't',
    partition: 0,
    acks: -1,
    timeoutMs: 300,
    records: [batch],
    ...change,
  }
}

/** A follower's fetch of `t/0` in its first epoch, under its first registration, from an offset on. */
export function followerFetch(
  correlationId: number,
  replicaId: number,
  fetchOffset: number,
  change: Partial<Of<'Fetch'>> = {},
): Of<'Fetch'> {
  return {
    kind: 'Fetch',
    correlationId,
    topic: 't',
    partition: 0,
    replicaId,
    replicaEpoch: replicaId,
    currentLeaderEpoch: 0,
    fetchOffset,
    lastFetchedEpoch: fetchOffset === 0 ? -1 : 0,
    logStartOffset: 0,
    ...change,
  }
}

/** What is sent, as text: to whom, what kind, under which correlation id, about which partition. */
export function told(sends: readonly Send[]): readonly string[] {
  return sends.map(send => {
    const { message } = send
    const to = send.kind === 'request' ? send.to : send.to.endpoint
    const about = 'topic' in message ? ` ${message.topic}/${message.partition}` : ''
    return `${to} ${message.kind} ${message.correlationId}${about}`
  })
}

/** The messages among what is sent. */
export function messages(sends: readonly Send[]): readonly MessageValue[] {
  return sends.map(({ message }) => message)
}
