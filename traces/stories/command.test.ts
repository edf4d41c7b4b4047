import { describe, expect, test } from 'vitest'
import type { ClusterOperation } from '../../model/vocabulary/cluster.ts'
import { defaultTopicConfig } from '../../properties/topic-defaults.ts'
import { clusterLine } from '../render/cluster-operation.ts'
import { parseCommand } from './command.ts'

const at = { broker: 2, topic: 't', partition: 0 }
const compacted = { ...defaultTopicConfig, cleanupPolicy: 'compact,delete', minInSyncReplicas: 2 } as const

// The compiler asks for a sample of every kind of operation.
const samples: {
  readonly [K in ClusterOperation['kind']]: readonly Extract<ClusterOperation, { readonly kind: K }>[]
} = {
  deliver: [{ kind: 'deliver', from: 'b1', to: 'ctl' }],
  deliverLate: [{ kind: 'deliverLate', from: 'b1', to: 'b2' }],
  settle: [{ kind: 'settle' }],
  disconnect: [
    { kind: 'disconnect', a: 'b1', b: 'p1', late: true },
    { kind: 'disconnect', a: 'b1', b: 'p1', late: false },
  ],
  cut: [{ kind: 'cut', from: 'b1', to: 'b2' }],
  heal: [{ kind: 'heal', from: 'b1', to: 'b2' }],
  healAll: [{ kind: 'healAll' }],
  advance: [
    { kind: 'advance', ms: 500, node: null },
    { kind: 'advance', ms: -1, node: 'b2' },
  ],
  elapse: [{ kind: 'elapse', ms: 3000 }],
  crash: [
    { kind: 'crash', broker: 1, damage: { kind: 'kept' }, indexes: 'kept', late: false },
    { kind: 'crash', broker: 1, damage: { kind: 'lost' }, indexes: 'lost', late: true },
    { kind: 'crash', broker: 1, damage: { kind: 'torn', bytes: 17 }, indexes: 'torn', late: true },
  ],
  restart: [{ kind: 'restart', broker: 1 }],
  pause: [{ kind: 'pause', broker: 1 }],
  resume: [{ kind: 'resume', broker: 1 }],
  createTopic: [
    { kind: 'createTopic', topic: 't', assignment: [[1, 2, 3]], config: compacted },
    { kind: 'createTopic', topic: 't', assignment: [[1, 2], [2, 1], []], config: defaultTopicConfig },
    { kind: 'createTopic', topic: 't', assignment: [], config: defaultTopicConfig },
  ],
  setUncleanElection: [{ kind: 'setUncleanElection', topic: 't', enabled: true }],
  electLeader: [
    { kind: 'electLeader', topic: 't', partition: 0, election: 'preferred' },
    { kind: 'electLeader', topic: 't', partition: 0, election: 'unclean' },
  ],
  expireSession: [{ kind: 'expireSession', broker: 1 }],
  failoverController: [{ kind: 'failoverController' }],
  deleteRecords: [{ kind: 'deleteRecords', ...at, offset: -1 }],
  flush: [{ kind: 'flush', ...at }],
  synced: [{ kind: 'synced', broker: 1 }],
  checkpoint: [{ kind: 'checkpoint', broker: 1 }],
  roll: [{ kind: 'roll', ...at }],
  clean: [{ kind: 'clean', ...at }],
  retain: [{ kind: 'retain', ...at }],
  rot: [{ kind: 'rot', ...at, offset: 3 }],
  fillDisk: [
    { kind: 'fillDisk', ...at, bytes: 100 },
    { kind: 'fillDisk', ...at, bytes: null },
  ],
  openProducer: [
    { kind: 'openProducer', producer: 'p1', acks: -1, idempotent: true, partitioner: 'roundRobin' },
    { kind: 'openProducer', producer: 'p1', acks: 0, idempotent: false, partitioner: 'sticky' },
  ],
  send: [
    { kind: 'send', producer: 'p1', topic: 't', partition: 0, records: [{ key: 'k', value: 'v' }], draw: 0 },
    {
      kind: 'send',
      producer: 'p1',
      topic: 't',
      partition: null,
      records: [
        { key: null, value: 'null' },
        { key: 'draw', value: null },
        { key: '', value: 'a "b" = c\\' },
        { key: null, value: null },
      ],
      draw: 3,
    },
    { kind: 'send', producer: 'p1', topic: 't', partition: -1, records: [], draw: 0 },
  ],
  openConsumer: [
    {
      kind: 'openConsumer',
      consumer: 'c1',
      groupId: 'g',
      groupInstanceId: 'null',
      topics: ['t', 'u'],
      partitions: [],
      assignors: ['range', 'cooperative-sticky'],
      reset: 'latest',
    },
    {
      kind: 'openConsumer',
      consumer: 'c1',
      groupId: null,
      groupInstanceId: null,
      topics: [],
      partitions: [{ topic: 't', partition: 1 }],
      assignors: [],
      reset: 'earliest',
    },
  ],
  poll: [{ kind: 'poll', consumer: 'c1' }],
  commit: [{ kind: 'commit', consumer: 'c1' }],
  closeConsumer: [{ kind: 'closeConsumer', consumer: 'c1' }],
  killClient: [{ kind: 'killClient', client: 'p1' }],
}

describe('the story language', () => {
  test.each(
    Object.values(samples)
      .flat()
      .map(operation => [clusterLine(operation), operation] as const),
  )('reads "%s" as it was written', (line, operation) => {
    expect(parseCommand(line)).toEqual(operation)
  })

  test.each([
    ['fly b1', '"fly b1" is not a command; see traces/stories/command.ts'],
    ['deliver b1', '"deliver b1": a link is written b1>b2'],
    ['restart', '"restart": the broker is missing'],
    ['restart b1 b2', '"restart b1 b2": "b2" is too much'],
    [
      'create topic t replicas=b1 retention=1',
      '"create topic t replicas=b1 retention=1": retention is not a topic setting, or cannot have that value',
    ],
  ])('refuses "%s" with a reason', (line, message) => {
    expect(() => parseCommand(line)).toThrow(message)
  })
})
