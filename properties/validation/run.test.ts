import { describe, expect, test } from 'vitest'
import type { ServiceOperation, ServiceOutcome, ServiceSetup } from '../../model/vocabulary/service.ts'
import { drawServiceRun } from '../generation/service.ts'
import { Random, seedOf } from '../random.ts'
import { subjectGone } from '../subject-gone.ts'
import { runLiveCampaign } from './campaign.ts'
import type { LiveRun, LiveSubject } from './live.ts'
import { runLive } from './run.ts'
import { type Lie, modelBroker, standingTime, wholeGround } from './testing/model-broker.ts'

const setup: ServiceSetup = { scope: 'service', brokers: 3, versions: { Fetch: 12, ListOffsets: 7, JoinGroup: 9 } }
const make: ServiceOperation = { kind: 'createTopic', topic: 't1', partitions: 1, replicationFactor: 3, config: {} }
const read: ServiceOperation = { kind: 'readAll', topic: 't1', partition: 0 }

function send(value: string, acks: -1 | 0 | 1 = -1): ServiceOperation {
  const records = [{ key: null, value, timestamp: 0 }]
  return { kind: 'produce', topic: 't1', partition: 0, stamp: null, acks, codec: 'none', fault: 'none', records }
}

function scripted(...answers: readonly ServiceOutcome[]): LiveSubject {
  return {
    name: 'scripted',
    start: async () => {
      let next = 0
      return {
        apply: async () => answers[Math.min(next++, answers.length - 1)] ?? { kind: 'done' },
        end: async () => [],
      }
    },
  }
}

const records = (values: readonly string[]): ServiceOutcome => ({
  kind: 'records',
  records: values.map((value, offset) => ({ offset, key: null, value, timestamp: 0 })),
  highWatermark: values.length,
  logStartOffset: 0,
})
const done: ServiceOutcome = { kind: 'done' }
const sent: ServiceOutcome = { kind: 'sent' }
const appended = (baseOffset: number): ServiceOutcome => ({ kind: 'appended', baseOffset })
const run = (...operations: readonly ServiceOperation[]): LiveRun => ({ setup, operations })

describe('a run on a live broker', () => {
  test.each([1, 2, 3, 4, 5])('finds nothing wrong with the model, whatever it chooses (seed %d)', async seed => {
    for (let index = 0; index < 150; index++) {
      const drawn = drawServiceRun(wholeGround, new Random(seedOf(seed, index)))
      const { findings, gone, steps } = await runLive(drawn, modelBroker(seedOf(seed + 1000, index)), standingTime())
      expect({ findings, gone, steps: steps.length }).toEqual({
        findings: [],
        gone: null,
        steps: drawn.operations.length,
      })
    }
  })

  test('takes a batch that nobody waited for as appended now, later, or never', async () => {
    const operations = run(make, send('a', 0), read, send('b'), read)
    for (const answers of [
      [done, sent, records([]), appended(0), records(['b'])],
      [done, sent, records(['a']), appended(1), records(['a', 'b'])],
      [done, sent, records([]), appended(1), records(['a', 'b'])],
      [done, sent, records([]), appended(0), records(['b', 'a'])],
    ]) {
      expect((await runLive(operations, scripted(...answers), standingTime())).findings).toEqual([])
    }
  })

  test('and as appended once at most, and never forgotten again', async () => {
    const operations = run(make, send('a', 0), read, read)
    const twice = await runLive(operations, scripted(done, sent, records(['a', 'a'])), standingTime())
    expect(twice.findings[0]?.verdict).toMatchObject({ claim: 'L8', step: 2 })
    const lost = await runLive(operations, scripted(done, sent, records(['a']), records([])), standingTime())
    expect(lost.findings[0]?.verdict).toMatchObject({ claim: 'L1', step: 3 })
  })

  test('lets what was committed for a deleted topic go, by partition, now or later', async () => {
    const place = { group: 'g1', topic: 't1' }
    const who = { client: 'c1', memberId: '', groupInstanceId: null, generationId: -1, metadata: '' }
    const commit = (partition: number, offset: number): ServiceOperation => ({
      kind: 'commit',
      ...place,
      ...who,
      partition,
      offset,
    })
    const made: ServiceOperation = { ...make, partitions: 2 }
    const remove: ServiceOperation = { kind: 'deleteTopic', topic: 't1' }
    const ask = (partition: number): ServiceOperation => ({ kind: 'committed', ...place, partition })
    const operations = run(made, commit(1, 7), remove, made, commit(0, 3), ask(0), ask(1))
    const taken: ServiceOutcome = { kind: 'answers', answers: [{ to: 'commit', client: 'c1', error: 'NONE' }] }
    const told = (offset: number): ServiceOutcome => ({ kind: 'committed', offset, metadata: '' })
    const findings = async (zero: number, one: number) =>
      (await runLive(operations, scripted(done, taken, done, done, taken, told(zero), told(one)), standingTime()))
        .findings
    expect([await findings(3, 7), await findings(3, -1)]).toEqual([[], []])
    expect([await findings(-1, 7), await findings(3, 3)].map(({ length }) => length)).toEqual([1, 1])
  })

  test('asks again after a passing error, and says when it does not pass', async () => {
    const notYet: ServiceOutcome = { kind: 'error', error: 'NOT_LEADER_OR_FOLLOWER' }
    const healed = await runLive(run(make, send('a')), scripted(done, notYet, notYet, appended(0)), standingTime())
    expect(healed.findings).toEqual([])
    expect(healed.steps[1]).toMatchObject({ asked: 3, outcome: { kind: 'appended' } })
    const stuck = await runLive(run(make, send('a')), scripted(done, notYet), standingTime())
    expect(stuck.findings[0]?.verdict.sentence).toContain('answered NOT_LEADER_OR_FOLLOWER')
  })

  test('goes on after a wrong answer to a question, and not after one to a change', async () => {
    const wrong: ServiceOutcome = { kind: 'error', error: 'UNKNOWN_SERVER_ERROR' }
    const asked = await runLive(
      run(make, read, send('a'), read),
      scripted(done, wrong, appended(0), records(['a'])),
      standingTime(),
    )
    expect(asked.findings).toHaveLength(1)
    expect(asked.steps).toHaveLength(4)
    const changed = await runLive(run(make, send('a'), read), scripted(done, wrong), standingTime())
    expect(changed.findings).toHaveLength(1)
    expect(changed.steps).toHaveLength(2)
  })

  test('says what a broker that is gone last said, and keeps what was found until then', async () => {
    const going: LiveSubject = {
      name: 'going',
      start: async () => {
        let count = 0
        return {
          apply: async () => {
            if (count++ < 1) return done
            throw subjectGone('it hung up')
          },
          end: async () => ['topic t1 is still there'],
        }
      },
    }
    const { gone, steps, leftovers } = await runLive(run(make, read), going, standingTime())
    expect({ gone, steps: steps.length, leftovers }).toEqual({
      gone: { sentence: 'it hung up', unanswered: null },
      steps: 1,
      leftovers: ['topic t1 is still there'],
    })
  })
})

/** One lie for each claim that can be tried from outside. */
const lies: Readonly<Record<string, Lie>> = {
  O1: (operation, outcome) =>
    operation.kind === 'readAll' && outcome.kind === 'records' && outcome.records.length > 1
      ? { ...outcome, records: outcome.records.map(record => ({ ...record, value: `${record.value}!` })) }
      : outcome,
  O2: (operation, outcome) =>
    operation.kind === 'produce' && operation.stamp === null && outcome.kind === 'appended' && outcome.baseOffset > 2
      ? { ...outcome, baseOffset: outcome.baseOffset + 1 }
      : outcome,
  O3: (operation, outcome) =>
    operation.kind === 'produce' && operation.stamp !== null && outcome.kind === 'error'
      ? { kind: 'appended', baseOffset: 0 }
      : outcome,
  O5: (_operation, outcome) =>
    outcome.kind === 'epochEnd' && outcome.endOffset > 0 ? { ...outcome, endOffset: outcome.endOffset - 1 } : outcome,
  O6: (operation, outcome) =>
    outcome.kind === 'error' && outcome.error === 'UNKNOWN_LEADER_EPOCH' && operation.kind === 'listOffsets'
      ? { kind: 'error', error: 'OFFSET_NOT_KNOWN' }
      : outcome,
  F1: (operation, outcome) =>
    operation.kind === 'listOffsets' && operation.timestamp === -2 && outcome.kind === 'offset' && outcome.offset > 0
      ? { ...outcome, offset: 0 }
      : outcome,
  F4: (operation, outcome) =>
    operation.kind === 'listOffsets' && operation.timestamp === -1 && outcome.kind === 'offset' && outcome.offset > 3
      ? { ...outcome, offset: outcome.offset + 1 }
      : outcome,
  F5: (operation, outcome) =>
    operation.kind === 'fetch' && outcome.kind === 'error' && outcome.error === 'OFFSET_OUT_OF_RANGE'
      ? { kind: 'error', error: 'UNKNOWN_SERVER_ERROR' }
      : outcome,
  F6: (_operation, outcome) =>
    outcome.kind === 'committed' && outcome.offset > 0 ? { ...outcome, offset: outcome.offset - 1 } : outcome,
  F7: (operation, outcome) =>
    operation.kind === 'listOffsets' && operation.timestamp > 0 && outcome.kind === 'offset' && outcome.offset > 0
      ? { ...outcome, offset: outcome.offset - 1 }
      : outcome,
  L1: (operation, outcome) =>
    operation.kind === 'readAll' && outcome.kind === 'records' && outcome.records.length > 2
      ? { ...outcome, records: outcome.records.slice(1) }
      : outcome,
  L8: (operation, outcome) =>
    operation.kind === 'produce' && operation.stamp === null && outcome.kind === 'error'
      ? { kind: 'appended', baseOffset: 0 }
      : outcome,
  G1: (_operation, outcome) =>
    outcome.kind === 'answers'
      ? {
          ...outcome,
          answers: outcome.answers.map(answer =>
            answer.to === 'sync' ? { ...answer, partitions: answer.partitions.slice(1) } : answer,
          ),
        }
      : outcome,
  G2: (_operation, outcome) =>
    outcome.kind === 'answers'
      ? {
          ...outcome,
          answers: outcome.answers.map(answer =>
            answer.to === 'heartbeat' && answer.error === 'ILLEGAL_GENERATION' ? { ...answer, error: 'NONE' } : answer,
          ),
        }
      : outcome,
  G3: (_operation, outcome) =>
    outcome.kind === 'group' && outcome.state === 'Stable' ? { ...outcome, state: 'Empty' } : outcome,
  P2: (_operation, outcome) =>
    outcome.kind === 'answers' && outcome.answers.length > 1
      ? { ...outcome, answers: outcome.answers.slice(1) }
      : outcome,
}

describe('a validation', () => {
  test.each(Object.entries(lies))('catches a lie about %s, and makes it small', async (claim, lie) => {
    const time = standingTime()
    const { found, tally } = await runLiveCampaign({
      ...time,
      subject: modelBroker(7, lie),
      ground: wholeGround,
      apisOf: kind => [kind],
      seed: 11,
      lanes: 4,
      runsMost: 300,
      isTimeUp: () => false,
      isShrinkingOver: () => false,
      onRun: () => {},
    })
    const one = found.find(({ finding }) => finding.verdict.claim === claim)
    expect(found.map(({ finding }) => finding.verdict.claim)).toContain(claim)
    expect(one?.run.operations.length).toBeLessThanOrEqual(8)
    expect(tally.runs).toBe(300)
    expect(tally.claims.get(claim)?.diverged).toBeGreaterThan(0)
  })
})
