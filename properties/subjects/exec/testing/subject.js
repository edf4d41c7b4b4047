// A subject in another process, for tests: plain JavaScript that wraps our own implementation, and that can be told to be
// wrong, or to misbehave. `node subject.js [FAULT]`.
import { createInterface } from 'node:readline'
import { scopes } from '../../../scopes.ts'

const fault = process.argv[2] ?? 'none'
const lines = createInterface({ input: process.stdin })
let side = null
let scope = ''
let count = 0

lines.on('line', line => {
  const request = JSON.parse(line)
  const answer = wrapped(request)
  count++
  const odd = misbehaviours[fault]
  if (odd === undefined) say(answer)
  else odd(answer, request)
})

function say(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}

function wrapped({ kind, id, scope: name, setup, operation }) {
  switch (kind) {
    case 'hello':
      return { kind, id, version: 1, name: 'wrapped', scopes: declarations[fault] ?? everything }
    case 'start':
      if (fault === 'declines compaction' && setup.config.cleanupPolicy.includes('compact')) {
        return { kind: 'declined', id, reason: 'no compaction' }
      }
      scope = name
      side = scopes[scope].subject.start(setup)
      return { kind: 'started', id }
    case 'apply': {
      const shown = (declarations[fault] ?? everything)[scope].observation
      if (declined[fault]?.includes(operation.kind)) {
        // It is carried out all the same: what is declined is to say what it answers.
        side.apply(operation)
        return { kind: 'declined', id, reason: 'not here' }
      }
      const outcome = wrong(operation, side.apply(operation))
      const observation = side.observe()
      if (shown === undefined) return { kind: 'applied', id, outcome, observation }
      return {
        kind: 'applied',
        id,
        outcome,
        observation: Object.fromEntries(shown.map(field => [field, observation[field]])),
      }
    }
  }
}

const everything = { log: {}, partitioner: {}, assignor: {}, producer: {}, group: {}, cluster: {} }

const declarations = {
  'small log': { log: { operations: ['append', 'read', 'truncate'], observation: ['logEndOffset'] } },
  'wrong small log': { log: { operations: ['append', 'read', 'truncate'], observation: [] } },
  'small partitioner': { partitioner: { operations: ['choose'] } },
  dies: { log: {}, partitioner: {}, group: {} },
  'declines compaction': { log: {} },
  'declines reads': { log: {} },
  'declines appends': { log: {} },
  'declines everything': { partitioner: { operations: ['newBatch'], observation: [] } },
}

const declined = {
  'declines reads': ['read', 'listOffsets'],
  'declines appends': ['append'],
  'declines everything': ['newBatch'],
}

function wrong(operation, outcome) {
  if (fault === 'wrong small log' && operation.kind === 'read' && outcome.kind === 'batches') {
    return { ...outcome, batches: outcome.batches.slice(1) }
  }
  if (fault === 'wrong' && outcome.kind === 'chosen' && operation.key !== null && operation.given === null) {
    return { kind: 'chosen', partition: (outcome.partition + 1) % operation.partitionCount }
  }
  return outcome
}

// Each gets the right answer, and does something else with it. It behaves until a run is under way.
const behaves = 20
const later = odd => (answer, request) => (count > behaves ? odd(answer, request) : say(answer))
let held = null

const misbehaviours = {
  'hangs at hello': () => {},
  'hangs at start': (answer, { kind }) => (kind === 'start' ? undefined : say(answer)),
  hangs: later(() => {}),
  slow: later(answer => setTimeout(() => say(answer), 5)),
  dies: later(answer => {
    process.stderr.write('Traceback: index out of range\n')
    process.exit(answer.id > 0 ? 7 : 0)
  }),
  banner: answer => {
    if (count === 1) process.stdout.write('Welcome to my log!\n')
    say(answer)
  },
  junk: later(() => process.stdout.write('segfault in batch 7\n')),
  'half a line': later(answer => process.stdout.write(JSON.stringify(answer))),
  'many lines': later(answer => process.stdout.write(JSON.stringify(answer, null, 1))),
  'dies in a line': later(answer => {
    process.stdout.write(JSON.stringify(answer).slice(0, 20), () => process.exit(0))
  }),
  buffers: answer => {
    held ??= []
    held.push(answer)
    if (held.length === 1) lines.on('close', () => held.forEach(say))
  },
  'answers twice': later(answer => process.stdout.write(`${JSON.stringify(answer)}\n`.repeat(2))),
  'out of order': later(answer => say({ ...answer, id: answer.id - 1 })),
  'without an id': later(({ id: _, ...answer }) => say(answer)),
  'another version': answer => say({ ...answer, version: 2 }),
  'unknown scope': answer => say(answer.kind === 'hello' ? { ...answer, scopes: { quorum: {} } } : answer),
  'wrong shape': later(answer => say(answer.kind === 'applied' ? { ...answer, outcome: { kind: 'chosen' } } : answer)),
  'wrong kind': later(answer => say({ ...answer, kind: 'done' })),
  'a long line': later(() => {
    const piece = ' '.repeat(2 ** 20)
    for (let written = 0; written < 17; written++) process.stdout.write(piece)
  }),
  'no text': later(() => process.stdout.write(Buffer.from([0xff, 0xfe, 10]))),
  'stays when it should end': answer => {
    setInterval(() => {}, 1000)
    say(answer)
  },
}
