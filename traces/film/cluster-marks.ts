// What happens on the lanes of a cluster besides messages: what an operation does to somebody, and what the model shows that
// somebody noticed.
import type { ClusterObservation, ClusterOperation, ClusterOutcome, Endpoint } from '../../model/vocabulary/cluster.ts'
import { completions, consumerChanges } from '../render/client-changes.ts'
import { clusterLine } from '../render/cluster-operation.ts'
import { change, partitionWord } from '../render/words.ts'
import type { Mark, MarkKind } from './film.ts'
import { refusedText } from './refusals.ts'
import type { Part } from './unfold.ts'

/** A mark without its moment. */
type Bare = Omit<Mark, 'at'>

/** Everything that a part of an operation did on the lanes. `outcome` is what the whole operation answered. */
export function clusterMarks(
  before: ClusterObservation,
  { operation, after }: Part,
  outcome: ClusterOutcome,
): readonly Bare[] {
  return [...answeredMarks(operationMarks(before, operation), operation, outcome), ...noticed(before, after, operation)]
}

/** An operation that did not apply leaves no mark; of one that was refused it is told where it would have been. */
function answeredMarks(marks: readonly Bare[], operation: ClusterOperation, outcome: ClusterOutcome): readonly Bare[] {
  switch (outcome.kind) {
    case 'done':
    case 'delivered':
      return marks
    case 'nothing':
      return []
    case 'error':
      return marks.map(({ lane }) => mark(lane, 'act', refusedText(clusterLine(operation), outcome.error)))
  }
}

/** What the operation does, on the lane of whom it does it to. */
function operationMarks(before: ClusterObservation, operation: ClusterOperation): readonly Bare[] {
  switch (operation.kind) {
    case 'deliver':
    case 'deliverLate':
    case 'settle':
      return []
    case 'disconnect':
      return [mark(operation.a, 'cut', `its connection to ${operation.b} breaks`)]
    case 'cut':
      return [mark(operation.from, 'cut', `cut off from sending to ${operation.to}`)]
    case 'heal':
      return [mark(operation.from, 'heal', `can send to ${operation.to} again`)]
    case 'healAll':
      return Object.values(before.links)
        .filter(link => link.cut)
        .map(({ from, to }) => mark(from, 'heal', `can send to ${to} again`))
    case 'advance':
      return operation.node === null
        ? [mark('ctl', 'time', `all clocks +${operation.ms} ms`)]
        : [mark(operation.node, 'time', `its clock +${operation.ms} ms`)]
    case 'elapse':
      return [mark('ctl', 'time', `${operation.ms} ms pass`)]
    case 'crash':
    case 'restart':
    case 'pause':
    case 'resume':
      return [mark(`b${operation.broker}`, operation.kind, clusterLine(operation))]
    case 'createTopic':
    case 'setUncleanElection':
    case 'electLeader':
    case 'expireSession':
    case 'failoverController':
      return [mark('ctl', 'act', clusterLine(operation))]
    case 'deleteRecords':
      return [mark(`b${operation.broker}`, 'act', clusterLine(operation))]
    case 'flush':
    case 'synced':
    case 'checkpoint':
    case 'roll':
    case 'clean':
    case 'retain':
    case 'rot':
    case 'fillDisk':
      return [mark(`b${operation.broker}`, 'disk', clusterLine(operation))]
    case 'openProducer':
    case 'send':
      return [mark(operation.producer, 'act', clusterLine(operation))]
    case 'openConsumer':
    case 'poll':
    case 'commit':
    case 'closeConsumer':
      return [mark(operation.consumer, 'act', clusterLine(operation))]
    case 'killClient':
      return [mark(operation.client, 'crash', clusterLine(operation))]
  }
}

function noticed(before: ClusterObservation, after: ClusterObservation, operation: ClusterOperation): readonly Bare[] {
  return [
    ...elections(before, after),
    ...Object.keys(after.brokers).flatMap(name => brokerMarks(name, before, after, operation)),
    ...Object.entries(after.producers).flatMap(([name, now]) => {
      const old = before.producers[name]
      if (old === now) return []
      return completions(name, old, now).map(text => mark(name, 'act', withoutName(name, text)))
    }),
    ...Object.entries(after.consumers).flatMap(([name, now]) => {
      const old = before.consumers[name]
      if (old === now || old === undefined) return []
      const changes = consumerChanges(
        { ...before, consumers: { [name]: old } },
        { ...after, consumers: { [name]: now } },
      )
      return changes.map(text => mark(name, 'act', withoutName(name, text)))
    }),
  ]
}

/** Partitions whose leader or epoch is another one, and a controller that is another one. */
function elections(
  { controller: before }: ClusterObservation,
  { controller: after }: ClusterObservation,
): readonly Bare[] {
  if (before.image === after.image) return []
  const controllerEpoch = change('controller epoch', before.image.controllerEpoch, after.image.controllerEpoch)
  const changed = after.image.partitions.flatMap(state => {
    const old = before.image.partitions.find(
      ({ topic, partition }) => topic === state.topic && partition === state.partition,
    )
    if (old?.leader === state.leader && old.leaderEpoch === state.leaderEpoch) return []
    const leader = state.leader < 0 ? 'nobody leads' : `b${state.leader} leads`
    return [mark('ctl', 'election', `${partitionWord(state)}: ${leader}, epoch ${state.leaderEpoch}`)]
  })
  return controllerEpoch === '' ? changed : [mark('ctl', 'election', controllerEpoch), ...changed]
}

/** A broker that halts though nobody made it crash, and logs that become shorter. */
function brokerMarks(
  name: Endpoint,
  { brokers: before }: ClusterObservation,
  { brokers: after }: ClusterObservation,
  operation: ClusterOperation,
): readonly Bare[] {
  const [old, now] = [before[name], after[name]]
  if (old === now || old === undefined || now === undefined || old.status === 'down') return []
  if (now.status === 'down') return operation.kind === 'crash' ? [] : [mark(name, 'crash', 'halts: a disk failed')]
  if (old.replicas === now.replicas) return []
  return now.replicas.flatMap(replica => {
    const known = old.replicas.find(
      ({ topic, partition }) => topic === replica.topic && partition === replica.partition,
    )
    if (known === undefined || known.logEndOffset <= replica.logEndOffset) return []
    return [mark(name, 'disk', `cuts ${partitionWord(replica)} from ${known.logEndOffset} to ${replica.logEndOffset}`)]
  })
}

function mark(lane: Endpoint, kind: MarkKind, text: string): Bare {
  return { lane, kind, text }
}

/** The lane says who it is. */
function withoutName(name: string, text: string): string {
  return text.startsWith(`${name}: `) ? text.slice(name.length + 2) : text
}
