import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { defaultTopicConfig } from '../properties/topic-defaults.ts'
import { parseTrace, readTrace } from './read.ts'
import type { Trace } from './trace.ts'
import { traceText, writeTrace } from './write.ts'

const { minInSyncReplicas: _m, uncleanLeaderElection: _u, ...logConfig } = defaultTopicConfig

const trace: Trace = {
  format: 'kafka-lockstep-trace',
  version: 1,
  scope: 'log',
  note: 'one record, acknowledged',
  setup: { scope: 'log', config: logConfig },
  operations: [
    {
      kind: 'append',
      leaderEpoch: 0,
      producerId: -1,
      producerEpoch: -1,
      baseSequence: -1,
      records: [{ key: null, value: 'a', timestamp: 1 }],
    },
    { kind: 'crash', damage: { kind: 'torn', bytes: 3 }, indexes: 'lost' },
  ],
  expect: { verdict: 'agree' },
  origin: { seed: 1, run: 2, subject: 'impl' },
}

/** The trace as loose JSON with other fields. */
function edited(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...trace, ...fields })
}

/** The cluster that stories use, as loose JSON. */
function clusterTrace(setup: Readonly<Record<string, unknown>>, operations: readonly unknown[]): string {
  const whole = {
    scope: 'cluster',
    brokers: 3,
    producers: 1,
    consumers: 1,
    offsetsPartitions: 0,
    offsetsConfig: defaultTopicConfig,
    brokerSessionTimeoutMs: 9000,
    broker: {
      heartbeatIntervalMs: 2000,
      replicaLagTimeMaxMs: 10_000,
      replicaFetchWaitMaxMs: 500,
      replicaFetchBackoffMs: 1000,
      fetchBytesMax: 1000,
    },
    group: { offsetsRetentionMs: 1, offsetsRetentionCheckIntervalMs: 1, groupMaxSize: 1 },
    client: {
      retryBackoffMs: 100,
      deliveryTimeoutMs: 1000,
      requestTimeoutMs: 100,
      maxInFlight: 5,
      heartbeatIntervalMs: 100,
      sessionTimeoutMs: 100,
      rebalanceTimeoutMs: 100,
    },
    ...setup,
  }
  return edited({ scope: 'cluster', setup: whole, operations })
}

describe('a trace', () => {
  test('is read as it was written, all or nothing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-'))
    try {
      const path = join(folder, 'found', 'a.json')
      writeTrace(path, trace)
      expect(readTrace(path)).toEqual(trace)
      expect(readdirSync(join(folder, 'found'))).toEqual(['a.json'])
      expect(() => writeTrace(join(path, 'b.json'), trace)).toThrow()
      writeFileSync(join(folder, 'empty.json'), '')
      expect(() => readTrace(join(folder, 'empty.json'))).toThrow(
        'is not JSON: at line 1, column 1 the text ends too early.',
      )
      expect(() => readTrace(join(folder, 'none.json'))).toThrow('cannot be read: there is no such file.')
      expect(() => readTrace(folder)).toThrow('cannot be read: it is a folder.')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('has one line for each operation', () => {
    expect(traceText(trace).split('\n')).toHaveLength(14)
    expect(JSON.parse(traceText({ ...trace, operations: [] }))).toEqual({ ...trace, operations: [] })
  })

  test('of a cluster may name brokers that are not there', () => {
    const create = { kind: 'createTopic', topic: 't', assignment: [[9]], config: defaultTopicConfig }
    expect(parseTrace(clusterTrace({}, [create]), 'x').operations).toEqual([create])
  })
})

describe('what is wrong with a trace is said in one sentence', () => {
  const settle = { kind: 'settle' }
  test.each([
    [
      '{\n  "format": oops',
      'x is not JSON: at line 2, column 13 that character does not belong there. Correct it, or take the file from its source again.',
    ],
    [traceText(trace).slice(0, 200), /^x is not JSON: at line 6, column \d+ the text ends too early\./],
    ['[]', 'x is not a trace: it has no "format": "kafka-lockstep-trace". Give a file that lockstep wrote.'],
    [
      edited({ version: 2 }),
      'x is a newer trace: this trace is of version 2, this program reads 1: update kafka-lockstep.',
    ],
    [edited({ version: 'one' }), 'x has no version that this program knows: set "version" to 1.'],
    [
      edited({ scope: 'logs' }),
      'x has an unknown scope ("logs"): set "scope" to one of log, partitioner, assignor, producer, group, cluster, abstract, service.',
    ],
    [
      edited({ operations: [...trace.operations, { kind: 'fly' }] }),
      'x: unknown operation at index 2: there is no kind "fly" in this scope. Correct it or leave it out.',
    ],
    [
      edited({ operations: [settle] }),
      'x: unknown operation at index 0: there is no kind "settle" in this scope. Correct it or leave it out.',
    ],
    [edited({ operations: [7] }), 'x: the operation at index 0 must be object. Compare it with traces/schema.json.'],
    [
      edited({ operations: [{ kind: 'truncate' }] }),
      'x: the operation at index 0 (truncate) lacks the field "offset". Add it.',
    ],
    [
      edited({ operations: [{ kind: 'truncate', offset: 0.5 }] }),
      'x: the field "offset" of the operation at index 0 (truncate) must be integer. Compare it with traces/schema.json.',
    ],
    [
      edited({ operations: [{ kind: 'roll', offset: 0 }] }),
      'x: the operation at index 0 (roll) has a field that is not known, "offset". Correct its name or leave it out.',
    ],
    [
      edited({ operations: [{ kind: 'crash', damage: { kind: 'lost' }, indexes: 'gone' }] }),
      'x: the field "indexes" of the operation at index 0 (crash) must be one of "kept","lost","torn". Choose one.',
    ],
    [
      edited({ operations: [{ kind: 'crash', damage: { kind: 'burnt' }, indexes: 'kept' }] }),
      'x: the field "damage" of the operation at index 0 (crash) has an unknown kind ("burnt"). Compare it with traces/schema.json.',
    ],
    [
      edited({ expect: { verdict: 'maybe' } }),
      'x: the field "expect/verdict" must be one of "agree","violation". Choose one.',
    ],
    [
      clusterTrace({ brokers: 0 }, []),
      'x: the field "setup/brokers" must be >= 1. Compare it with traces/schema.json.',
    ],
    [
      clusterTrace({ brokers: 1000 }, []),
      'x: the field "setup/brokers" must be <= 9. Compare it with traces/schema.json.',
    ],
    [
      clusterTrace({}, [settle, { kind: 'poll', consumer: 'c2' }]),
      'x: the operation at index 1 names c2, and the set-up has only 1 consumers. Raise "consumers" in the set-up or leave the operation out.',
    ],
  ])('%#', (text, message) => {
    expect(() => parseTrace(text, 'x')).toThrow(message)
  })
})
