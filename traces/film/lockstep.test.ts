// Films of every scope: all of the corpus can be drawn, where the sides part is marked, and hostile text stays data.
import { describe, expect, test } from 'vitest'
import { scopes } from '../../properties/scopes.ts'
import { subjectGone } from '../../properties/subject-gone.ts'
import { loadPatched } from '../../properties/subjects/patched.ts'
import type { ScopeName, Subject } from '../../properties/verdict.ts'
import { plantedBugs } from '../../properties/zoo/bugs.ts'
import type { TraceOf } from '../trace.ts'
import { asJson } from './drawn.ts'
import type { Film } from './film.ts'
import { lockstepFilm, modelFilm } from './lockstep.ts'
import { packed, unpacked } from './packed.ts'
import { storyFilm } from './story.ts'
import { about, corpusTraces, runOfStory, storyNamed } from './testing/runs.ts'

describe('the corpus can be drawn:', () => {
  test.each(corpusTraces())('%s', (_name, trace) => {
    const film = filmOf(trace)
    expect(film.steps.length).toBe(trace.operations.length + 1)
    expect(film.verdict.kind).toBe('agree')
    expectWhole(film)
  })
})

test('where the sides part both are shown, with every field that differs', async () => {
  const bug = plantedBugs.find(({ name }) => name === 'truncates-to-the-high-watermark')
  if (bug === undefined) throw new Error('there is no such bug')
  const { setup, operations } = runOfStory('zoo/truncates-to-the-high-watermark.txt')
  const film = lockstepFilm(setup, operations, await loadPatched(bug, 'cluster'), about)
  expect(film.verdict.kind).toBe('violation')
  const { step } = film.verdict
  expect(step).toBe(film.steps.length - 1)
  const last = film.steps[step ?? 0]
  expect(last?.differences.map(({ path }) => path)).toContainEqual(
    expect.stringMatching(/^brokers\.b\d\.replicas\[\d\]\.logEndOffset$/),
  )
  for (const { path, model, subject } of last?.differences ?? []) expect([path, model]).not.toEqual([path, subject])
  const shown = last?.subject
  if (shown === null || shown === undefined || shown === 'same') throw new Error('the subject is not shown')
  expect(shown.raw).not.toEqual(last?.model.raw)
  for (const { subject, differences } of film.steps.slice(0, -1)) {
    expect([subject, differences]).toEqual(['same', []])
  }
  expectWhole(film)
})

test('a subject that throws, or is gone, leaves the model to look at', () => {
  const [, trace] = corpusTraces().find(([name]) => name === 'log-torn-tail.json') ?? []
  if (trace?.scope !== 'log') throw new Error('there is no such trace')
  const film = lockstepFilm(trace.setup, trace.operations, gone('log'), about)
  expect(film.verdict).toMatchObject({ kind: 'unknown', step: 1, sentence: expect.stringContaining('fell over') })
  expect(film.steps.length).toBe(trace.operations.length + 1)
  expect(film.steps.map(({ subject }) => subject)).toEqual(['same', ...trace.operations.map(() => null)])
  const alone = modelFilm(trace.setup, trace.operations, 'mine', 'it did not answer', about)
  expect(alone.steps.map(({ model }) => model)).toEqual(film.steps.map(({ model }) => model))
  expect(alone.steps[0]?.subject).toBeNull()
})

test('what a story says stands before the operation that it is about', () => {
  const film = storyFilm(storyNamed('zombie-commit.txt'), scopes.cluster.subject, about)
  expect(film.note).toMatch(/^A member that was silent for too long is a zombie:/)
  const commented = film.steps.flatMap(({ operation, comment }) => (comment === null ? [] : [[operation, comment]]))
  expect(commented).toContainEqual(['cut c1>b1', 'c1 commits, and its commit is held up.'])
  expect(film.steps[1]?.comment).toBeNull()
})

describe('what a component is asked to do is marked', () => {
  const marks = ({ steps }: Film) =>
    steps.slice(1).map(step => step.marks.map(({ lane, kind, text }) => [lane, kind, text]))
  const film = <S extends ScopeName>(scope: S, operations: TraceOf<S>['operations']) =>
    lockstepFilm(scopes[scope].plainSetup, operations, scopes[scope].subject, about)

  test('of a log, with the error that refuses it', () => {
    expect(
      marks(
        film('log', [
          { kind: 'truncate', offset: 0 },
          { kind: 'deleteRecords', offset: 5 },
        ]),
      ),
    ).toEqual([
      [['log', 'disk', 'truncate to 0']],
      [['log', 'act', 'delete records below 5, refused: OFFSET_OUT_OF_RANGE']],
    ])
  })

  test('of a producer, unless it does nothing', () => {
    const send = { kind: 'send', topic: 't', partition: 0, records: [{ key: null, value: 'a' }], draw: 0 } as const
    const session = { acks: 1, idempotent: false, partitioner: 'sticky', producerId: -1 } as const
    const operations = [send, { kind: 'disconnected', broker: 1 }, { kind: 'open', session }, send] as const
    expect(marks(film('producer', operations)).map(those => those.map(([, kind]) => kind))).toEqual([
      [],
      [],
      ['restart'],
      ['act'],
    ])
  })

  test('of a coordinator, unless it does nothing', () => {
    const operations = [
      { kind: 'replicated', count: 9 },
      { kind: 'failWrites', error: 'REQUEST_TIMED_OUT' },
      { kind: 'advance', ms: 5 },
      { kind: 'failover', kept: 0 },
    ] as const
    expect(marks(film('group', operations)).map(those => those.map(([, kind]) => kind))).toEqual([
      [],
      [],
      ['time'],
      ['crash'],
    ])
  })
})

test('hostile names and records are data like any other', () => {
  const evil = '</script><img src=x onerror=alert(1)>\u2028"\'`${'
  const group = lockstepFilm(
    scopes.group.plainSetup,
    [evil, 'coordinator', '__proto__', 'constructor'].map((name, id) => ({
      kind: 'request',
      client: name,
      request: { kind: 'LeaveGroup', correlationId: id, groupId: name, memberId: name, groupInstanceId: name },
    })),
    scopes.group.subject,
    about,
  )
  expect(group.lanes.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['coordinator', 'client coordinator', evil, '__proto__']),
  )
  expectWhole(group)
  const assignor = lockstepFilm(
    scopes.assignor.plainSetup,
    [
      { kind: 'setPartitionCount', topic: '__proto__', count: 1 },
      { kind: 'join', memberId: '__proto__', groupInstanceId: evil, topics: ['__proto__', evil] },
      { kind: 'assign', assignor: 'range' },
    ],
    scopes.assignor.subject,
    about,
  )
  expect(assignor.steps.at(-1)?.model.groups[0]?.members).toMatchObject([
    { memberId: '__proto__', owns: ['__proto__/0'] },
  ])
  expectWhole(assignor)
  const log = lockstepFilm(
    scopes.log.plainSetup,
    [
      {
        kind: 'append',
        leaderEpoch: 0,
        producerId: -1,
        producerEpoch: -1,
        baseSequence: -1,
        records: [{ key: '__proto__', value: '</script>', timestamp: 0 }],
      },
    ],
    scopes.log.subject,
    about,
  )
  expect(log.steps[1]?.model.nodes.log?.logs[0]?.records).toMatchObject([{ text: '__proto__="</script>"' }])
  expectWhole(log)
})

function filmOf<S extends ScopeName>({ scope, setup, operations }: TraceOf<S>): Film {
  return lockstepFilm(setup, operations, scopes[scope].subject, about)
}

/** A subject that starts, and is gone at its first operation. */
function gone(scope: 'log'): Subject<'log'> {
  return {
    name: 'gone',
    start: setup => {
      const side = scopes[scope].subject.start(setup)
      return {
        apply: () => {
          throw subjectGone('it fell over')
        },
        observe: () => side.observe(),
      }
    },
  }
}

/** It is packed without loss, and whatever it names is there. */
function expectWhole(film: Film): void {
  expect(unpacked(packed(asJson(film)))).toEqual(film)
  const lanes = film.lanes.map(({ name }) => name)
  expect(new Set(lanes).size).toBe(lanes.length)
  for (const { from, to, sent, ended } of film.messages) {
    expect(lanes).toContain(from)
    expect(lanes).toContain(to)
    for (const at of ended === null ? [sent] : [sent, ended]) {
      expect(at.moment).toBeLessThan(film.steps[at.step]?.moments ?? 0)
    }
  }
  for (const [index, { marks, model, moments }] of film.steps.entries()) {
    expect(moments).toBeGreaterThan(0)
    for (const { lane, at } of marks) {
      expect(lanes).toContain(lane)
      expect(at.step).toBe(index)
      expect(at.moment).toBeLessThan(moments)
    }
    for (const name of Object.keys(model.nodes)) expect(lanes).toContain(name)
    for (const { members, coordinator } of model.groups) {
      for (const lane of [coordinator, ...members.map(({ client }) => client)]) {
        if (lane !== null) expect(lanes).toContain(lane)
      }
    }
  }
}
