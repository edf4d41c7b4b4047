// A controller of three brokers and a topic `t` with one partition on all of them, for the tests.
import { plainConfig } from '../log/examples.ts'
import type { Requester, Send } from '../network.ts'
import type { MetadataImage, PartitionState, TopicConfig } from '../vocabulary/messages.ts'
import type { BrokerId } from '../vocabulary/units.ts'
import type { ControllerState } from './state.ts'

/** Two replicas acknowledge; elections are clean. */
export const topicConfig: TopicConfig = { ...plainConfig, minInSyncReplicas: 2, uncleanLeaderElection: false }

export const asking: Requester = { endpoint: 'b1', connection: 0 }

/** `t/0` on brokers 1, 2 and 3, led by the first, all in sync. */
export function partition(change: Partial<PartitionState> = {}): PartitionState {
  return {
    topic: 't',
    partition: 0,
    replicas: [1, 2, 3],
    leader: 1,
    leaderEpoch: 0,
    inSyncReplicas: [1, 2, 3],
    eligibleLeaderReplicas: [],
    lastKnownLeader: 1,
    partitionEpoch: 0,
    ...change,
  }
}

/** Brokers 1 to 3 under the epochs 1 to 3, of which some are fenced. */
export function image(state = partition(), fenced: readonly BrokerId[] = [], config = topicConfig): MetadataImage {
  return {
    metadataOffset: 0,
    controllerEpoch: 1,
    brokers: [1, 2, 3].map(id => ({ brokerId: id, brokerEpoch: id, fenced: fenced.includes(id) })),
    topics: [{ topic: 't', config }],
    partitions: [state],
  }
}

/** A controller that has decided this image, and heard of everybody at time 0. */
export function controller(decided = image()): ControllerState {
  return {
    now: 0,
    brokerSessionTimeoutMs: 1_000,
    image: decided,
    contacts: [1, 2, 3].map(id => ({ brokerId: id, lastContact: 0, provingEpochs: [id], registrationOffset: 0 })),
    nextBrokerEpoch: 4,
    nextProducerId: 0,
  }
}

/** What is sent, as text: to whom, and what kind. */
export function shown(sends: readonly Send[]): readonly string[] {
  return sends.map(send => `${send.kind === 'request' ? send.to : send.to.endpoint} ${send.message.kind}`)
}
