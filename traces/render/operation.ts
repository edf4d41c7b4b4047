// One line for each operation of every scope, for failures, stories and pictures.
import type { AssignorOperation, PartitionerOperation, TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { ProducerOperation } from '../../model/vocabulary/clients.ts'
import type { GroupOperation } from '../../model/vocabulary/groups.ts'
import type { LogOperation } from '../../model/vocabulary/log.ts'
import type { GroupRequest } from '../../model/vocabulary/messages.ts'
import type { Batch } from '../../model/vocabulary/records.ts'
import type { ScopeName, Scopes } from '../../properties/verdict.ts'
import { clusterLine, damageWord, indexesWord, words } from './cluster-operation.ts'
import { listed, partitionWord, recordWord, shortened, word } from './words.ts'

const lines: { readonly [S in ScopeName]: (operation: Scopes[S]['operation']) => string } = {
  log: logLine,
  partitioner: partitionerLine,
  assignor: assignorLine,
  producer: producerLine,
  group: groupLine,
  cluster: clusterLine,
}

/** One operation as one line. */
export function operationLine<S extends ScopeName>(scope: S, operation: Scopes[S]['operation']): string {
  return lines[scope](operation)
}

/** One operation on a log as one line. */
export function logLine(operation: LogOperation): string {
  const { kind } = operation
  switch (kind) {
    case 'append': {
      const { leaderEpoch, producerId, producerEpoch, baseSequence, records } = operation
      const stamp = producerId < 0 ? '' : `producer ${producerId}/${producerEpoch} sequence ${baseSequence}`
      return words(`append epoch ${leaderEpoch}`, stamp, ...records.map(recordWord))
    }
    case 'replicate':
      return words('replicate', ...operation.batches.map(batchWord))
    case 'read':
      return `read from ${operation.offset} below ${operation.endOffset}, ${operation.bytesMax} bytes`
    case 'truncate':
      return `truncate to ${operation.offset}`
    case 'truncateFully':
      return `truncate fully, begin at ${operation.offset}`
    case 'updateHighWatermark':
      return `high watermark ${operation.offset}`
    case 'deleteRecords':
      return `delete records below ${operation.offset}`
    case 'assignEpoch':
      return `assign epoch ${operation.leaderEpoch}`
    case 'endOffsetForEpoch':
      return `end offset for epoch ${operation.leaderEpoch}`
    case 'listOffsets':
      return `list offsets at time ${operation.timestamp} below ${operation.endOffset}`
    case 'roll':
    case 'flush':
    case 'synced':
    case 'checkpoint':
    case 'close':
      return kind
    case 'retain':
    case 'clean':
      return `${kind} at time ${operation.now}`
    case 'crash':
      return words('crash', damageWord(operation.damage), indexesWord(operation.indexes))
    case 'rot':
      return `rot at ${operation.offset}`
    case 'fillDisk':
      return operation.bytes === null ? 'empty disk' : `fill disk, ${operation.bytes} bytes left`
  }
}

/** `[3..4 epoch 1: a b]`. */
function batchWord(batch: Batch): string {
  const { baseOffset, lastOffset, leaderEpoch, records } = batch
  const content = batch.corrupt ? 'corrupt' : records.map(recordWord).join(' ')
  return `[${baseOffset}..${lastOffset} epoch ${leaderEpoch}: ${content}]`
}

function partitionerLine(operation: PartitionerOperation): string {
  switch (operation.kind) {
    case 'choose': {
      const { topic, given, key, partitionCount, available, draw } = operation
      const wanted = given !== null ? `given ${given}` : key !== null ? `key ${JSON.stringify(key)}` : `draw ${draw}`
      return `choose for ${topic}, ${wanted}, of ${partitionCount}, available ${listed(available)}`
    }
    case 'newBatch':
      return `new batch of ${operation.topic}`
  }
}

function assignorLine(operation: AssignorOperation): string {
  switch (operation.kind) {
    case 'join': {
      const { memberId, groupInstanceId, topics } = operation
      const instance = groupInstanceId === null ? '' : `instance ${word(groupInstanceId)}`
      return words(`join ${word(memberId)}`, instance, `topics ${listed(topics)}`)
    }
    case 'leave':
      return `leave ${word(operation.memberId)}`
    case 'setPartitionCount':
      return `topic ${operation.topic} has ${operation.count} partitions`
    case 'claim':
      return `${word(operation.memberId)} claims ${owned(operation.owned)} in generation ${operation.generationId}`
    case 'assign':
      return `assign ${operation.assignor}`
  }
}

function producerLine(operation: ProducerOperation): string {
  switch (operation.kind) {
    case 'open': {
      const { acks, idempotent, partitioner, producerId } = operation.session
      const id = idempotent ? `idempotent, producer id ${producerId}` : ''
      return words(`open acks=${acks === -1 ? 'all' : acks}`, `partitioner=${partitioner}`, id)
    }
    case 'send': {
      const { topic, partition, records, draw } = operation
      const target = partition === null ? topic : partitionWord({ topic, partition })
      return words(`send ${target}`, draw === 0 ? '' : `draw=${draw}`, ...records.map(recordWord))
    }
    case 'respond': {
      const { kind, correlationId, ...rest } = operation.response
      return `b${operation.broker} answers ${correlationId} ${kind} ${shortened(JSON.stringify(rest), 120)}`
    }
    case 'disconnected':
      return `disconnected b${operation.broker}`
    case 'advance':
      return `advance ${operation.ms}`
  }
}

function groupLine(operation: GroupOperation): string {
  switch (operation.kind) {
    case 'request':
      return `${word(operation.client)} ${requestWords(operation.request)}`
    case 'advance':
      return `advance ${operation.ms}`
    case 'replicated':
      return `replicated ${operation.count}`
    case 'failWrites':
      return `writes fail ${operation.error}`
    case 'failover':
      return `failover, ${operation.kept} outstanding writes kept`
  }
}

function requestWords(request: GroupRequest): string {
  const { kind, groupId } = request
  const member = 'memberId' in request ? `as ${word(request.memberId)}` : ''
  const instance =
    'groupInstanceId' in request && request.groupInstanceId !== null ? `instance ${word(request.groupInstanceId)}` : ''
  const generation = 'generationId' in request ? `generation ${request.generationId}` : ''
  return words(kind, word(groupId), member, instance, generation, detailWords(request))
}

function detailWords(request: GroupRequest): string {
  switch (request.kind) {
    case 'JoinGroup':
      return request.protocols.map(({ name, topics }) => `${name}(${listed(topics)})`).join(' ')
    case 'SyncGroup':
      return request.assignments.map(({ memberId, partitions }) => `${word(memberId)}=${owned(partitions)}`).join(' ')
    case 'OffsetCommit':
      return request.offsets.map(at => `${partitionWord(at)}=${at.offset}`).join(' ')
    case 'OffsetFetch':
      return owned(request.partitions)
    case 'Heartbeat':
    case 'LeaveGroup':
      return ''
  }
}

function owned(partitions: readonly TopicPartition[]): string {
  return listed(partitions.map(partitionWord))
}
