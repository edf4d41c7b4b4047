import { expect, test } from 'vitest'
import type { Request } from '../vocabulary/messages.ts'
import { failover } from './administration.ts'
import { heartbeat, registerBroker } from './brokers.ts'
import { controllerReceives, controllerTicks } from './controller.ts'
import { asking, controller, image, partition, shown } from './examples.ts'
import type { ControllerState, ControllerStep } from './state.ts'

function register(state: ControllerState, brokerId: number, previousBrokerEpoch: number): ControllerStep {
  return registerBroker(state, asking, {
    kind: 'BrokerRegistration',
    correlationId: 5,
    brokerId,
    previousBrokerEpoch,
  })
}

function beat(state: ControllerState, brokerId: number, brokerEpoch: number, metadataOffset: number): ControllerStep {
  return heartbeat(state, asking, {
    kind: 'BrokerHeartbeat',
    correlationId: 6,
    brokerId,
    brokerEpoch,
    metadataOffset,
  })
}

const pushes = ['b1 MetadataUpdate', 'b2 MetadataUpdate', 'b3 MetadataUpdate']

test('an unknown broker is not registered', () => {
  const state = controller()
  const { controller: after, sends } = register(state, 9, -1)
  expect(after).toBe(state)
  expect(sends.map(({ message }) => message)).toEqual([
    { kind: 'BrokerRegistrationResponse', correlationId: 5, error: 'INVALID_REQUEST', brokerEpoch: -1 },
  ])
})

test('a broker that proves a clean stop is fenced, gets a new epoch and stays eligible', () => {
  const state = controller(image(partition({ replicas: [1, 2], inSyncReplicas: [1, 2] })))
  const { controller: after, sends } = register({ ...state, now: 40 }, 1, 1)
  expect(after.image.brokers[0]).toEqual({ brokerId: 1, brokerEpoch: 4, fenced: true })
  expect(after.image.partitions).toEqual([
    partition({
      replicas: [1, 2],
      leader: 2,
      leaderEpoch: 1,
      inSyncReplicas: [2],
      eligibleLeaderReplicas: [1],
      lastKnownLeader: 2,
      partitionEpoch: 1,
    }),
  ])
  expect(after.contacts[0]).toEqual({ brokerId: 1, lastContact: 40, provingEpochs: [1, 4], registrationOffset: 1 })
  expect(after.image.metadataOffset).toBe(1)
  expect(shown(sends)).toEqual(['b1 BrokerRegistrationResponse', ...pushes])
  expect(sends[0]?.message).toEqual({
    kind: 'BrokerRegistrationResponse',
    correlationId: 5,
    error: 'NONE',
    brokerEpoch: 4,
  })
})

test('a broker that does not prove it is taken out of every in-sync and eligible set', () => {
  const state = controller(image(partition({ replicas: [1, 2], inSyncReplicas: [1, 2] })))
  const after = register(state, 1, -1).controller
  expect(after.image.partitions).toMatchObject([{ leader: 2, inSyncReplicas: [2], eligibleLeaderReplicas: [] }])
  expect(after.contacts[0]?.provingEpochs).toEqual([4])
})

test('the last in-sync replica that died uncleanly leads again only for want of anybody better', () => {
  const alone = partition({ inSyncReplicas: [1] })
  const after = register(controller(image(alone)), 1, -1).controller
  expect(after.image.partitions).toMatchObject([{ leader: -1, inSyncReplicas: [], lastKnownLeader: 1 }])
  const unfenced = beat(after, 1, 4, 1).controller
  expect(unfenced.image.partitions).toMatchObject([{ leader: 1, leaderEpoch: 2, inSyncReplicas: [1] }])
})

test('a registration that is repeated before its answer came is as clean as it was', () => {
  const once = register(controller(), 1, 1).controller
  const twice = register(once, 1, 1).controller
  expect(twice.contacts[0]?.provingEpochs).toEqual([1, 5])
  const thrice = register(twice, 1, 5).controller
  expect(thrice.contacts[0]?.provingEpochs).toEqual([5, 6])
})

test('after the first heartbeat under the new epoch the old one proves nothing any more', () => {
  const registered = register(controller(), 1, 1).controller
  const heard = beat(registered, 1, 4, 0).controller
  expect(heard.contacts[0]?.provingEpochs).toEqual([4])
  expect(register(heard, 1, 1).controller.contacts[0]?.provingEpochs).toEqual([5])
})

test('a heartbeat under another epoch is stale, and renews nothing', () => {
  const state = { ...controller(), now: 500 }
  const { controller: after, sends } = beat(state, 2, 1, 0)
  expect(after).toBe(state)
  expect(sends.map(({ message }) => message)).toEqual([
    { kind: 'BrokerHeartbeatResponse', correlationId: 6, error: 'STALE_BROKER_EPOCH', fenced: true },
  ])
})

test('a fenced broker is trusted again when it has seen its registration; until then it is told the metadata again', () => {
  const registered = register(controller(), 1, 1).controller
  const behind = beat(registered, 1, 4, 0)
  expect(behind.controller.image).toBe(registered.image)
  expect(shown(behind.sends)).toEqual(['b1 BrokerHeartbeatResponse', 'b1 MetadataUpdate'])
  const seen = beat(registered, 1, 4, 1)
  expect(seen.controller.image.brokers[0]).toEqual({ brokerId: 1, brokerEpoch: 4, fenced: false })
  expect(seen.controller.image.metadataOffset).toBe(2)
  expect(shown(seen.sends)).toEqual(['b1 BrokerHeartbeatResponse', ...pushes])
})

test('a heartbeat of a broker that has seen everything is only answered', () => {
  expect(shown(beat(controller(), 2, 2, 0).sends)).toEqual(['b1 BrokerHeartbeatResponse'])
})

test('a broker that is unfenced leads what had no leader', () => {
  const dead = partition({ leader: -1, leaderEpoch: 3, inSyncReplicas: [2], partitionEpoch: 5 })
  const after = beat(controller(image(dead, [2])), 2, 2, 0).controller
  expect(after.image.partitions).toEqual([
    partition({ leader: 2, leaderEpoch: 4, inSyncReplicas: [2], lastKnownLeader: 2, partitionEpoch: 6 }),
  ])
})

test('sessions run out one decision for each broker, in order, exactly at the time-out', () => {
  const state = controller()
  expect(controllerTicks(state, 999)).toEqual({ controller: { ...state, now: 999 }, sends: [] })
  const heard = beat({ ...state, now: 999 }, 3, 3, 0).controller
  const { controller: after, sends } = controllerTicks(heard, 1_000)
  expect(after.image.brokers.map(({ fenced }) => fenced)).toEqual([true, true, false])
  expect(after.image.metadataOffset).toBe(2)
  expect(after.image.partitions).toEqual([
    partition({
      leader: 3,
      leaderEpoch: 2,
      inSyncReplicas: [3],
      eligibleLeaderReplicas: [2],
      lastKnownLeader: 3,
      partitionEpoch: 2,
    }),
  ])
  expect(shown(sends)).toEqual([...pushes, ...pushes])
  expect(controllerTicks(after, 1_998).sends).toEqual([])
})

test('a controller that takes over counts sessions anew, and says so to everybody', () => {
  const { controller: after, sends } = failover({ ...controller(), now: 900 })
  expect(after.image).toEqual({ ...image(), controllerEpoch: 2, metadataOffset: 1 })
  expect(shown(sends)).toEqual(pushes)
  expect(controllerTicks(after, 1_899).sends).toEqual([])
  expect(shown(controllerTicks(after, 1_900).sends)).toHaveLength(9)
})

test('messages that are not meant for a controller are ignored', () => {
  const state = controller()
  const metadata: Request<readonly never[]> = { kind: 'Metadata', correlationId: 1 }
  expect(controllerReceives(state, asking, metadata)).toEqual({ controller: state, sends: [] })
})
