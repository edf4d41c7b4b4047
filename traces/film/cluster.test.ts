// Films of clusters: every message that is ever in flight is one arrow, and scenes show what was observed.
import { describe, expect, test } from 'vitest'
import type { ClusterObservation, ClusterOperation, ReplicaObservation } from '../../model/vocabulary/cluster.ts'
import { openLockstep } from '../../properties/lockstep.ts'
import type { Run } from '../../properties/scope.ts'
import { scopes } from '../../properties/scopes.ts'
import { asJson } from './drawn.ts'
import type { LogScene, Message } from './film.ts'
import { lockstepFilm } from './lockstep.ts'
import { packed, unpacked } from './packed.ts'
import { momentsMost } from './singled.ts'
import { about, clusterRuns, runOfStory, walked200 } from './testing/runs.ts'

const { subject } = scopes.cluster

describe.each(clusterRuns())('%s', (_name, run) => {
  const film = lockstepFilm(run.setup, run.operations, subject, about)
  const observed = observations(run)

  test('has an arrow for every message in flight, in the order of its link, and no other', () => {
    for (const [step, { links }] of observed.entries()) {
      const open = Map.groupBy(
        film.messages.filter(message => isOpenAfter(message, step)),
        ({ from, to }) => `${from}>${to}`,
      )
      const shown = Object.fromEntries(
        Array.from(open, ([link, messages]) => [link, messages.map(({ value }) => value)]),
      )
      const there = Object.entries(links).map(([link, { late, messages }]) => [link, [...late, ...messages]] as const)
      expect(shown).toEqual(Object.fromEntries(there.filter(([, messages]) => messages.length > 0)))
    }
  })

  test('delivers in the order of the link', () => {
    for (const messages of Map.groupBy(film.messages, ({ from, to }) => `${from}>${to}`).values()) {
      const arrived = messages.filter(({ fate }) => fate === 'delivered' || fate === 'refused').map(placeOfEnd)
      expect(arrived).toEqual([...arrived].sort((a, b) => a - b))
    }
  })

  test('ends nothing before it was sent, and everything within the steps', () => {
    for (const { sent, ended } of film.messages) {
      for (const at of ended === null ? [sent] : [sent, ended]) {
        expect(at.moment).toBeLessThan(film.steps[at.step]?.moments ?? 0)
      }
      if (ended !== null) expect(place(ended)).toBeGreaterThan(place(sent))
    }
  })

  test('shows what was observed', () => {
    expect(film.steps.map(({ model }) => model.raw)).toEqual(observed)
    expect(film.steps.map(({ subject: shown }) => shown)).toEqual(observed.map(() => 'same'))
    for (const [step, { brokers, controller }] of observed.entries()) {
      const scene = film.steps[step]?.model
      for (const [name, broker] of Object.entries(brokers)) {
        const logs = scene?.nodes[name]?.logs.map(inShort)
        expect(logs).toEqual(broker.status === 'down' ? [] : broker.replicas.map(inShortToo))
      }
      expect(scene?.partitions.map(({ leader }) => leader)).toEqual(
        controller.image.partitions.map(({ leader }) => (leader < 0 ? null : `b${leader}`)),
      )
    }
  })
})

test('a zombie is refused, and a request that was read before its connection broke is late', () => {
  const fates = (name: string): readonly Message[] => {
    const { setup, operations } = runOfStory(name)
    return lockstepFilm(setup, operations, subject, about).messages
  }
  expect(fates('zombie-commit.txt')).toContainEqual(
    expect.objectContaining({ from: 'c1', kind: 'OffsetCommit', fate: 'refused', why: 'UNKNOWN_MEMBER_ID' }),
  )
  const setup = scopes.cluster.plainSetup
  const late = lockstepFilm(
    setup,
    [
      { kind: 'disconnect', a: 'b1', b: 'ctl', late: true },
      { kind: 'advance', ms: setup.broker.heartbeatIntervalMs, node: 'b1' },
      { kind: 'disconnect', a: 'b1', b: 'ctl', late: true },
      { kind: 'deliverLate', from: 'b1', to: 'ctl' },
    ],
    subject,
    about,
  )
  expect(late.messages).toContainEqual(
    expect.objectContaining({ from: 'b1', to: 'ctl', fate: 'late', ended: { step: 4, moment: 0 } }),
  )
})

describe('200 operations of five brokers', { timeout: 60_000 }, () => {
  test.each([1, 2, 9])('are less than a megabyte, with seed %d', seed => {
    const { setup, operations } = walked200(seed, 5)
    const film = lockstepFilm(setup, operations, subject, about)
    const text = packed(asJson(film))
    expect(film.steps.length).toBe(201)
    expect(text.length).toBeLessThan(900_000)
    expect(film.steps.reduce((sum, { moments }) => sum + moments, 0)).toBeLessThanOrEqual(momentsMost + 1)
    expect(unpacked(text)).toEqual(film)
  })
})

describe('an operation is marked', () => {
  const at = { broker: 1, topic: 't', partition: 0 }
  const crash = (broker: number): ClusterOperation => {
    return { kind: 'crash', broker, damage: { kind: 'kept' }, indexes: 'kept', late: false }
  }
  const marks = (...operations: readonly ClusterOperation[]) => {
    const { steps } = lockstepFilm({ ...scopes.cluster.plainSetup, consumers: 1 }, operations, subject, about)
    return steps.slice(-1).flatMap(step => step.marks.map(({ lane, kind, text }) => [lane, kind, text]))
  }

  test.each<[string, readonly ClusterOperation[]]>([
    ['a kill of what is no client', [{ kind: 'killClient', client: 'b1' }]],
    ['a second crash', [crash(2), crash(2)]],
    ['a pause of who is down', [crash(2), { kind: 'pause', broker: 2 }]],
    ['a resume of who runs', [{ kind: 'resume', broker: 2 }]],
    ['a second cut', Array.from({ length: 2 }, () => ({ kind: 'cut', from: 'b1', to: 'b2' }))],
    ['a heal of what is whole', [{ kind: 'heal', from: 'b1', to: 'b2' }]],
    ['a poll of who is closed', [{ kind: 'poll', consumer: 'c1' }]],
    ['a full disk of no replica', [{ kind: 'fillDisk', ...at, bytes: 0 }]],
    ['time that goes back', [{ kind: 'elapse', ms: -1 }]],
  ])('not when nothing happens: %s', (_what, operations) => {
    expect(marks(...operations)).toEqual([])
  })

  test('when it happens', () => {
    expect(marks(crash(2))).toContainEqual(['b2', 'crash', 'crash b2'])
    expect(marks({ kind: 'cut', from: 'b1', to: 'b2' })).toContainEqual(['b1', 'cut', 'cut off from sending to b2'])
  })

  test('when it is refused, with the error and not as what did not happen', () => {
    const twice: ClusterOperation = {
      kind: 'createTopic',
      topic: 't',
      assignment: [[1, 2]],
      config: scopes.cluster.plainSetup.offsetsConfig,
    }
    expect(marks(twice, twice)).toEqual([['ctl', 'act', expect.stringMatching(/, refused: TOPIC_ALREADY_EXISTS$/)]])
    const flush: ClusterOperation = { kind: 'flush', ...at }
    const full: ClusterOperation = { kind: 'fillDisk', ...at, bytes: 0 }
    expect(marks(twice, { kind: 'settle' }, { kind: 'deleteRecords', ...at, offset: 5 })).toEqual([
      ['b1', 'act', 'delete records b1 t/0 5, refused: OFFSET_OUT_OF_RANGE'],
    ])
    expect(marks(twice, { kind: 'settle' }, full, flush)).toEqual([['b1', 'disk', 'flush b1 t/0']])
  })
})

test('what is too much is drawn as one moment, and says so', () => {
  const { setup, operations } = runOfStory('zombie-commit.txt')
  const long = Array.from({ length: 30 }, () => ({ kind: 'elapse', ms: 60_000 }) as const)
  const film = lockstepFilm(setup, [...operations, ...long], subject, about)
  const { did, moments } = film.steps.at(-1) ?? { did: [], moments: 0 }
  expect(did.at(-1)).toMatch(/^too much for a picture: \d+ of its \d+ moments are drawn as one/)
  expect(moments).toBeLessThan(200)
  expect(packed(asJson(film)).length).toBeLessThan(1_000_000)
})

/** What the model shows before the first operation and after each. */
function observations({ setup, operations }: Run<'cluster'>): readonly ClusterObservation[] {
  const lockstep = openLockstep(setup, subject, { labels: false })
  const steps = operations.flatMap(operation => lockstep.step(operation)?.model.observation ?? [])
  return [lockstep.start, ...steps]
}

function isOpenAfter({ sent, ended }: Message, step: number): boolean {
  return sent.step <= step && (ended === null || ended.step > step)
}

function place({ step, moment }: Message['sent']): number {
  return step * 100_000 + moment
}

function placeOfEnd({ ended }: Message): number {
  return ended === null ? Number.NaN : place(ended)
}

function inShort({ title, logStartOffset, logEndOffset, highWatermark, syncedOffset, role, records }: LogScene) {
  const offsets = records.map(({ offset }) => offset)
  return { title, logStartOffset, logEndOffset, highWatermark, syncedOffset, role, offsets }
}

function inShortToo(replica: ReplicaObservation): ReturnType<typeof inShort> {
  const { topic, partition, logStartOffset, logEndOffset, highWatermark, recoveryPoint, role, batches } = replica
  const offsets = batches.flatMap(({ records, corrupt, baseOffset }) =>
    corrupt && records.length === 0 ? [baseOffset] : records.map(({ offset }) => offset),
  )
  const title = `${topic}/${partition}`
  return { title, logStartOffset, logEndOffset, highWatermark, syncedOffset: recoveryPoint, role: role.kind, offsets }
}
