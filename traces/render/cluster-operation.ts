// Operations on a cluster as lines of the story language; traces/stories/parse.ts reads exactly these back.
import type { ClusterOperation } from '../../model/vocabulary/cluster.ts'
import type { CrashDamage } from '../../model/vocabulary/log.ts'
import { settingWords } from '../topic-settings.ts'
import { brokersWord, listed, partitionWord, recordWord, word } from './words.ts'

/** One operation as one line. */
export function clusterLine(operation: ClusterOperation): string {
  const { kind } = operation
  switch (kind) {
    case 'deliver':
    case 'cut':
    case 'heal':
      return `${kind} ${operation.from}>${operation.to}`
    case 'deliverLate':
      return `deliver late ${operation.from}>${operation.to}`
    case 'settle':
      return kind
    case 'disconnect':
      return words('disconnect', operation.a, operation.b, operation.late ? 'late' : '')
    case 'healAll':
      return 'heal all'
    case 'advance':
      return words('advance', `${operation.ms}`, operation.node ?? '')
    case 'elapse':
      return `elapse ${operation.ms}`
    case 'crash': {
      const { broker, damage, indexes, late } = operation
      return words(`crash b${broker}`, damageWord(damage), indexesWord(indexes), late ? 'late' : '')
    }
    case 'restart':
    case 'pause':
    case 'resume':
    case 'synced':
    case 'checkpoint':
      return `${kind} b${operation.broker}`
    case 'createTopic': {
      const { topic, assignment, config } = operation
      const replicas = assignment.length === 0 ? '' : `replicas=${assignment.map(brokersWord).join('/')}`
      return words(`create topic ${topic} partitions=${assignment.length}`, replicas, ...settingWords(config))
    }
    case 'setUncleanElection':
      return `unclean ${operation.topic} ${operation.enabled ? 'on' : 'off'}`
    case 'electLeader':
      return `elect ${operation.election} ${partitionWord(operation)}`
    case 'expireSession':
      return `expire b${operation.broker}`
    case 'failoverController':
      return 'failover controller'
    case 'deleteRecords':
      return `delete records b${operation.broker} ${partitionWord(operation)} ${operation.offset}`
    case 'flush':
    case 'roll':
    case 'clean':
    case 'retain':
      return `${kind} b${operation.broker} ${partitionWord(operation)}`
    case 'rot':
      return `rot b${operation.broker} ${partitionWord(operation)} ${operation.offset}`
    case 'fillDisk': {
      const at = `b${operation.broker} ${partitionWord(operation)}`
      return operation.bytes === null ? `empty disk ${at}` : `fill disk ${at} ${operation.bytes}`
    }
    case 'openProducer': {
      const { producer, acks, idempotent, partitioner } = operation
      const partitions = partitioner === 'sticky' ? '' : `partitioner=${partitioner}`
      return words(
        `producer ${producer} acks=${acks === -1 ? 'all' : acks}`,
        idempotent ? 'idempotent' : '',
        partitions,
      )
    }
    case 'send': {
      const { producer, topic, partition, records, draw } = operation
      const target = partition === null ? topic : partitionWord({ topic, partition })
      return words(`send ${producer} ${target}`, draw === 0 ? '' : `draw=${draw}`, ...records.map(recordWord))
    }
    case 'openConsumer': {
      const { consumer, groupId, groupInstanceId, topics, partitions, assignors, reset } = operation
      return words(
        `consumer ${consumer}`,
        groupId === null ? '' : `group=${word(groupId)}`,
        groupInstanceId === null ? '' : `instance=${word(groupInstanceId)}`,
        topics.length === 0 ? '' : `topics=${listed(topics)}`,
        partitions.length === 0 ? '' : `partitions=${listed(partitions.map(partitionWord))}`,
        assignors.length === 0 ? '' : `assignor=${listed(assignors)}`,
        reset === 'earliest' ? '' : `reset=${reset}`,
      )
    }
    case 'poll':
    case 'commit':
      return `${kind} ${operation.consumer}`
    case 'closeConsumer':
      return `close ${operation.consumer}`
    case 'killClient':
      return `kill ${operation.client}`
  }
}

/** What a crash does to unsynced bytes; nothing for the harmless kind. */
export function damageWord(damage: CrashDamage): string {
  switch (damage.kind) {
    case 'kept':
      return ''
    case 'lost':
      return 'lost'
    case 'torn':
      return `torn=${damage.bytes}`
  }
}

/** What a crash does to index files; nothing for the harmless kind. */
export function indexesWord(indexes: 'kept' | 'lost' | 'torn'): string {
  return indexes === 'kept' ? '' : `indexes=${indexes}`
}

/** Words with single spaces, empty ones left out. */
export function words(...parts: readonly string[]): string {
  return parts.filter(part => part !== '').join(' ')
}
