// One producer as a film. The sequence plays the brokers: when a request reaches its broker is not said, so it arrives where it
// is answered.
import { remembered } from '../../model/memo.ts'
import type { ProducerObservation } from '../../model/vocabulary/clients.ts'
import { areEqual } from '../../properties/compare.ts'
import { completions } from '../render/client-changes.ts'
import { operationLine } from '../render/operation.ts'
import { producerNode } from './client-scenes.ts'
import { asJson, bareScene, type Drawn, sidesOf, startOf } from './drawn.ts'
import type { Lane, Mark, MarkKind, Message, Moment, Scene } from './film.ts'
import { messageWords } from './message-words.ts'
import type { Recorded, RecordedStep } from './recorded.ts'
import { refusalIn } from './refusals.ts'

const lane = 'producer'

/** Draws a run of scope `producer`. */
export function drawProducer({ setup, start, steps }: Recorded<'producer'>): Drawn {
  const messages: Message[] = []
  for (const [index, step] of steps.entries()) exchange(step, index + 1, messages)
  const brokers = Array.from({ length: setup.brokers }, (_, id): Lane => ({ name: `b${id + 1}`, kind: 'broker' }))
  const strangers = new Set(messages.flatMap(({ from, to }) => [from, to]))
  for (const { name } of [{ name: lane }, ...brokers]) strangers.delete(name)
  return {
    lanes: [
      { name: lane, kind: 'producer' },
      ...brokers,
      ...[...strangers].sort().map((name): Lane => ({ name, kind: 'broker' })),
    ],
    start: startOf(scene(start)),
    steps: steps.map((step, index) => ({
      moments: step.operation.kind === 'respond' ? 2 : 1,
      marks: marksOf(step, steps[index - 1]?.model.observation ?? start, index + 1),
      ...sidesOf(step, scene),
      remark: null,
    })),
    messages,
  }
}

/** An answer arrives, or a connection breaks, and then requests go out. */
function exchange({ operation, model }: RecordedStep<'producer'>, step: number, messages: Message[]): void {
  const isAnswer = operation.kind === 'respond'
  const now: Moment = { step, moment: isAnswer ? 1 : 0 }
  if (isAnswer) {
    const { broker, response } = operation
    const error = refusalIn(response)
    const open = messages.findIndex(
      ({ to, fate, value }) => fate === 'waiting' && to === `b${broker}` && idOf(value) === response.correlationId,
    )
    const end = { ended: { step, moment: 0 }, fate: error === null ? 'delivered' : 'refused', why: error } as const
    messages.splice(open, open < 0 ? 0 : 1, ...messages.slice(open, open + 1).map(asked => ({ ...asked, ...end })))
    messages.push({
      from: `b${broker}`,
      to: lane,
      kind: response.kind,
      text: messageWords(response),
      value: asJson(response),
      sent: { step, moment: 0 },
      ended: now,
      fate: end.fate,
      why: error,
    })
  }
  if (operation.kind === 'disconnected') {
    for (const [index, message] of messages.entries()) {
      if (message.fate !== 'waiting' || message.to !== `b${operation.broker}`) continue
      messages[index] = { ...message, ended: now, fate: 'lost', why: 'its connection broke' }
    }
  }
  for (const { broker, request } of model.outcome.requests) {
    messages.push({
      from: lane,
      to: `b${broker}`,
      kind: request.kind,
      text: messageWords(request),
      value: asJson(request),
      sent: now,
      ended: null,
      fate: 'waiting',
      why: null,
    })
  }
}

function idOf(value: Message['value']): unknown {
  return typeof value === 'object' && value !== null && 'correlationId' in value ? value.correlationId : null
}

function marksOf(
  { operation, model }: RecordedStep<'producer'>,
  before: ProducerObservation,
  step: number,
): readonly Mark[] {
  const at = { step, moment: operation.kind === 'respond' ? 1 : 0 }
  const done = completions('', before, model.observation).map(text => text.replace(/^: /, ''))
  const own: readonly Omit<Mark, 'at'>[] =
    operation.kind === 'respond' || isIgnored(operation, before, model.observation)
      ? []
      : [{ lane, kind: kinds[operation.kind], text: operationLine('producer', operation) }]
  return [...own, ...done.map(text => ({ lane, kind: 'act', text }) as const)].map(mark => ({ ...mark, at }))
}

/** A closed producer takes no records, and who waits for nothing does not hear of a broken connection. */
function isIgnored(
  { kind }: RecordedStep<'producer'>['operation'],
  before: ProducerObservation,
  after: ProducerObservation,
): boolean {
  return kind !== 'open' && areEqual(before, after)
}

const kinds = { open: 'restart', send: 'act', disconnected: 'cut', advance: 'time' } as const satisfies Record<
  string,
  MarkKind
>

const scene: (observation: ProducerObservation) => Scene = remembered(observation => ({
  ...bareScene(asJson(observation)),
  nodes: { [lane]: producerNode(observation) },
}))
