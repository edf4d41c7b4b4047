// The behaviours of a cluster that a campaign counts. Each is read off one small step: the message that was delivered, the
// messages that were sent in answer, and what changed at the controller, the brokers and the clients.
import type { ClusterObservation } from '../../model/vocabulary/cluster.ts'
import type { MessageValue } from '../../model/vocabulary/messages.ts'
import type { Hit, Scope, Transition } from '../scope.ts'
import { BrokerMemory, labelBrokers } from './cluster-brokers.ts'
import { labelElections } from './cluster-elections.ts'
import { smallSteps } from './cluster-steps.ts'

/** What a campaign over clusters should reach. */
export const clusterLabels: Scope<'cluster'>['labels'] = {
  'leader failover': 'required',
  'leader failover with an unreplicated tail': 'required',
  'truncation on divergence': 'required',
  'in-sync shrink': 'required',
  'in-sync expansion': 'required',
  'unclean election': 'required',
  'eligible leader elected': 'required',
  'last known leader elected': 'rare',
  'leaderless partition': 'required',
  'preferred leader elected': 'required',
  'controller failover': 'required',
  'broker fenced by its session': 'required',
  'torn tail recovered': 'required',
  'unsynced tail lost': 'required',
  'disk full halt': 'required',
  'paused broker resumed': 'required',
  'asymmetric cut': 'required',
  'late request processed': 'required',
  'compaction removed a record': 'required',
  'compaction across segments': 'required',
  'tombstone removed': 'required',
  'retention deleted a segment': 'required',
  'records deleted': 'required',
  'corrupt batch refused by a follower': 'required',
  'follower was out of range': 'required',
  'batch acknowledged by all': 'required',
  'duplicate producer batch answered': 'required',
  'out-of-order sequence refused': 'required',
  'not enough replicas': 'required',
  // Since KIP-966 the high watermark does not move below the minimum, so that hardly any way leads here.
  'not enough replicas after append': 'rare',
  'produce timed out': 'required',
  'produce to a deposed leader': 'required',
  'fenced leader epoch': 'required',
  'unknown leader epoch': 'required',
  'offset not available': 'required',
  'stale broker epoch': 'required',
  'ineligible replica': 'required',
  'invalid update version': 'required',
  'stale metadata in a client': 'required',
  'connection refused': 'required',
  'record consumed': 'required',
  'rebalance completed': 'required',
  'partition revoked before it was given away': 'required',
  'offsets committed': 'required',
  'committed offset fetched': 'required',
  'offsets expired': 'required',
  'zombie commit refused': 'required',
  'static member fenced': 'required',
  'member expired': 'required',
  'coordinator failover': 'required',
  'not the coordinator': 'required',
}

/** Labels one run's operations. */
export function startClusterLabeller(): ReturnType<Scope<'cluster'>['startLabeller']> {
  const memory = new BrokerMemory()
  return (transition, modelBefore, hit) => {
    for (const step of smallSteps(transition, modelBefore)) {
      labelOperation(step, hit)
      labelElections(step, hit)
      labelBrokers(step, memory, hit)
      for (const message of newMessages(step)) labelMessage(message, hit)
    }
  }
}

function labelOperation({ before, operation, outcome, after }: Transition<'cluster'>, hit: Hit): void {
  switch (operation.kind) {
    case 'deliver': {
      const message = before.links[`${operation.from}>${operation.to}`]?.messages[0]
      if (message === undefined) return
      if (before.brokers[operation.to]?.status === 'down') hit('connection refused')
      else labelReceived(message, operation.to, before, after, hit)
      return
    }
    case 'deliverLate':
      if (outcome.kind !== 'done') return
      hit('late request processed')
      if (isFromFormerRegistration(before, before.links[`${operation.from}>${operation.to}`]?.late[0])) {
        hit('stale broker epoch')
      }
      return
    case 'cut':
      if (outcome.kind === 'done' && before.links[`${operation.to}>${operation.from}`]?.cut !== true)
        hit('asymmetric cut')
      return
    case 'resume':
      if (outcome.kind === 'done') hit('paused broker resumed')
      return
    case 'deleteRecords':
      if (outcome.kind === 'done') hit('records deleted')
      return
    default:
  }
}

/** Refused with STALE_BROKER_EPOCH, which nobody sees: the connection that it came on is gone. */
function isFromFormerRegistration({ controller }: ClusterObservation, message: MessageValue | undefined): boolean {
  if (message === undefined || !('brokerId' in message) || !('brokerEpoch' in message)) return false
  const registered = controller.image.brokers.find(({ brokerId }) => brokerId === message.brokerId)
  return registered !== undefined && registered.brokerEpoch !== message.brokerEpoch
}

function labelReceived(
  message: MessageValue,
  to: string,
  before: ClusterObservation,
  after: ClusterObservation,
  hit: Hit,
): void {
  switch (message.kind) {
    case 'MetadataResponse': {
      const client = before.producers[to] ?? before.consumers[to]
      const isStale = message.partitions.some(named => {
        const cached = client?.metadata.find(
          ({ topic, partition }) => topic === named.topic && partition === named.partition,
        )
        return cached !== undefined && cached.leaderEpoch > named.leaderEpoch
      })
      if (isStale) hit('stale metadata in a client')
      return
    }
    case 'FetchResponse':
      if ((after.consumers[to]?.processed.length ?? 0) > (before.consumers[to]?.processed.length ?? 0))
        hit('record consumed')
      return
    case 'OffsetFetchResponse':
      if (message.offsets.some(({ offset }) => offset >= 0)) hit('committed offset fetched')
      return
    default:
  }
}

/** What was sent in this step, read off the ends of the links that grew. */
function newMessages({ before, after }: Transition<'cluster'>): readonly MessageValue[] {
  if (before.links === after.links) return []
  const found: MessageValue[] = []
  for (const name in after.links) {
    const link = after.links[name]
    const old = before.links[name]
    if (link === undefined || link === old) continue
    const known = new Set<MessageValue>(old?.messages)
    for (const message of link.messages) if (!known.has(message)) found.push(message)
  }
  return found
}

function labelMessage(message: MessageValue, hit: Hit): void {
  if (!('error' in message)) return
  switch (message.kind) {
    case 'ProduceResponse':
      hitIfNamed(produceErrors, message.error, hit)
      return
    case 'FetchResponse':
    case 'ListOffsetsResponse':
      if (message.error === 'FENCED_LEADER_EPOCH') hit('fenced leader epoch')
      if (message.error === 'UNKNOWN_LEADER_EPOCH') hit('unknown leader epoch')
      if (message.error === 'OFFSET_NOT_AVAILABLE') hit('offset not available')
      if (message.error === 'OFFSET_OUT_OF_RANGE') hit('follower was out of range')
      return
    case 'AlterPartitionResponse':
    case 'BrokerHeartbeatResponse':
      hitIfNamed(controllerErrors, message.error, hit)
      return
    case 'OffsetCommitResponse':
      if (message.error === 'ILLEGAL_GENERATION' || message.error === 'UNKNOWN_MEMBER_ID') hit('zombie commit refused')
      break
    default:
  }
  if (message.error === 'FENCED_INSTANCE_ID') hit('static member fenced')
  if (message.error === 'NOT_COORDINATOR') hit('not the coordinator')
}

function hitIfNamed(names: Readonly<Record<string, string>>, error: string, hit: Hit): void {
  const name = names[error]
  if (name !== undefined) hit(name)
}

const produceErrors: Readonly<Record<string, string>> = {
  NOT_ENOUGH_REPLICAS: 'not enough replicas',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'not enough replicas after append',
  OUT_OF_ORDER_SEQUENCE_NUMBER: 'out-of-order sequence refused',
  REQUEST_TIMED_OUT: 'produce timed out',
  NOT_LEADER_OR_FOLLOWER: 'produce to a deposed leader',
}

const controllerErrors: Readonly<Record<string, string>> = {
  STALE_BROKER_EPOCH: 'stale broker epoch',
  INELIGIBLE_REPLICA: 'ineligible replica',
  INVALID_UPDATE_VERSION: 'invalid update version',
}
