import { expect, test } from 'vitest'
import { after, afterwards, crash, setup } from '../cluster/examples.ts'
import { observeCluster } from '../cluster/observe.ts'
import { freshBroker } from '../cluster/processes.ts'
import type { ClusterState } from '../cluster/state.ts'
import type { ClusterOperation } from '../vocabulary/cluster.ts'
import type { RecordsValue, Response } from '../vocabulary/messages.ts'
import { brokerDisconnected } from './broker.ts'
import { learned, messages, metadata, received, registered, starting, tickedAt, told } from './examples.ts'
import { register, sendHeartbeat } from './registration.ts'
import type { BrokerState } from './state.ts'

const restart: ClusterOperation = { kind: 'restart', broker: 1 }

type Answer<K> = Extract<Response<RecordsValue>, { kind: K }>

function registration(correlationId: number, change: Partial<Answer<'BrokerRegistrationResponse'>> = {}) {
  return { kind: 'BrokerRegistrationResponse', correlationId, error: 'NONE', brokerEpoch: 4, ...change } as const
}

function heartbeat(correlationId: number, change: Partial<Answer<'BrokerHeartbeatResponse'>> = {}) {
  return { kind: 'BrokerHeartbeatResponse', correlationId, error: 'NONE', fenced: false, ...change } as const
}

/** What broker 1 has sent to the controller and the controller has not read. */
function asked(cluster: ClusterState) {
  return observeCluster(cluster).links['b1>ctl']?.messages ?? []
}

/** A registered, trusted broker whose heartbeat (correlation id 1) is under way. */
const beating = sendHeartbeat(registered).broker

test('a broker that stopped cleanly names its last epoch when it registers; one that crashed names none', () => {
  const naming = (previousBrokerEpoch: number) => [
    { kind: 'BrokerRegistration', correlationId: 1, brokerId: 1, previousBrokerEpoch },
  ]
  expect(asked(after(restart))).toEqual(naming(1))
  expect(asked(after(crash(1), restart))).toEqual(naming(-1))
  // A paused process is stopped as cleanly as a running one.
  expect(asked(after({ kind: 'pause', broker: 1 }, restart))).toEqual(naming(1))
})

test('a process that never heard its epoch leaves to the next the one that it named; a crash leaves nothing', () => {
  const named = (...operations: readonly ClusterOperation[]) =>
    asked(after(...operations)).map(message => 'previousBrokerEpoch' in message && message.previousBrokerEpoch)
  expect(named(restart, restart)).toEqual([1])
  expect(named(restart, crash(1), restart)).toEqual([-1])
  expect(named(crash(1), restart, restart)).toEqual([-1])
  const readButNotAnswered = afterwards(after(restart), { kind: 'deliver', from: 'b1', to: 'ctl' }, restart)
  expect(asked(readButNotAnswered)).toMatchObject([{ correlationId: 1, previousBrokerEpoch: 1 }])
})

test('a process that starts has its logs, and everything else anew', () => {
  const started = after({ kind: 'advance', ms: 250, node: 'b1' }, restart)
  const [node] = started.nodes
  if (node?.status !== 'running') throw new Error('it does not run')
  const { replicas, ...rest } = node.broker
  expect(rest).toEqual({
    brokerId: 1,
    config: setup.broker,
    groupConfig: setup.group,
    offsetsPartitions: 1,
    now: 250,
    nextCorrelationId: 2,
    brokerEpoch: -1,
    registering: { previousBrokerEpoch: 1, outstanding: 1 },
    heartbeat: null,
    fenced: true,
    heartbeatDue: 650,
    inSyncCheckDue: 750,
    image: null,
    coordinators: [],
  })
  expect(replicas.map(({ log: _, ...replica }) => replica)).toEqual([
    { topic: '__consumer_offsets', partition: 0, leaderEpoch: -1, partitionEpoch: -1, role: { kind: 'none' } },
  ])
  const odd = { ...setup, broker: { ...setup.broker, replicaLagTimeMaxMs: 1_001 } }
  expect(freshBroker(odd, 1, 250, -1).inSyncCheckDue).toBe(750)
})

test('one registration is under way at most, and every try names the same epoch', () => {
  const once = register(starting(7))
  expect(messages(once.sends)).toEqual([
    { kind: 'BrokerRegistration', correlationId: 1, brokerId: 1, previousBrokerEpoch: 7 },
  ])
  expect(register(once.broker)).toEqual({ broker: once.broker, sends: [] })
  const waiting = tickedAt(once.broker, 400)
  expect(waiting.sends).toEqual([])
  expect(waiting.broker.heartbeatDue).toBe(800)
  const lost = brokerDisconnected(waiting.broker, 'ctl')
  expect(lost.sends).toEqual([])
  expect(tickedAt(lost.broker, 799).sends).toEqual([])
  expect(messages(tickedAt(lost.broker, 800).sends)).toEqual([
    { kind: 'BrokerRegistration', correlationId: 2, brokerId: 1, previousBrokerEpoch: 7 },
  ])
})

test('the answer to a registration gives the epoch, and a heartbeat goes out at once, still fenced', () => {
  const asking = register(starting(1)).broker
  const { broker, sends } = received(asking, 'ctl', registration(1))
  expect(broker).toEqual({
    ...asking,
    nextCorrelationId: 3,
    brokerEpoch: 4,
    registering: null,
    heartbeat: { correlationId: 2, metadataOffset: -1 },
  })
  expect(broker.fenced).toBe(true)
  expect(messages(sends)).toEqual([
    { kind: 'BrokerHeartbeat', correlationId: 2, brokerId: 1, brokerEpoch: 4, metadataOffset: -1 },
  ])
})

test('the answer to a registration that the broker does not wait for is ignored', () => {
  const ignores = (broker: BrokerState, correlationId: number) => {
    const step = received(broker, 'ctl', registration(correlationId, { brokerEpoch: 9 }))
    expect(step.broker).toBe(broker)
    expect(step.sends).toEqual([])
  }
  const asking = register(starting(1)).broker
  ignores(asking, 2)
  ignores(brokerDisconnected(asking, 'ctl').broker, 1)
  const again = tickedAt(brokerDisconnected(asking, 'ctl').broker, 400).broker
  ignores(again, 1)
  ignores(received(asking, 'ctl', registration(1)).broker, 1)
})

test('a registration that was refused is sent again when the next heartbeat is due', () => {
  const asking = register(starting(1)).broker
  const refused = received(asking, 'ctl', registration(1, { error: 'INVALID_REQUEST', brokerEpoch: -1 }))
  expect(refused).toEqual({
    broker: { ...asking, registering: { previousBrokerEpoch: 1, outstanding: null } },
    sends: [],
  })
  expect(told(tickedAt(refused.broker, 399).sends)).toEqual([])
  expect(told(tickedAt(refused.broker, 400).sends)).toEqual(['ctl BrokerRegistration 2'])
})

test('the answer to a heartbeat says whether the broker is fenced', () => {
  const fenced = received(beating, 'ctl', heartbeat(1, { fenced: true }))
  expect(fenced).toEqual({ broker: { ...beating, heartbeat: null, fenced: true }, sends: [] })
  const again = sendHeartbeat(fenced.broker).broker
  expect(received(again, 'ctl', heartbeat(2))).toEqual({
    broker: { ...again, heartbeat: null, fenced: false },
    sends: [],
  })
})

test('the answer to a heartbeat that the broker does not wait for is ignored', () => {
  const ignores = (broker: BrokerState, correlationId: number) => {
    const stale = heartbeat(correlationId, { error: 'STALE_BROKER_EPOCH', fenced: true })
    for (const answer of [heartbeat(correlationId, { fenced: true }), stale]) {
      const step = received(broker, 'ctl', answer)
      expect(step.broker).toBe(broker)
      expect(step.sends).toEqual([])
    }
  }
  ignores(beating, 2)
  ignores(received(beating, 'ctl', heartbeat(1)).broker, 1)
  ignores(sendHeartbeat(brokerDisconnected(beating, 'ctl').broker).broker, 1)
})

test('a fenced broker asks again at once if it has learned more since it asked, and only then', () => {
  const fenced = { ...registered, fenced: true }
  const answered = (broker: BrokerState, isFenced: boolean) =>
    received(broker, 'ctl', heartbeat(1, { fenced: isFenced })).sends
  const unlearned = sendHeartbeat(fenced).broker
  expect(answered(unlearned, true)).toEqual([])
  // While a heartbeat is under way, new metadata do not send a second one.
  const { broker: wiser, sends } = learned(unlearned, metadata(5))
  expect(sends).toEqual([])
  expect(messages(answered(wiser, true))).toEqual([
    { kind: 'BrokerHeartbeat', correlationId: 2, brokerId: 1, brokerEpoch: 1, metadataOffset: 5 },
  ])
  expect(answered(wiser, false)).toEqual([])
})

test('new metadata make a fenced broker say how far it is; a trusted one waits for its timer', () => {
  const { broker, sends } = learned({ ...registered, fenced: true }, metadata(5))
  expect(messages(sends)).toEqual([
    { kind: 'BrokerHeartbeat', correlationId: 1, brokerId: 1, brokerEpoch: 1, metadataOffset: 5 },
  ])
  expect(broker.heartbeat).toEqual({ correlationId: 1, metadataOffset: 5 })
  expect(learned(registered, metadata(5)).sends).toEqual([])
})

test('a broker whose epoch is stale is fenced and registers anew, and keeps the epoch that it names until the answer', () => {
  const { broker, sends } = received(beating, 'ctl', heartbeat(1, { error: 'STALE_BROKER_EPOCH', fenced: true }))
  expect(messages(sends)).toEqual([
    { kind: 'BrokerRegistration', correlationId: 2, brokerId: 1, previousBrokerEpoch: 1 },
  ])
  expect(broker).toEqual({
    ...beating,
    nextCorrelationId: 3,
    brokerEpoch: 1,
    registering: { previousBrokerEpoch: 1, outstanding: 2 },
    heartbeat: null,
    fenced: true,
  })
  // Until then no heartbeat: not from its timer, not because of new metadata.
  expect(tickedAt(broker, 400).sends).toEqual([])
  expect(learned(broker, metadata(5)).sends).toEqual([])
  const anew = received(broker, 'ctl', registration(2))
  expect(anew.broker).toMatchObject({ brokerEpoch: 4, registering: null, fenced: true })
  expect(messages(anew.sends)).toEqual([
    { kind: 'BrokerHeartbeat', correlationId: 3, brokerId: 1, brokerEpoch: 4, metadataOffset: -1 },
  ])
})

test('a heartbeat goes out exactly when it is due, and the next is due an interval after that, not after when it was due', () => {
  expect(tickedAt(registered, 399)).toEqual({ broker: { ...registered, now: 399 }, sends: [] })
  const late = tickedAt(registered, 450)
  expect(messages(late.sends)).toEqual([
    { kind: 'BrokerHeartbeat', correlationId: 1, brokerId: 1, brokerEpoch: 1, metadataOffset: -1 },
  ])
  expect(late.broker.heartbeatDue).toBe(850)
  expect(tickedAt(late.broker, 849).sends).toEqual([])
  // One heartbeat is under way at most; the timer is armed again all the same.
  const waiting = tickedAt(late.broker, 850)
  expect(waiting.sends).toEqual([])
  expect(waiting.broker.heartbeatDue).toBe(1_250)
})

test('with the connection to the controller the heartbeat under way is lost, and the next goes out when it is due', () => {
  const lost = brokerDisconnected(beating, 'ctl')
  expect(lost).toEqual({ broker: { ...beating, heartbeat: null }, sends: [] })
  expect(tickedAt(lost.broker, 399).sends).toEqual([])
  const { broker, sends } = tickedAt(lost.broker, 400)
  expect(told(sends)).toEqual(['ctl BrokerHeartbeat 2'])
  expect(broker).toMatchObject({ heartbeat: { correlationId: 2 }, heartbeatDue: 800 })
  expect(brokerDisconnected(beating, 'b2').broker).toBe(beating)
})

test('a broker that starts again is told its epoch, then the metadata, and is trusted once it has seen its registration', () => {
  const toController: ClusterOperation = { kind: 'deliver', from: 'b1', to: 'ctl' }
  const toBroker: ClusterOperation = { kind: 'deliver', from: 'ctl', to: 'b1' }
  const shown = (cluster: ClusterState) => {
    const { brokers } = observeCluster(cluster)
    if (brokers.b1?.status !== 'running') throw new Error('it does not run')
    const { brokerEpoch, fenced, metadataOffset } = brokers.b1
    return { brokerEpoch, fenced, metadataOffset }
  }
  const answered = after(restart, toController, toBroker)
  expect(shown(answered)).toEqual({ brokerEpoch: 4, fenced: true, metadataOffset: -1 })
  expect(asked(answered)).toMatchObject([{ kind: 'BrokerHeartbeat', brokerEpoch: 4, metadataOffset: -1 }])
  // The controller reads that heartbeat before the broker reads the metadata of its registration.
  const behind = afterwards(answered, toController, toBroker)
  expect(shown(behind)).toEqual({ brokerEpoch: 4, fenced: true, metadataOffset: 1 })
  expect(asked(behind)).toEqual([])
  const still = afterwards(behind, toBroker)
  expect(shown(still)).toEqual({ brokerEpoch: 4, fenced: true, metadataOffset: 1 })
  expect(asked(still)).toMatchObject([{ kind: 'BrokerHeartbeat', brokerEpoch: 4, metadataOffset: 1 }])
  // The metadata that were sent once more are old by now; the answer to the second heartbeat unfences.
  const trusted = afterwards(still, toController, toBroker, toBroker)
  expect(shown(trusted)).toEqual({ brokerEpoch: 4, fenced: false, metadataOffset: 1 })
  expect(shown(afterwards(trusted, toBroker))).toEqual({ brokerEpoch: 4, fenced: false, metadataOffset: 2 })
})
