// What the clients of a model's cluster would have recorded: a run of scope `cluster` as a history. The model keeps its
// claims, so that what the checks find in such a history is a mistake of theirs, or legal.
//
// Time is the number of the operation. Left out: commits, of which the model's clients do not show the answers.
import { emptyHistory, newlyProcessed, remember } from '../../model/invariants/history.ts'
import type { ClusterTransition } from '../../model/invariants/known.ts'
import type { ClusterObservation, ClusterOperation } from '../../model/vocabulary/cluster.ts'
import type { Run } from '../scope.ts'
import { clusterScope } from '../scopes/cluster.ts'
import type { History, HistoryOperation, HistorySettings, PolledRecord } from './history.ts'

/** The history of a run; null when it tells of nothing that a history can hold (bit rot). */
export function historyOfRun(run: Run<'cluster'>): History | null {
  const model = clusterScope.startModel(run.setup)
  const operations = withOwnValues(run.operations)
  const recorder = new Recorder()
  let before = model.observe()
  for (const operation of operations) {
    if (operation.kind === 'rot') return null
    const outcome = model.apply(operation)
    const after = model.observe()
    recorder.saw({ setup: run.setup, before, operation, outcome, after })
    before = after
  }
  return recorder.end(before)
}

/** Every record gets a value of its own, as a recorder's would have. */
function withOwnValues(operations: readonly ClusterOperation[]): readonly ClusterOperation[] {
  let count = 0
  return operations.map(operation => {
    if (operation.kind !== 'send') return operation
    return { ...operation, records: operation.records.map(({ key }) => ({ key, value: `v${count++}` })) }
  })
}

type Sent = {
  readonly start: number
  readonly topic: string
  readonly records: readonly { readonly key: string | null; readonly value: string | null }[]
  isCompleted: boolean
}

class Recorder {
  readonly #operations: HistoryOperation[] = []
  readonly #sent = new Map<string, Sent[]>()
  readonly #shares = new Map<string, string>()
  #memory = emptyHistory
  #acks: -1 | 0 | 1 = -1
  #isIdempotent = true
  #leaderChanges = 0
  #areRecordsDeleted = false
  #areGroupsForgotten = false
  #now = 0

  saw(transition: ClusterTransition): void {
    const { before, operation, outcome, after } = transition
    this.#now++
    this.#memory = remember(this.#memory, transition)
    if (outcome.kind === 'done') this.#applied(operation)
    this.#leaderChanges += changedEpochs(before, after)
    this.#areRecordsDeleted ||= hasDeleted(after)
    this.#areGroupsForgotten ||= hasForgotten(before, after)
    this.#completions(after)
    // A step may deliver many messages: who was moved in it may have been given records before that, or after.
    const rebalanced = this.#rebalances(after)
    for (const what of rebalanced) this.#tell(what)
    this.#polls(transition)
    for (const what of rebalanced) this.#tell(what)
  }

  end(last: ClusterObservation): History {
    this.#now++
    for (const [producer, sent] of this.#sent) {
      const open = last.producers[producer]?.queues ?? []
      for (const [batch, one] of sent.entries()) {
        const queue = open.find(({ batches }) => batches.some(waiting => waiting.batch === batch))
        if (!one.isCompleted && queue !== undefined) this.#send(producer, one, queue.partition, 'info', null)
      }
    }
    const readToEnd = this.#readEverything(last)
    return { settings: this.#settings(last, readToEnd), operations: this.#operations }
  }

  #applied(operation: ClusterOperation): void {
    switch (operation.kind) {
      case 'openProducer': {
        if (strength(operation.acks) < strength(this.#acks)) this.#acks = operation.acks
        this.#isIdempotent &&= operation.idempotent
        this.#tell({ kind: 'crash', client: operation.producer })
        return
      }
      case 'send': {
        const { producer, topic, records } = operation
        const sent = this.#sent.get(producer) ?? []
        this.#sent.set(producer, sent)
        sent.push({ start: this.#now, topic, records, isCompleted: false })
        return
      }
      case 'openConsumer': {
        const { consumer: client, groupId, groupInstanceId, topics, partitions } = operation
        this.#tell({ kind: 'crash', client })
        this.#shares.delete(client)
        if (groupId === null) this.#tell({ kind: 'assign', client, partitions })
        else {
          const instance = groupInstanceId === null ? {} : { groupInstanceId }
          this.#tell({ kind: 'subscribe', client, group: groupId, topics, ...instance })
        }
        return
      }
      case 'closeConsumer':
        this.#tell({ kind: 'crash', client: operation.consumer })
        return
      case 'killClient':
        this.#tell({ kind: 'crash', client: operation.client })
        return
      default:
    }
  }

  #completions({ producers }: ClusterObservation): void {
    for (const [producer, { completed }] of Object.entries(producers)) {
      for (const { batch, partition, result } of completed) {
        const sent = this.#sent.get(producer)?.[batch]
        if (sent === undefined || sent.isCompleted) continue
        sent.isCompleted = true
        // With acks=0 nobody is told an offset.
        const offset = result.kind === 'acknowledged' && result.offset >= 0 ? result.offset : null
        this.#send(producer, sent, partition, completedAs[result.kind], offset)
      }
    }
  }

  #send(
    client: string,
    { start, topic, records }: Sent,
    partition: number,
    completed: HistoryOperation['completed'],
    base: number | null,
  ): void {
    if (partition < 0) return
    this.#operations.push({
      kind: 'send',
      client,
      start,
      end: this.#now + 0.5,
      completed,
      topic,
      partition,
      records: records.map(({ key, value }, index) => ({
        key,
        value: value ?? '',
        offset: base === null ? null : base + index,
      })),
    })
  }

  #rebalances({ consumers }: ClusterObservation): readonly Untimed[] {
    const found: Untimed[] = []
    for (const { consumer: client, groupId: group } of this.#memory.consumers) {
      const seen = consumers[client]
      if (group === null || seen === undefined) continue
      // Who is no member any more has nothing.
      const positions = seen.membership === 'stable' ? seen.positions : []
      const partitions = positions.map(({ topic, partition }) => ({ topic, partition }))
      const share = JSON.stringify([seen.membership, seen.memberId, seen.generationId, partitions])
      if (this.#shares.get(client) === share) continue
      this.#shares.set(client, share)
      found.push({ kind: 'rebalance', client, group, generation: seen.generationId, partitions })
    }
    return found
  }

  #polls(transition: ClusterTransition): void {
    const byConsumer = new Map<string, PolledRecord[]>()
    for (const { consumer, record } of newlyProcessed(transition)) {
      const { topic, partition, offset, key, value } = record
      const records = byConsumer.get(consumer) ?? []
      byConsumer.set(consumer, records)
      records.push({ topic, partition, offset, key, value: value ?? '' })
    }
    for (const [client, records] of byConsumer) this.#tell({ kind: 'poll', client, records })
  }

  #readEverything({ controller, brokers }: ClusterObservation): boolean {
    let isComplete = true
    const client = 'reader'
    const partitions = controller.image.partitions.filter(isRecords)
    this.#tell({ kind: 'assign', client, partitions: partitions.map(({ topic, partition }) => ({ topic, partition })) })
    for (const { topic, partition, leader } of partitions) {
      const broker = brokers[`b${leader}`]
      const replicas = broker === undefined || broker.status === 'down' ? [] : broker.replicas
      const replica = replicas.find(one => one.topic === topic && one.partition === partition)
      if (replica === undefined || replica.role.kind !== 'leader' || replica.highWatermark < replica.logEndOffset) {
        isComplete = false
        continue
      }
      const records = replica.batches.flatMap(batch =>
        batch.records.map(({ offset, key, value }) => ({ topic, partition, offset, key, value: value ?? '' })),
      )
      this.#now++
      this.#tell({ kind: 'poll', client, records })
    }
    return isComplete
  }

  #settings({ controller }: ClusterObservation, readToEnd: boolean): HistorySettings {
    // The weakest counts, and what groups commit is a topic too; its compaction is not the records'.
    const configs = controller.image.topics.map(({ config }) => config)
    const minInSyncReplicas = Math.min(...configs.map(config => config.minInSyncReplicas), 1000)
    const isBroken = this.#memory.partitions.some(({ contract }) => !contract.holds)
    const policies = controller.image.topics.filter(isRecords).map(({ config }) => config.cleanupPolicy)
    return {
      acks: this.#acks,
      idempotent: this.#isIdempotent,
      retries: true,
      // The model's producers count for each broker, so that two can be in flight while the leader changes.
      maxInFlight: 5,
      transactions: false,
      isolation: 'read_uncommitted',
      commitsAfterProcessing: true,
      minInSyncReplicas,
      uncleanLeaderElection: configs.some(config => config.uncleanLeaderElection),
      cleanupPolicy: policies.find(policy => policy !== 'delete') ?? 'delete',
      recordsDeleted: this.#areRecordsDeleted,
      groupsForgotten: this.#areGroupsForgotten,
      leaderChanges: this.#leaderChanges,
      replicasLost: isBroken ? minInSyncReplicas : 0,
      readToEnd,
    }
  }

  #tell(what: Untimed): void {
    this.#operations.push({ ...what, start: this.#now, end: this.#now + 0.5, completed: 'ok' })
  }
}

type Untimed = HistoryOperation extends infer O
  ? O extends HistoryOperation
    ? Omit<O, 'start' | 'end' | 'completed' | 'error'>
    : never
  : never

const completedAs = { acknowledged: 'ok', failed: 'fail', unknown: 'info' } as const

/** False for the topic in which groups keep what they commit. */
function isRecords({ topic }: { readonly topic: string }): boolean {
  return !topic.startsWith('__')
}

/** `all` is the strongest. */
function strength(acks: -1 | 0 | 1): number {
  return acks === -1 ? 2 : acks
}

function changedEpochs({ controller: before }: ClusterObservation, { controller: after }: ClusterObservation): number {
  if (before.image === after.image) return 0
  return after.image.partitions.filter(({ topic, partition, leaderEpoch }) =>
    before.image.partitions.some(
      known => known.topic === topic && known.partition === partition && known.leaderEpoch < leaderEpoch,
    ),
  ).length
}

function hasDeleted({ brokers }: ClusterObservation): boolean {
  return Object.values(brokers).some(
    broker => broker.status !== 'down' && broker.replicas.some(({ logStartOffset }) => logStartOffset > 0),
  )
}

/** Also true when a coordinator stops being one, which nobody can tell apart from outside. */
function hasForgotten({ brokers: before }: ClusterObservation, { brokers: after }: ClusterObservation): boolean {
  if (before === after) return false
  const groupsOf = (brokers: ClusterObservation['brokers']) =>
    new Set(
      Object.values(brokers).flatMap(broker =>
        broker.status === 'down' ? [] : broker.groups.map(({ groupId }) => groupId),
      ),
    )
  const known = groupsOf(after)
  return [...groupsOf(before)].some(group => !known.has(group))
}
