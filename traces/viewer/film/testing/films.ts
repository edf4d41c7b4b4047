// Films that nobody ran: for tests of what must be drawn whatever is in a film, and how fast.
import type { Film, LogScene, Message, MessageFate, NodeScene, Scene, Step } from '../../../film/film.ts'

/** A film of a few steps in which everything occurs: each fate, each mark, a truncation, a group, a divergence at step 3. */
export function smallFilm(changes: Partial<Film> = {}): Film {
  const before = scene({ b1: log('t/0', 'leader', 0, ['a', 'b']), b2: log('t/0', 'follower', 0, ['a', 'b']) })
  const cut = scene({ b1: null, b2: log('t/0', 'leader', 1, ['a']) })
  const model = scene({ b1: log('t/0', 'follower', 1, ['a', 'c']), b2: log('t/0', 'leader', 1, ['a', 'c']) })
  const subject = scene({ b1: log('t/0', 'follower', 1, ['a', 'b']), b2: log('t/0', 'leader', 1, ['a', 'c']) })
  return {
    format: 'kafka-lockstep-film',
    version: 1,
    scope: 'cluster',
    name: 'small.json',
    note: 'A note\nof two lines.',
    origin: 'seed 1, run 2',
    subject: 'impl',
    setup: [{ name: 'brokers', value: '2' }],
    verdict: {
      kind: 'violation',
      title: 'L1 acknowledged means kept',
      sentence: 'offset 1 of t/0 was acknowledged, and b1 has another record there',
      settings: ['acks=all', 'min.insync.replicas=2'],
      step: 3,
    },
    replay: 'npx lockstep replay traces/found/small.json',
    lanes: [
      { name: 'ctl', kind: 'controller' },
      { name: 'b1', kind: 'broker' },
      { name: 'b2', kind: 'broker' },
      { name: 'p1', kind: 'producer' },
    ],
    steps: [
      step('start', scene({})),
      step('send p1 t/0 a b', before, { moments: 4, did: ['p1: acknowledged'], comment: 'Two records.' }),
      step('crash b1', cut, {
        marks: [
          { lane: 'b1', at: { step: 2, moment: 0 }, kind: 'crash', text: 'crashes' },
          { lane: 'ctl', at: { step: 2, moment: 0 }, kind: 'election', text: 'b2 leads' },
        ],
      }),
      step('settle', model, {
        moments: 6,
        subject,
        marks: [{ lane: 'b1', at: { step: 3, moment: 0 }, kind: 'restart', text: 'restarts' }],
        differences: [{ path: 'nodes.b1.logs[0].records[1].text', model: 'c', subject: 'b' }],
      }),
      step('advance 10', model),
    ],
    messages: [
      message('p1', 'b1', [1, 0], [1, 1], 'delivered'),
      message('b2', 'b1', [1, 1], [1, 2], 'refused'),
      message('b1', 'p1', [1, 2], [2, 0], 'lost'),
      message('b1', 'b2', [1, 2], [3, 3], 'late'),
      message('b2', 'ctl', [3, 4], null, 'waiting'),
    ],
    ...changes,
  }
}

/** A long one: every second operation is a `settle` of many messages, and all logs grow. */
export function longFilm(operations: number, brokers: number, partitions: number): Film {
  const names = Array.from({ length: brokers }, (_, index) => `b${index + 1}`)
  const messages: Message[] = []
  const steps: Step[] = [step('start', scene({}))]
  for (let index = 1; index <= operations; index++) {
    const settles = index % 2 === 0
    const moments = settles ? 10 + ((index * 7) % 90) : 1
    const logs = Object.fromEntries(
      names.map((name, place) => [
        name,
        Array.from({ length: partitions }, (_, partition) =>
          growing(`t/${partition}`, place === 0, Math.floor((index + partitions - partition) / partitions)),
        ),
      ]),
    )
    steps.push(
      step(settles ? 'settle' : `send p1 t/${index % partitions} value-${index}`, sceneOf(logs), {
        moments,
        did: [`b1 t/0: log end ${index}`],
      }),
    )
    for (let moment = 0; settles && moment + 1 < moments; moment++) {
      const from = names[moment % brokers] ?? 'b1'
      const to = names[(moment + 1 + (index % Math.max(1, brokers - 1))) % brokers] ?? 'b1'
      const fate: MessageFate = moment % 17 === 5 ? 'lost' : moment % 23 === 7 ? 'refused' : 'delivered'
      messages.push(message(from, to, [index, moment], [index, moment + 1], fate))
    }
  }
  const lanes = [
    { name: 'ctl', kind: 'controller' } as const,
    ...names.map(name => ({ name, kind: 'broker' }) as const),
    { name: 'p1', kind: 'producer' } as const,
  ]
  return { ...smallFilm(), name: 'long.json', lanes, steps, messages, verdict: agreement(operations) }
}

/** Nothing but a start. */
export function emptyFilm(): Film {
  return smallFilm({
    steps: [step('start', scene({}))],
    messages: [],
    lanes: [],
    verdict: agreement(0),
    replay: null,
    subject: null,
    setup: [],
    note: null,
  })
}

/** Text that would do harm, wherever a text can be. */
export const hostileTexts: readonly string[] = [
  '</script><script>globalThis.harmed = 1</script>',
  '<img src=x onerror="globalThis.harmed = 2">',
  '"><svg onload="globalThis.harmed = 3">',
  'javascript:globalThis.harmed=4',
  'invoice\u202Efdp.exe',
  'bell\u0007 null\u0000 line\nfeed',
  'zero\u200Bwidth \uFEFF lone \uD800',
  'x'.repeat(3000),
  '<!--',
  '__proto__',
]

/** The small film with such text in every name, record, fact and value. */
export function hostileFilm(): Film {
  let count = 0
  const harm = (): string => hostileTexts[count++ % hostileTexts.length] ?? ''
  const film = smallFilm()
  const broker = `${harm()}${harm()}`
  const bad = (partition: string): LogScene => ({
    ...log(partition, 'leader', 0, []),
    logEndOffset: hostileTexts.length,
    facts: [{ name: harm(), value: harm() }],
    records: hostileTexts.map((text, offset) => ({ offset, leaderEpoch: 0, text, details: text })),
  })
  const bads = (): Scene => ({
    ...sceneOf({ [broker]: [bad(harm())] }),
    partitions: [{ title: harm(), leader: broker, leaderEpoch: 0, replicas: hostileTexts, inSyncReplicas: [harm()] }],
    groups: [
      {
        group: harm(),
        coordinator: broker,
        state: harm(),
        generationId: 1,
        protocol: harm(),
        members: [
          {
            memberId: harm(),
            client: harm(),
            groupInstanceId: harm(),
            isLeader: true,
            owns: hostileTexts,
            waitsFor: harm(),
          },
        ],
        offsets: [{ name: harm(), value: harm() }],
      },
    ],
    cuts: hostileTexts,
    raw: Object.fromEntries(hostileTexts.map(text => [text, hostileTexts])),
  })
  return {
    ...film,
    name: harm(),
    note: harm(),
    origin: harm(),
    subject: harm(),
    setup: hostileTexts.map(text => ({ name: text, value: text })),
    verdict: { kind: 'violation', title: hostileTexts.join(' '), sentence: harm(), settings: hostileTexts, step: 1 },
    lanes: [...hostileTexts, broker].map(name => ({ name, kind: 'broker' })),
    steps: [
      step(harm(), bads()),
      step(hostileTexts.join(' '), bads(), {
        did: hostileTexts,
        comment: hostileTexts.join(' '),
        subject: bads(),
        marks: hostileTexts.map(text => ({ lane: broker, at: { step: 1, moment: 0 }, kind: 'act', text })),
        outcome: { model: hostileTexts, subject: [...hostileTexts, 1] },
        differences: hostileTexts.map(text => ({ path: text, model: text, subject: hostileTexts })),
      }),
    ],
    messages: hostileTexts.map(text => ({
      ...message(broker, text, [1, 0], null, 'lost'),
      kind: text,
      text,
      value: { [text]: text },
      why: text,
    })),
  }
}

export function step(operation: string, model: Scene, changes: Partial<Step> = {}): Step {
  const outcome = { model: { kind: 'done' }, subject: { kind: 'done' } }
  return {
    operation,
    did: [],
    comment: null,
    moments: 1,
    marks: [],
    model,
    subject: 'same',
    outcome,
    differences: [],
    ...changes,
  }
}

export function log(title: string, role: LogScene['role'], leaderEpoch: number, texts: readonly string[]): LogScene {
  return {
    title,
    role,
    facts: [{ name: 'epoch', value: `${leaderEpoch}` }],
    leaderEpoch,
    logStartOffset: 0,
    highWatermark: Math.max(0, texts.length - 1),
    logEndOffset: texts.length,
    syncedOffset: 0,
    records: texts.map((text, offset) => record(offset, offset === 0 ? 0 : leaderEpoch, text)),
  }
}

export function message(
  from: string,
  to: string,
  [sentStep, sentMoment]: readonly [number, number],
  ended: readonly [number, number] | null,
  fate: MessageFate,
): Message {
  return {
    from,
    to,
    kind: 'Fetch',
    text: 't/0 from 1',
    value: { kind: 'Fetch', offset: 1 },
    sent: { step: sentStep, moment: sentMoment },
    ended: ended === null ? null : { step: ended[0], moment: ended[1] },
    fate,
    why: fate === 'refused' ? 'FENCED_LEADER_EPOCH' : null,
  }
}

export function record(offset: number, leaderEpoch: number, text: string) {
  return { offset, leaderEpoch, text, details: `offset ${offset}\nepoch ${leaderEpoch}\nvalue ${text}` }
}

function agreement(operations: number): Film['verdict'] {
  return {
    kind: 'agree',
    title: `the sides agree after ${operations} operations`,
    sentence: '',
    settings: [],
    step: null,
  }
}

/** Equal logs are the same objects, as they are in a film that was unpacked. */
const grown = new Map<string, LogScene>()

function growing(title: string, leads: boolean, end: number): LogScene {
  const name = `${title} ${leads} ${end}`
  const known = grown.get(name)
  if (known !== undefined) return known
  const texts = Array.from({ length: end }, (_, offset) => `k${offset % 7}=v${offset}`)
  const made = {
    ...log(title, leads ? 'leader' : 'follower', 3, texts),
    records: texts.map((text, offset) => record(offset, Math.floor(offset / 9), text)),
  }
  grown.set(name, made)
  return made
}

function scene(logs: { readonly [lane: string]: LogScene | null }): Scene {
  return sceneOf(Object.fromEntries(Object.entries(logs).map(([lane, one]) => [lane, one === null ? null : [one]])))
}

function sceneOf(logs: { readonly [lane: string]: readonly LogScene[] | null }): Scene {
  const nodes: Record<string, NodeScene> = {}
  for (const [lane, held] of Object.entries(logs)) {
    nodes[lane] = { status: held === null ? 'down' : 'up', facts: [{ name: 'clock', value: '0 ms' }], logs: held ?? [] }
  }
  const all = Object.entries(logs).flatMap(([lane, held]) => (held ?? []).map(one => ({ lane, log: one })))
  const titles = [...new Set(all.map(one => one.log.title))]
  const names = Object.keys(logs)
  const partitions = titles.map(title => {
    const leader = all.find(one => one.log.title === title && one.log.role === 'leader')
    return {
      title,
      leader: leader?.lane ?? null,
      leaderEpoch: leader?.log.leaderEpoch ?? 0,
      replicas: names,
      inSyncReplicas: names,
    }
  })
  const members = names.length === 0 ? [] : [member('c1-1', titles)]
  const groups = members.length === 0 ? [] : [group(members)]
  return {
    nodes,
    partitions,
    groups,
    cuts: [],
    raw: { nodes: Object.fromEntries(all.map(({ lane, log: one }) => [lane, { end: one.logEndOffset }])) },
  }
}

function group(members: Scene['groups'][number]['members']): Scene['groups'][number] {
  return { group: 'g', coordinator: 'b1', state: 'Stable', generationId: 1, protocol: 'range', members, offsets: [] }
}

function member(memberId: string, owns: readonly string[]): Scene['groups'][number]['members'][number] {
  return { memberId, client: 'c1', groupInstanceId: null, isLeader: true, owns, waitsFor: null }
}
