// Who asks a live broker what, and who is answered: as the messages of a film.
import type { ServiceOperation, ServiceOutcome } from '../../model/vocabulary/service.ts'
import { outcomeText, serviceLine } from '../render/service.ts'
import { shortened } from '../render/words.ts'
import { asJson } from './drawn.ts'
import type { Lane, Message } from './film.ts'
import { isRefusalName } from './refusals.ts'

export const brokerLane = 'broker'
/** Administration, and reading without a group, need no name. */
const anybody: Lane = { name: 'client', kind: 'client' }
const wordsMost = 80

/** Which client asks. */
export function askerOf(operation: ServiceOperation): Lane {
  if ('client' in operation) return { name: operation.client, kind: 'consumer' }
  if (operation.kind === 'initProducer') return { name: operation.producer, kind: 'producer' }
  if (operation.kind === 'produce' && operation.stamp !== null)
    return { name: operation.stamp.producer, kind: 'producer' }
  return anybody
}

/** Kafka's name of what is asked. */
const requests: { readonly [Kind in ServiceOperation['kind']]: string } = {
  createTopic: 'CreateTopics',
  deleteTopic: 'DeleteTopics',
  createPartitions: 'CreatePartitions',
  describeTopic: 'Metadata',
  describeConfig: 'DescribeConfigs',
  alterConfig: 'IncrementalAlterConfigs',
  initProducer: 'InitProducerId',
  produce: 'Produce',
  fetch: 'Fetch',
  readAll: 'Fetch',
  listOffsets: 'ListOffsets',
  deleteRecords: 'DeleteRecords',
  endOffsetForEpoch: 'OffsetForLeaderEpoch',
  join: 'JoinGroup',
  sync: 'SyncGroup',
  heartbeat: 'Heartbeat',
  leave: 'LeaveGroup',
  commit: 'OffsetCommit',
  committed: 'OffsetFetch',
  deleteOffset: 'OffsetDelete',
  describeGroup: 'DescribeGroups',
  listGroups: 'ListGroups',
  deleteGroup: 'DeleteGroups',
  lapse: 'silence',
}

const answersTo = {
  join: 'JoinGroup',
  sync: 'SyncGroup',
  heartbeat: 'Heartbeat',
  leave: 'LeaveGroup',
  commit: 'OffsetCommit',
} as const

/** The request, and what was answered to whom; a join that waits is answered by a later operation. */
export function serviceMessages(
  operation: ServiceOperation,
  outcome: ServiceOutcome | null,
  step: number,
): readonly Message[] {
  // Nothing is sent by a client that is silent, or by one that has nothing to do.
  if (operation.kind === 'lapse' || outcome?.kind === 'nothing')
    return outcome === null ? [] : answers(operation, outcome, step)
  const { name } = askerOf(operation)
  const error = outcome === null ? null : errorTo(name, outcome)
  const at = { step, moment: 0 }
  const asked: Message = {
    from: name,
    to: brokerLane,
    kind: requests[operation.kind],
    text: shortened(serviceLine(operation), wordsMost),
    value: asJson(operation),
    sent: at,
    ended: at,
    fate: error === null ? 'delivered' : 'refused',
    why: error,
  }
  return outcome === null ? [asked] : [asked, ...answers(operation, outcome, step)]
}

/** The error that refuses whoever asked. */
function errorTo(asker: string, outcome: ServiceOutcome): string | null {
  if (outcome.kind === 'error') return refused(outcome.error)
  if (outcome.kind !== 'answers') return null
  return refused(outcome.answers.find(({ client }) => client === asker)?.error ?? 'NONE')
}

function refused(error: string): string | null {
  return isRefusalName(error) ? error : null
}

function answers(operation: ServiceOperation, outcome: ServiceOutcome, step: number): readonly Message[] {
  const at = { step, moment: 1 }
  const answer = (to: string, kind: string, error: string | null, text: string, value: unknown): Message => ({
    from: brokerLane,
    to,
    kind: `${kind}Response`,
    text: shortened(text, wordsMost),
    value: asJson(value),
    sent: at,
    ended: at,
    fate: error === null ? 'delivered' : 'refused',
    why: error,
  })
  switch (outcome.kind) {
    case 'nothing':
    case 'sent':
      return []
    case 'answers':
      return outcome.answers.map(one =>
        answer(
          one.client,
          answersTo[one.to],
          refused(one.error),
          outcomeText({ kind: 'answers', answers: [one] }),
          one,
        ),
      )
    default: {
      const { name } = askerOf(operation)
      return [answer(name, requests[operation.kind], errorTo(name, outcome), outcomeText(outcome), outcome)]
    }
  }
}
