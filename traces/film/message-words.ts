// A few words that tell a message from others of its kind, for the label of its arrow.
import type { GroupRequest, GroupResponse, MessageValue, RecordsValue } from '../../model/vocabulary/messages.ts'
import { brokersWord, listed, partitionWord, recordWord, shortened, word } from '../render/words.ts'

const most = 80

/** `t/0 from 3, epoch 1`. An error stands first. */
export function messageWords(message: MessageValue): string {
  const error = 'error' in message && message.error !== 'NONE' ? message.error : ''
  return shortened([error, wordsOf(message)].filter(text => text !== '').join(', '), most)
}

function wordsOf(message: MessageValue): string {
  switch (message.kind) {
    case 'BrokerRegistration':
      return message.previousBrokerEpoch < 0 ? '' : `was epoch ${message.previousBrokerEpoch}`
    case 'BrokerHeartbeat':
      return `epoch ${message.brokerEpoch}, knows ${message.metadataOffset}`
    case 'AlterPartition': {
      const { leaderEpoch, newInSyncReplicas } = message
      const wanted = brokersWord(newInSyncReplicas.map(({ brokerId }) => brokerId))
      return `${partitionWord(message)} in sync ${wanted}, epoch ${leaderEpoch}`
    }
    case 'MetadataUpdate':
      return `offset ${message.image.metadataOffset}`
    case 'Fetch':
      return `${partitionWord(message)} from ${message.fetchOffset}, epoch ${message.currentLeaderEpoch}`
    case 'Metadata':
      return ''
    case 'Produce':
      return `${partitionWord(message)} ${recordWords(message.records)}`
    case 'ListOffsets':
      return `${partitionWord(message)} ${timeWord(message.timestamp)}`
    case 'FindCoordinator':
      return word(message.groupId)
    case 'BrokerRegistrationResponse':
      return `epoch ${message.brokerEpoch}`
    case 'BrokerHeartbeatResponse':
      return message.fenced ? 'fenced' : ''
    case 'AlterPartitionResponse':
      return `${partitionWord(message)} in sync ${brokersWord(message.inSyncReplicas)}, partition epoch ${message.partitionEpoch}`
    case 'FetchResponse': {
      const { records, highWatermark, divergingEpoch } = message
      const cut = divergingEpoch === null ? '' : `diverges at ${divergingEpoch.endOffset}, `
      const what = records.length === 0 ? '' : `${recordWords(records)}, `
      return `${partitionWord(message)} ${cut}${what}high watermark ${highWatermark}`
    }
    case 'MetadataResponse':
      return `brokers ${brokersWord(message.brokers)}`
    case 'ProduceResponse':
      return `${partitionWord(message)} at ${message.baseOffset}`
    case 'ListOffsetsResponse':
      return `${partitionWord(message)} ${message.offset}`
    case 'FindCoordinatorResponse':
      return message.brokerId < 0 ? 'nobody' : `b${message.brokerId}`
    default:
      return groupWords(message)
  }
}

function groupWords(message: GroupRequest | GroupResponse): string {
  const group = word(message.groupId)
  switch (message.kind) {
    case 'JoinGroup':
      return `${group} ${memberWord(message.memberId)}`
    case 'SyncGroup':
    case 'Heartbeat':
      return `${group} ${memberWord(message.memberId)}, generation ${message.generationId}`
    case 'LeaveGroup':
      return `${group} ${memberWord(message.memberId)}`
    case 'OffsetCommit':
      return `${group} ${listed(message.offsets.map(at => `${partitionWord(at)}=${at.offset}`))}, generation ${message.generationId}`
    case 'OffsetFetch':
      return `${group} ${listed(message.partitions.map(partitionWord))}`
    case 'JoinGroupResponse':
      return `${group} ${memberWord(message.memberId)}, generation ${message.generationId}`
    case 'SyncGroupResponse':
      return `${group} ${listed(message.partitions.map(partitionWord))}`
    case 'OffsetFetchResponse':
      return `${group} ${listed(message.offsets.map(at => `${partitionWord(at)}=${at.offset}`))}`
    case 'HeartbeatResponse':
    case 'LeaveGroupResponse':
    case 'OffsetCommitResponse':
      return group
  }
}

function memberWord(memberId: string): string {
  return memberId === '' ? 'anew' : word(memberId)
}

function recordWords(batches: RecordsValue): string {
  return batches
    .flatMap(batch =>
      batch.records.map(record => ('offset' in record ? `${record.offset}:${recordWord(record)}` : recordWord(record))),
    )
    .join(' ')
}

function timeWord(timestamp: number): string {
  return timestamp === -1 ? 'at its end' : timestamp === -2 ? 'at its start' : `at time ${timestamp}`
}
