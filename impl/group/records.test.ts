import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TestCoordinator } from '../../properties/simulation/test-coordinator.ts'
import { encodeAssignment, encodeSubscription } from '../client/consumer-protocol.ts'
import { loadedAssignment, loadedProtocol, storedAssignment, storedProtocol } from './stored-payloads.ts'

const t0 = { topic: 't', partition: 0 }
const words = { topics: ['t'], userData: null, ownedPartitions: [t0], generationId: 3, rackId: null }

test('what a consumer says stands in the record in full', () => {
  expect(storedProtocol('consumer', { name: 'sticky', metadata: encodeSubscription(words) })).toEqual({
    name: 'sticky',
    topics: ['t'],
    owned: [t0],
    generationId: 3,
  })
  expect(storedAssignment('consumer', encodeAssignment({ partitions: [t0], userData: null }))).toEqual([t0])
  expect(storedAssignment('consumer', encodeAssignment({ partitions: [], userData: null }))).toEqual([])
})

test('what the words would not give again stands there as base64', () => {
  const metadata = encodeSubscription({ ...words, userData: new Uint8Array([1]) })
  expect(storedProtocol('consumer', { name: 'n', metadata })).toEqual({ name: 'n', metadata: btoa(text(metadata)) })
  expect(storedProtocol('connect', { name: 'n', metadata: encodeSubscription(words) })).toHaveProperty('metadata')
  // Version 1 for what version 0 can say, and bytes behind the end.
  const longer = new Uint8Array([...encodeSubscription({ ...words, ownedPartitions: [], generationId: -1 }), 0])
  expect(storedProtocol('consumer', { name: 'n', metadata: longer })).toHaveProperty('metadata')
  expect(storedAssignment('consumer', new Uint8Array(0))).toBe('')
})

test('every payload is loaded with the very bytes that were stored', () => {
  const anyBytes = fc.uint8Array({ maxLength: 30 })
  const spoken = fc
    .record({
      topics: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3 }),
      userData: fc.option(anyBytes),
      ownedPartitions: fc.array(fc.record({ topic: fc.constantFrom('t', 'ü'), partition: fc.nat() })),
      generationId: fc.integer({ min: -1, max: 9 }),
      rackId: fc.option(fc.string()),
    })
    .map(encodeSubscription)
  const type = fc.constantFrom('consumer', 'connect')
  fc.assert(
    fc.property(type, fc.oneof(anyBytes, spoken), (protocolType, metadata) => {
      const protocol = { name: 'n', metadata }
      const read = JSON.parse(JSON.stringify(storedProtocol(protocolType, protocol)))
      expect(loadedProtocol(read)).toEqual(protocol)
    }),
  )
  const shares = fc.array(fc.record({ topic: fc.constantFrom('t', 'ü'), partition: fc.nat() }))
  const given = fc.record({ partitions: shares, userData: fc.option(anyBytes) }).map(encodeAssignment)
  fc.assert(
    fc.property(type, fc.oneof(anyBytes, given), (protocolType, assignment) => {
      const read = JSON.parse(JSON.stringify(storedAssignment(protocolType, assignment)))
      expect(loadedAssignment(read)).toEqual(assignment)
    }),
  )
})

test('a group of any kind is the same after a failover', () => {
  const strange = '群|ö%\u0000\n"\ufeff😀'
  const group = new TestCoordinator({}, () => `${strange}-1`)
  const member = { groupId: strange, clientId: strange, clientHost: '/::1', groupInstanceId: strange }
  const protocols = [{ name: strange, metadata: new Uint8Array([0, 255]) }]
  const memberId = group.join({ ...member, protocolType: strange, protocols })
  const assignments = [{ memberId, assignment: new Uint8Array([254]) }]
  group.tell('SyncGroup', { groupId: strange, memberId, generationId: 1, assignments })
  const offset = {
    topic: strange,
    partition: 2 ** 31 - 1,
    offset: 2 ** 53 - 1,
    leaderEpoch: 2 ** 31 - 1,
    metadata: strange,
  }
  const commit = { groupId: strange, memberId, groupInstanceId: strange, generationId: 1, offsets: [offset] }
  expect(group.tell('OffsetCommit', commit)).toMatchObject({ error: 'NONE' })
  const before = group.coordinator.groups()
  expect(before).toMatchObject([{ protocolType: strange, members: [{ clientHost: '/::1' }], offsets: [offset] }])
  group.failover()
  expect(group.coordinator.groups()).toEqual(before)
})

test('a group that has been left remembers its type', () => {
  const group = new TestCoordinator()
  const memberId = group.join({ protocolType: 'connect', protocols: [{ name: 'eager', metadata: new Uint8Array(1) }] })
  group.tell('SyncGroup', { memberId, generationId: 1 })
  group.tell('LeaveGroup', { members: [{ memberId, groupInstanceId: null, reason: null }] })
  group.failover()
  expect(group.coordinator.list()).toEqual([{ groupId: 'g', protocolType: 'connect', state: 'Empty' }])
})

function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}
