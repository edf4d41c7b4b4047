// A tour of everything that a driver asks for, whose outcomes do not depend on the versions in which it is asked.
import type { ServiceOutcome } from '../../../../model/vocabulary/service.ts'
import type { OperationOf } from '../outcomes.ts'
import { type Conversation, recordsOf } from './conversation.ts'

type Outcomes = readonly (ServiceOutcome | string)[]

/** Creates, changes and looks at a topic, its records and a group with one member. Gives what was answered, in order. */
export async function tour(run: Conversation): Promise<Outcomes> {
  const outcomes: ServiceOutcome[] = []
  const note = async (outcome: Promise<ServiceOutcome>) => outcomes.push(alike(await outcome))
  const where = { topic: 't1', partition: 0 }
  await note(run.createTopic('t1', { config: { 'max.message.bytes': '50000' } }))
  await note(run.once({ kind: 'createPartitions', topic: 't1', count: 2 }))
  await note(run.once({ kind: 'describeTopic', topic: 't1' }))
  await note(run.once({ kind: 'alterConfig', topic: 't1', name: 'cleanup.policy', value: 'compact,delete' }))
  await note(run.once({ kind: 'describeConfig', topic: 't1', name: 'cleanup.policy' }))
  await note(run.once({ kind: 'describeConfig', topic: 't1', name: 'compression.type' }))
  await note(run.ask({ kind: 'initProducer', producer: 'p1' }))
  const stamp = { producer: 'p1', producerEpoch: 0, baseSequence: 0 }
  await note(run.produce('t1', recordsOf('a', 'b'), { stamp, codec: 'lz4' }))
  await note(run.produce('t1', recordsOf('a', 'b'), { stamp: { ...stamp, baseSequence: 2 }, acks: 1 }))
  await note(run.produce('t1', recordsOf('a'), { stamp: { ...stamp, baseSequence: 7 } }))
  await note(run.produce('t1', recordsOf('c'), { fault: 'checksum' }))
  await note(run.readAll('t1'))
  await note(run.fetch('t1', 3, { bytesMax: 1, isolation: 'read_committed' }))
  await note(run.fetch('t1', 99))
  await note(run.fetch('t9', 0))
  for (const timestamp of [-2, -1, 1001]) await note(run.listOffsets('t1', timestamp))
  await note(run.once({ kind: 'endOffsetForEpoch', ...where, epoch: 'current' }))
  await note(run.once({ kind: 'deleteRecords', ...where, offset: 1 }))
  const member = { group: 'g1', client: 'c1', memberId: 'c1#1', groupInstanceId: null }
  await note(run.join('c1', '', ['c1']))
  await note(run.join('c1', 'c1#1', ['c1']))
  const assignments: OperationOf<'sync'>['assignments'] = [{ memberId: 'c1#1', partitions: [where] }]
  await note(run.sync('c1', 'c1#1', 1, ['c1'], { assignments }))
  await note(run.once({ kind: 'heartbeat', ...member, generationId: 1 }))
  await note(run.once({ kind: 'heartbeat', ...member, generationId: 7 }))
  const commit = { kind: 'commit', ...member, ...where, generationId: 1, offset: 3, metadata: 'm' } as const
  await note(run.once(commit))
  await note(run.once({ ...commit, generationId: 7 }))
  await note(run.once({ kind: 'committed', group: 'g1', ...where }))
  await note(run.once({ kind: 'committed', group: 'g1', topic: 't1', partition: 1 }))
  await note(run.once({ kind: 'describeGroup', group: 'g1' }))
  await note(run.once({ kind: 'listGroups' }))
  await note(run.once({ kind: 'deleteGroup', group: 'g1' }))
  await note(run.once({ kind: 'deleteOffset', group: 'g1', ...where }))
  await note(run.once({ kind: 'leave', ...member }))
  await note(run.once({ kind: 'leave', ...member }))
  await note(run.join('c2', '', ['c2'], { groupInstanceId: 'i1' }))
  await note(run.once({ kind: 'heartbeat', ...member, memberId: 'c2#1', groupInstanceId: 'i1', generationId: 3 }))
  await note(run.once({ kind: 'leave', ...member, memberId: '', groupInstanceId: 'i1' }))
  await note(run.once({ kind: 'deleteOffset', group: 'g1', ...where }))
  await note(run.once({ kind: 'deleteGroup', group: 'g1' }))
  await note(run.once({ kind: 'deleteTopic', topic: 't1' }))
  await note(run.once({ kind: 'describeTopic', topic: 't1' }))
  return [...outcomes, ...(await run.side.end())]
}

/** What differs by version and by nothing else: who names topics by ids has another word for one that is not there. */
function alike(outcome: ServiceOutcome): ServiceOutcome {
  if (outcome.kind === 'records') return { ...outcome, logStartOffset: -1 }
  if (outcome.kind !== 'error' || outcome.error !== 'UNKNOWN_TOPIC_ID') return outcome
  return { kind: 'error', error: 'UNKNOWN_TOPIC_OR_PARTITION' }
}
