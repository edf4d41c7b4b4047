// A run on a live broker as text: one line for each operation, and what was answered.
import type { ServiceGroupAnswer, ServiceOperation, ServiceOutcome } from '../../model/vocabulary/service.ts'
import { listed, partitionWord, recordWord, shortened, word } from './words.ts'

const operationWidth = 64
const operationMost = 120
const answerMost = 140

/** One numbered line for each operation; `answers` are those that came, as far as they did. */
export function serviceLines(
  operations: readonly ServiceOperation[],
  answers: readonly (ServiceOutcome | undefined)[],
): readonly string[] {
  const width = String(operations.length).length + 1
  return operations.map((operation, index) => {
    const answer = answers[index]
    const line = shortened(serviceLine(operation), operationMost).padEnd(operationWidth)
    const told = answer === undefined ? '' : shortened(outcomeText(answer), answerMost)
    return `${String(index + 1).padStart(width)}  ${line}  ${told}`.trimEnd()
  })
}

/** One operation in words. */
export function serviceLine(operation: ServiceOperation): string {
  switch (operation.kind) {
    case 'createTopic': {
      const config = Object.entries(operation.config).map(([name, value]) => ` ${name}=${value}`)
      const { topic, partitions, replicationFactor } = operation
      return `create topic ${word(topic)} partitions=${partitions} replication.factor=${replicationFactor}${config.join('')}`
    }
    case 'deleteTopic':
      return `delete topic ${word(operation.topic)}`
    case 'createPartitions':
      return `create partitions of ${word(operation.topic)} up to ${operation.count}`
    case 'describeTopic':
      return `describe topic ${word(operation.topic)}`
    case 'describeConfig':
      return `describe ${operation.name} of ${word(operation.topic)}`
    case 'alterConfig':
      return operation.value === null
        ? `remove ${operation.name} of ${word(operation.topic)}`
        : `set ${operation.name}=${operation.value} of ${word(operation.topic)}`
    case 'initProducer':
      return `init producer ${operation.producer}`
    case 'produce':
      return produceLine(operation)
    case 'fetch': {
      const { offset, bytesMax, epoch, isolation } = operation
      const committed = isolation === 'read_committed' ? ' read_committed' : ''
      return `fetch ${partitionWord(operation)} from ${offset}, ${bytesMax} bytes${committed}${epochWord(epoch)}`
    }
    case 'readAll':
      return `read all of ${partitionWord(operation)}`
    case 'listOffsets':
      return `offset of ${partitionWord(operation)} ${timeWord(operation.timestamp)}${epochWord(operation.epoch)}`
    case 'deleteRecords':
      return `delete records of ${partitionWord(operation)} below ${operation.offset === -1 ? 'the high watermark' : operation.offset}`
    case 'endOffsetForEpoch':
      return `end of the ${operation.epoch === 'none' ? 'epoch -1' : `${operation.epoch} epoch`} of ${partitionWord(operation)}`
    case 'join': {
      const offers = operation.protocols.map(({ name, topics }) => `${name}(${listed(topics)})`)
      return `${memberWords(operation)} joins with ${listed(offers)}${operation.session === 'short' ? ', short session' : ''}`
    }
    case 'sync': {
      const given = operation.assignments.map(
        ({ memberId, partitions }) => `${memberId}=${listed(partitions.map(partitionWord))}`,
      )
      return `${memberWords(operation)} syncs in generation ${operation.generationId}${given.length === 0 ? '' : ` with ${given.join(' ')}`}`
    }
    case 'heartbeat':
      return `${memberWords(operation)} heartbeats in generation ${operation.generationId}`
    case 'leave':
      return `${memberWords(operation)} leaves`
    case 'commit':
      return `${memberWords(operation)} commits ${partitionWord(operation)} at ${operation.offset} in generation ${operation.generationId}`
    case 'committed':
      return `offset that ${operation.group} committed for ${partitionWord(operation)}`
    case 'deleteOffset':
      return `delete the offset of ${operation.group} for ${partitionWord(operation)}`
    case 'describeGroup':
      return `describe group ${operation.group}`
    case 'listGroups':
      return 'list groups'
    case 'deleteGroup':
      return `delete group ${operation.group}`
    case 'lapse':
      return `${operation.client} (${operation.memberId}) of ${operation.group} is silent for its session`
  }
}

/** An answer in words. */
export function outcomeText(outcome: ServiceOutcome): string {
  switch (outcome.kind) {
    case 'done':
      return 'done'
    case 'error':
      return outcome.error
    case 'nothing':
      return 'nothing to do'
    case 'topic':
      return `${outcome.partitions} partitions, ${outcome.replicationFactor} replicas`
    case 'config':
      return outcome.isDefault ? 'not set' : `set to ${outcome.value}`
    case 'appended':
      return `offset ${outcome.baseOffset}`
    case 'sent':
      return 'sent'
    case 'records': {
      const records = outcome.records.map(record => `${record.offset}:${recordWord(record)}`)
      return `${records.length === 0 ? 'no records' : records.join(' ')}, high watermark ${outcome.highWatermark}, log start ${outcome.logStartOffset}`
    }
    case 'offset':
      return outcome.offset === -1 ? 'no such record' : `offset ${outcome.offset}, time ${outcome.timestamp}`
    case 'lowWatermark':
      return `log start ${outcome.offset}`
    case 'epochEnd':
      return outcome.isKnown ? `ends at ${outcome.endOffset}` : 'no such epoch'
    case 'answers':
      return outcome.answers.length === 0 ? 'waits' : outcome.answers.map(answerText).join('; ')
    case 'committed':
      return outcome.offset === -1
        ? 'nothing'
        : `${outcome.offset}${outcome.metadata === '' ? '' : ` ${word(outcome.metadata)}`}`
    case 'group': {
      const members = outcome.members.map(
        ({ memberId, partitions }) => `${memberId}=${listed(partitions.map(partitionWord))}`,
      )
      return `${outcome.state}${outcome.protocolName === '' ? '' : ` ${outcome.protocolName}`}${members.length === 0 ? '' : ` ${members.join(' ')}`}`
    }
    case 'groups':
      return listed(outcome.groups)
  }
}

function produceLine(operation: Extract<ServiceOperation, { readonly kind: 'produce' }>): string {
  const { stamp, acks, codec, fault, records } = operation
  const who =
    stamp === null ? 'produce' : `${stamp.producer}/${stamp.producerEpoch} sequence ${stamp.baseSequence} produces`
  const how = `${codec === 'none' ? '' : ` ${codec}`}${fault === 'none' ? '' : fault === 'checksum' ? ' with a wrong checksum' : ' and hangs up'}`
  return `${who} to ${partitionWord(operation)} acks=${acks === -1 ? 'all' : acks}${how} ${records.map(recordWord).join(' ')}`
}

function epochWord(epoch: string): string {
  return epoch === 'none' ? '' : `, ${epoch} epoch`
}

function timeWord(timestamp: number): string {
  switch (timestamp) {
    case -1:
      return 'at its end'
    case -2:
      return 'at its start'
    case -3:
      return 'with the largest time'
    default:
      return `at time ${timestamp}`
  }
}

function memberWords({
  group,
  client,
  memberId,
  groupInstanceId,
}: {
  readonly group: string
  readonly client: string
  readonly memberId: string
  readonly groupInstanceId: string | null
}): string {
  const as = [memberId === '' ? '' : memberId, groupInstanceId === null ? '' : `instance ${groupInstanceId}`].filter(
    part => part !== '',
  )
  return `${client}${as.length === 0 ? '' : ` (${as.join(', ')})`} of ${group}`
}

function answerText(answer: ServiceGroupAnswer): string {
  const head = `${answer.client} ${answer.to}`
  switch (answer.to) {
    case 'join': {
      const { error, memberId, generationId, protocolName, leader, members } = answer
      if (error !== 'NONE') return `${head} ${error}${memberId === '' ? '' : ` (${memberId})`}`
      const all = members.length === 0 ? '' : `, members ${listed(members.map(({ memberId: id }) => id))}`
      return `${head}: ${memberId} in generation ${generationId}, ${protocolName}, leader ${leader}${all}`
    }
    case 'sync':
      return answer.error === 'NONE'
        ? `${head}: ${listed(answer.partitions.map(partitionWord))}`
        : `${head} ${answer.error}`
    default:
      return `${head} ${answer.error}`
  }
}
