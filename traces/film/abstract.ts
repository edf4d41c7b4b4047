// A trace of an abstract specification as a film: there is one side only, no disks and no clients, and followers look straight
// into their leader's log. What is sent are the controller's requests, of which none is ever lost.
import { type AbstractVerdict, replayAbstract } from '../../properties/explore/replay.ts'
import { boundSettings, specOf } from '../../properties/explore/specs.ts'
import type { AbstractOperation, AbstractState, AbstractValue } from '../../properties/explore/told.ts'
import { memberName, operationLine } from '../../properties/explore/told.ts'
import type { AbstractTrace } from '../abstract.ts'
import { counted } from '../render/failure.ts'
import { listed } from '../render/words.ts'
import { asJson } from './drawn.ts'
import { fact } from './facts.ts'
import type { Film, FilmVerdict, Lane, LogScene, Mark, Message, NodeScene, RecordScene, Scene, Step } from './film.ts'
import type { About } from './lockstep.ts'
import { setupFacts } from './setup-facts.ts'

const controller = 'ctl'
const title = 'partition'

/** Draws a trace of a specification; null when an operation does not apply where it stands. */
export function abstractFilm(
  { setup, operations, expect }: AbstractTrace,
  { comments: _, ...about }: About,
): Film | null {
  const invariants = 'claim' in expect && expect.claim !== undefined ? [expect.claim] : null
  const { verdict, changes, states } = replayAbstract(specOf({ ...setup, invariants }), operations)
  if (verdict.kind === 'impossible') return null
  const replicas = replicasOf(states[0])
  const lanes: readonly Lane[] = [
    { name: controller, kind: 'controller' },
    ...replicas.map((name): Lane => ({ name, kind: 'broker' })),
  ]
  return {
    format: 'kafka-lockstep-film',
    version: 1,
    scope: setup.scope,
    ...about,
    subject: null,
    setup: setupFacts(setup),
    verdict: verdictOf(verdict, changes.length, setup),
    lanes,
    steps: states.map((state, index): Step => {
      const operation = operations[index - 1]
      return {
        operation: operation === undefined ? 'start' : operationLine(operation),
        did: changes[index - 1] ?? [],
        comment: null,
        moments: 1,
        marks: operation === undefined ? [] : marksOf(operation, states[index - 1], state, index, replicas),
        model: sceneOf(state, replicas),
        subject: null,
        outcome: { model: null, subject: null },
        differences: [],
      }
    }),
    messages: [...controllersRequests(states, replicas), ...copies(operations.slice(0, changes.length))].sort(
      (a, b) => a.sent.step - b.sent.step,
    ),
  }
}

function verdictOf(
  verdict: Exclude<AbstractVerdict, { readonly kind: 'impossible' }>,
  count: number,
  { spec, bounds }: AbstractTrace['setup'],
): FilmVerdict {
  const settings = [`spec=${spec}`, ...boundSettings(bounds)]
  if (verdict.kind === 'agree') {
    const told = `every invariant of ${spec} holds after ${counted(count, 'operation')}`
    return { kind: 'agree', title: told, sentence: '', settings, step: null }
  }
  const { invariant, sentence, step } = verdict
  return { kind: 'violation', title: invariant, sentence, settings, step: step + 1 }
}

function replicasOf(state: AbstractState | undefined): readonly string[] {
  const count = [...(state?.keys() ?? [])].filter(path => /^replicas\[\d+\]\.logEndOffset$/.test(path)).length
  return Array.from({ length: count }, (_, member) => memberName(member))
}

/** What happens to whom: the controller decides, or a member does something. */
function marksOf(
  operation: AbstractOperation,
  before: AbstractState | undefined,
  after: AbstractState,
  step: number,
  replicas: readonly string[],
): readonly Mark[] {
  const { kind } = operation
  const isDecision = kind.startsWith('Controller')
  const actor = kind.startsWith('Follower')
    ? operation.follower
    : (operation.replica ?? operation.leader ?? operation.follower)
  const lane = isDecision ? controller : typeof actor === 'string' ? actor : controller
  const at = { step, moment: 0 }
  const isElection = isDecision || kind === 'BecomeLeader'
  const cut = replicas.flatMap((name, member): readonly Mark[] => {
    const [was, is] = [before, after].map(state => numberAt(state, `replicas[${member}].logEndOffset`))
    return was === undefined || is === undefined || was <= is
      ? []
      : [{ lane: name, at, kind: 'disk', text: `cuts its log from ${was} to ${is}` }]
  })
  return [{ lane, at, kind: isElection ? 'election' : 'act', text: operationLine(operation) }, ...cut]
}

/** A request for each epoch and replica: under way until the replica goes on to that epoch, and gone if it goes on past it. */
function controllersRequests(states: readonly AbstractState[], replicas: readonly string[]): readonly Message[] {
  const found: Message[] = []
  for (const [step, state] of states.entries()) {
    const before = numberAt(states[step - 1] ?? state, 'nextLeaderEpoch')
    for (let epoch = before; epoch < numberAt(state, 'nextLeaderEpoch'); epoch += 1) {
      const request = {
        leader: state.get(`requests[${epoch}].leader`),
        inSyncReplicas: state.get(`requests[${epoch}].inSyncReplicas`),
      }
      const text = `epoch ${epoch}, leader ${request.leader ?? 'none'}, in sync ${inWords(request.inSyncReplicas)}`
      for (const [member, to] of replicas.entries()) {
        const epochs = states.map(one => numberAt(one, `replicas[${member}].leaderEpoch`))
        const arrived = epochs.findIndex((one, at) => at >= step && one === epoch)
        if (arrived < 0 && (epochs.at(-1) ?? -1) > epoch) continue
        found.push({
          from: controller,
          to,
          kind: 'LeaderAndIsr',
          text,
          value: asJson({ leaderEpoch: epoch, ...request }),
          sent: { step, moment: 0 },
          ended: arrived < 0 ? null : { step: arrived, moment: 0 },
          fate: arrived < 0 ? 'waiting' : 'delivered',
          why: null,
        })
      }
    }
  }
  return found
}

/** Where a follower looks into its leader's log, an arrow says so. */
function copies(operations: readonly AbstractOperation[]): readonly Message[] {
  return operations.flatMap((operation, index): readonly Message[] => {
    const { kind, leader, follower } = operation
    if (!kind.startsWith('Follower') || typeof leader !== 'string' || typeof follower !== 'string') return []
    const at = { step: index + 1, moment: 0 }
    const value = asJson(operation)
    return [{ from: leader, to: follower, kind, text: '', value, sent: at, ended: at, fate: 'delivered', why: null }]
  })
}

function sceneOf(state: AbstractState, replicas: readonly string[]): Scene {
  const nodes: Record<string, NodeScene> = {
    [controller]: { status: 'up', facts: [fact('next epoch', numberAt(state, 'nextLeaderEpoch'))], logs: [] },
  }
  for (const [member, name] of replicas.entries()) nodes[name] = nodeOf(state, member, name)
  const leader = state.get('quorum.leader')
  return {
    nodes,
    partitions: [
      {
        title,
        leader: typeof leader === 'string' ? leader : null,
        leaderEpoch: numberAt(state, 'quorum.leaderEpoch'),
        replicas,
        inSyncReplicas: namesIn(state.get('quorum.inSyncReplicas')),
      },
    ],
    groups: [],
    cuts: [],
    raw: asJson(Object.fromEntries(state)),
  }
}

function nodeOf(state: AbstractState, member: number, name: string): NodeScene {
  const at = (field: string): number => numberAt(state, `replicas[${member}].${field}`)
  const leader = state.get(`replicas[${member}].leader`) ?? null
  const logEndOffset = at('logEndOffset')
  const records = Array.from({ length: logEndOffset }, (_, offset): RecordScene => {
    const id = at(`log[${offset}].id`)
    const leaderEpoch = at(`log[${offset}].leaderEpoch`)
    const details = `offset ${offset}\nepoch ${leaderEpoch}\nrecord ${id}`
    return { offset, leaderEpoch, text: `#${id}`, details }
  })
  const log: LogScene = {
    title,
    role: leader === null ? 'none' : leader === name ? 'leader' : 'follower',
    facts: [
      fact('believes in leader', inWords(leader)),
      fact('epoch', at('leaderEpoch')),
      fact('in sync', inWords(state.get(`replicas[${member}].inSyncReplicas`))),
    ],
    leaderEpoch: at('leaderEpoch'),
    logStartOffset: 0,
    highWatermark: at('highWatermark'),
    logEndOffset,
    syncedOffset: null,
    records,
  }
  return { status: 'up', facts: [], logs: [log] }
}

function numberAt(state: AbstractState | undefined, path: string): number {
  const value = state?.get(path)
  return typeof value === 'number' ? value : -1
}

function namesIn(value: AbstractValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function inWords(value: AbstractValue | undefined): string {
  return Array.isArray(value) ? listed(value.map(String)) : String(value ?? 'none')
}
