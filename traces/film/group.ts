// One group coordinator as a film: clients ask and are answered, some of them later; its log is what it could start from.
import { remembered } from '../../model/memo.ts'
import type { GroupLogRecord, GroupScopeObservation } from '../../model/vocabulary/groups.ts'
import { areEqual } from '../../properties/compare.ts'
import { operationLine } from '../render/operation.ts'
import { recordWord, shortened } from '../render/words.ts'
import { asJson, bareScene, type Drawn, type DrawnStep, sidesOf, startOf } from './drawn.ts'
import { fact } from './facts.ts'
import type { Lane, LogScene, Mark, MarkKind, Message, RecordScene, Scene } from './film.ts'
import { groupScene } from './group-scene.ts'
import { messageWords } from './message-words.ts'
import type { Recorded, RecordedStep } from './recorded.ts'
import { refusalIn, refusalOf } from './refusals.ts'

const lane = 'coordinator'

/** Draws a run of scope `group`. */
export function drawGroup({ start, steps }: Recorded<'group'>): Drawn {
  const clients = new Set(steps.flatMap(({ operation }) => (operation.kind === 'request' ? [operation.client] : [])))
  const lanes: readonly Lane[] = [
    { name: lane, kind: 'component' },
    ...[...clients].sort().map(name => ({ name: clientLane(name), kind: 'client' }) as const),
  ]
  return {
    lanes,
    start: startOf(scene(start)),
    steps: steps.map((step, index) => drawnStep(step, steps[index - 1]?.model.observation ?? start, index)),
    messages: steps.flatMap((step, index) => messagesOf(step, index + 1)),
  }
}

/** Clients may be called as they like, also as the coordinator is. */
function clientLane(client: string): string {
  return client === lane ? `client ${client}` : client
}

function drawnStep(step: RecordedStep<'group'>, before: GroupScopeObservation, index: number): DrawnStep {
  const { operation, model } = step
  // Time that does not go on, and writes that complete when there are none: nothing happens.
  const isIgnored = operation.kind !== 'failover' && areEqual(before, model.observation)
  const marks: readonly Mark[] =
    operation.kind === 'request' || isIgnored
      ? []
      : [
          {
            lane,
            at: { step: index + 1, moment: 0 },
            kind: kinds[operation.kind],
            text: operationLine('group', operation),
          },
        ]
  return {
    // First the request arrives, then answers go out.
    moments: 2,
    marks,
    ...sidesOf(step, scene),
    remark: null,
  }
}

const kinds = { advance: 'time', replicated: 'disk', failWrites: 'disk', failover: 'crash' } as const satisfies Record<
  string,
  MarkKind
>

function messagesOf({ operation, model }: RecordedStep<'group'>, step: number): readonly Message[] {
  const { responses } = model.outcome
  const asked: readonly Message[] = operation.kind === 'request' ? [request(operation, responses, step)] : []
  return [
    ...asked,
    ...responses.map(({ client, response }): Message => {
      const error = refusalIn(response)
      return {
        from: lane,
        to: clientLane(client),
        kind: response.kind,
        text: messageWords(response),
        value: asJson(response),
        sent: { step, moment: 1 },
        ended: { step, moment: 1 },
        fate: error === null ? 'delivered' : 'refused',
        why: error,
      }
    }),
  ]
}

function request(
  operation: Extract<RecordedStep<'group'>['operation'], { readonly kind: 'request' }>,
  responses: RecordedStep<'group'>['model']['outcome']['responses'],
  step: number,
): Message {
  const mine = responses.filter(({ client }) => client === operation.client).map(({ response }) => response)
  const error = refusalOf(operation.request, mine)
  return {
    from: clientLane(operation.client),
    to: lane,
    kind: operation.request.kind,
    text: messageWords(operation.request),
    value: asJson(operation.request),
    sent: { step, moment: 0 },
    ended: { step, moment: 0 },
    fate: error === null ? 'delivered' : 'refused',
    why: error,
  }
}

const scene: (observation: GroupScopeObservation) => Scene = remembered(observation => {
  const { now, groups, outstanding } = observation
  const facts = [fact('clock', `${now} ms`), fact('writes that are not replicated', outstanding.length)]
  return {
    ...bareScene(asJson(observation)),
    nodes: { [lane]: { status: 'up', facts, logs: [logScene(observation)] } },
    groups: groups.map(group => {
      const { members, ...rest } = groupScene(group, null)
      const named = members.map(member => ({ ...member, client: member.client && clientLane(member.client) }))
      return { ...rest, members: named }
    }),
  }
})

/** What is replicated stands below the high watermark, what is not above it. */
function logScene({ log, outstanding }: GroupScopeObservation): LogScene {
  const records = [...log, ...outstanding.flat()]
  return {
    title: 'offsets log',
    role: 'leader',
    facts: [],
    leaderEpoch: 0,
    logStartOffset: 0,
    highWatermark: log.length,
    logEndOffset: records.length,
    syncedOffset: null,
    records: records.map(recordScene),
  }
}

function recordScene(record: GroupLogRecord, offset: number): RecordScene {
  const details = `offset ${offset}\nkey ${JSON.stringify(record.key)}\nvalue ${JSON.stringify(record.value)}`
  return { offset, leaderEpoch: 0, text: shortened(recordWord(record), 60), details }
}
