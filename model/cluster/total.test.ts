import fc from 'fast-check'
import { expect, test } from 'vitest'
import { initialCluster, stepCluster } from '../cluster.ts'
import type { ClusterOperation } from '../vocabulary/cluster.ts'
import { after, crash, createT, elapse, openP1, outcomeOf, send, settle, setup } from './examples.ts'
import { observeCluster } from './observe.ts'

const node = fc.constantFrom('b1', 'b2', 'c1', 'ctl', 'p1', 'b9', '', 'nobody')
const number = fc.constantFrom(-7, -1, 0, 1, 2, 3, 9, 500)
const topic = fc.constantFrom('t', '__consumer_offsets', '', 'nowhere')
const at = { broker: number, topic, partition: number }
const kind = <K extends string>(...kinds: readonly K[]) => fc.constantFrom(...kinds)

const operation: fc.Arbitrary<ClusterOperation> = fc.oneof(
  fc.record({ kind: kind('deliver', 'deliverLate', 'cut', 'heal'), from: node, to: node }),
  fc.record({ kind: kind('disconnect'), a: node, b: node, late: fc.boolean() }),
  fc.record({ kind: kind('settle', 'healAll', 'failoverController') }),
  fc.record({ kind: kind('advance'), ms: number, node: fc.option(node) }),
  fc.record({ kind: kind('elapse'), ms: number }),
  fc.record({ kind: kind('restart', 'pause', 'resume', 'expireSession', 'synced', 'checkpoint'), broker: number }),
  number.map(broker => crash(broker)),
  fc.constant(createT),
  fc.record({ kind: kind('setUncleanElection'), topic, enabled: fc.boolean() }),
  fc.record({ kind: kind('electLeader'), topic, partition: number, election: kind('preferred', 'unclean') }),
  fc.record({ kind: kind('deleteRecords', 'rot'), ...at, offset: number }),
  fc.record({ kind: kind('flush', 'roll', 'clean', 'retain'), ...at }),
  fc.record({ kind: kind('fillDisk'), ...at, bytes: fc.option(number) }),
  fc.constantFrom(openP1, send('v'), { ...openP1, producer: 'c1' } as const),
  fc.record({ kind: kind('poll', 'commit', 'closeConsumer'), consumer: node }),
  fc.record({ kind: kind('killClient'), client: node }),
)

test('the step takes any operation, and what answers nothing changes nothing', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 25 }), operations => {
      let state = initialCluster(setup)
      for (const each of operations) {
        const step = stepCluster(state, each)
        if (step.outcome.kind === 'nothing') expect(step.state).toBe(state)
        state = step.state
      }
    }),
    { numRuns: 200, seed: 3 },
  )
})

test('a broker whose disk is full halts, keeps what it wrote, and comes back', () => {
  const full = after(
    createT,
    settle,
    { kind: 'fillDisk', broker: 1, topic: 't', partition: 0, bytes: 0 },
    openP1,
    send('v'),
    elapse(500),
  )
  expect(full.nodes.map(({ status }) => status)).toEqual(['down', 'running', 'running'])
  expect(outcomeOf(full, crash(1))).toEqual({ kind: 'nothing' })
  expect(outcomeOf(full, { kind: 'restart', broker: 1 })).toEqual({ kind: 'done' })
})

test('a paused broker takes no message, and its clock moves without a timer', () => {
  const paused = after(createT, { kind: 'pause', broker: 2 })
  expect(outcomeOf(paused, { kind: 'deliver', from: 'ctl', to: 'b2' })).toEqual({ kind: 'nothing' })
  const later = stepCluster(paused, { kind: 'advance', ms: 700, node: 'b2' }).state
  expect(later.network).toBe(paused.network)
  expect(later.nodes[1]).toMatchObject({ status: 'paused', broker: { now: 700, heartbeatDue: 400 } })
})

test('what a broker had read and not processed dies with it', () => {
  const broken: ClusterOperation = { kind: 'disconnect', a: 'b1', b: 'p1', late: true }
  const late = after(createT, settle, openP1, send('v'), broken)
  const read = (state: typeof late) => observeCluster(state).links['p1>b1']?.late.map(message => message.kind) ?? []
  expect(read(late)).toEqual(['Metadata'])
  expect(read(stepCluster(late, crash(1)).state)).toEqual([])
})

test('a process learns nothing from an image in which it is not registered', () => {
  const started = after({ kind: 'restart', broker: 1 })
  expect(started.nodes[0]).toMatchObject({ broker: { image: null, brokerEpoch: -1, fenced: true } })
  const told = stepCluster(stepCluster(started, createT).state, { kind: 'deliver', from: 'ctl', to: 'b1' }).state
  expect(told.nodes[0]).toMatchObject({ broker: { image: null } })
})
