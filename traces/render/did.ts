// What one operation did, as short texts: for the right-hand column of a failure and the answer of a replay.
import type { PartitionerOutcome } from '../../model/vocabulary/choosing.ts'
import type { LogObservation, LogOutcome } from '../../model/vocabulary/log.ts'
import type { ScopeName, Scopes } from '../../properties/verdict.ts'
import { completions } from './client-changes.ts'
import { clusterChanges, clusterOutcomeWords } from './cluster-changes.ts'
import { change, listed, partitionWord, word } from './words.ts'

type Did<S extends ScopeName> = (
  before: Scopes[S]['observation'],
  after: Scopes[S]['observation'],
  outcome: Scopes[S]['outcome'],
) => readonly string[]

const tellers: { readonly [S in ScopeName]: Did<S> } = {
  log: (before, after, outcome) => [logOutcome(outcome), ...logChanges(before, after)],
  partitioner: (_before, _after, outcome) => [partitionerOutcome(outcome)],
  assignor: (_before, _after, outcome) =>
    outcome.kind === 'done'
      ? []
      : outcome.assignment.map(
          ({ memberId, partitions }) => `${word(memberId)} has ${listed(partitions.map(partitionWord))}`,
        ),
  producer: (before, after, outcome) => [
    ...outcome.requests.map(({ broker, request }) => `${request.kind} ${request.correlationId} to b${broker}`),
    ...completions('', before, after).map(text => text.replace(/^: /, '')),
  ],
  group: (_before, _after, outcome) =>
    outcome.responses.map(({ client, response }) => `${word(client)} gets ${response.kind} ${response.error}`),
  cluster: (before, after, outcome) => [clusterOutcomeWords(outcome), ...clusterChanges(before, after)],
}

/** What one operation answered and changed; empty when there is nothing to say. */
export function did<S extends ScopeName>(
  scope: S,
  before: Scopes[S]['observation'],
  after: Scopes[S]['observation'],
  outcome: Scopes[S]['outcome'],
): readonly string[] {
  return tellers[scope](before, after, outcome).filter(text => text !== '')
}

function logOutcome(outcome: LogOutcome): string {
  switch (outcome.kind) {
    case 'done':
      return ''
    case 'error':
      return `error ${outcome.error}`
    case 'appended': {
      const { baseOffset, lastOffset, duplicate } = outcome
      return `${duplicate ? 'duplicate of' : 'appended'} ${baseOffset}..${lastOffset}`
    }
    case 'batches':
      return `read ${listed(outcome.batches.map(({ baseOffset, lastOffset }) => `${baseOffset}..${lastOffset}`))}`
    case 'epochEnd':
      return `epoch ${outcome.end.epoch} ends at ${outcome.end.endOffset}`
    case 'found':
      return outcome.record === null ? 'found nothing' : `found ${outcome.record.offset}`
  }
}

function logChanges(before: LogObservation, after: LogObservation): readonly string[] {
  return [
    change('log start', before.logStartOffset, after.logStartOffset),
    change('log end', before.logEndOffset, after.logEndOffset),
    change('high watermark', before.highWatermark, after.highWatermark),
    change('recovery point', before.recoveryPoint, after.recoveryPoint),
    change('first dirty', before.firstDirtyOffset, after.firstDirtyOffset),
    change('segments', before.segments.length, after.segments.length),
    before.offline === after.offline ? '' : after.offline ? 'offline' : 'online',
  ]
}

function partitionerOutcome(outcome: PartitionerOutcome): string {
  switch (outcome.kind) {
    case 'done':
      return ''
    case 'error':
      return `error ${outcome.error}`
    case 'chosen':
      return `partition ${outcome.partition}`
  }
}
