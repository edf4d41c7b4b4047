// `settle` and `elapse` deliver many messages in one operation. To count what happened on the way, they are taken apart
// into the deliveries and clock ticks that they stand for (docs/protocol/cluster.md §1.7, §2), on a copy of the model.
import type { ClusterObservation, ClusterOperation } from '../../model/vocabulary/cluster.ts'
import type { ModelSide, SetupOf, Transition } from '../scope.ts'

/** The operation as a row of small ones; itself when it is small already. */
export function* smallSteps(
  transition: Transition<'cluster'>,
  modelBefore: ModelSide<'cluster'>,
): Iterable<Transition<'cluster'>> {
  const { setup, operation } = transition
  switch (operation.kind) {
    case 'settle':
      yield* settleSteps(setup, modelBefore)
      return
    case 'elapse':
      for (let left = Math.min(operation.ms, 60_000); left > 0; left -= 500) {
        yield step(setup, modelBefore, { kind: 'advance', ms: Math.min(500, left), node: null })
        yield* settleSteps(setup, modelBefore)
      }
      return
    default:
      yield transition
  }
}

function* settleSteps(setup: SetupOf<'cluster'>, model: ModelSide<'cluster'>): Iterable<Transition<'cluster'>> {
  for (let broker = 1; broker <= setup.brokers; broker++) yield step(setup, model, { kind: 'synced', broker })
  let delivered = 1
  for (let sum = 0; delivered > 0 && sum < 10_000; sum += delivered) {
    delivered = 0
    // Answers and pushes may fill a link that this round has not come to: it is looked at again at each.
    for (const name of linkNames(model.observe(), setup)) {
      const { links, brokers } = model.observe()
      const link = links[name]
      if (link === undefined || link.cut || link.messages.length === 0) continue
      if (brokers[link.to]?.status === 'paused') continue
      yield step(setup, model, { kind: 'deliver', from: link.from, to: link.to })
      delivered++
    }
  }
}

function step(
  setup: SetupOf<'cluster'>,
  model: ModelSide<'cluster'>,
  operation: ClusterOperation,
): Transition<'cluster'> {
  const before = model.observe()
  const outcome = model.apply(operation)
  return { setup, before, operation, outcome, after: model.observe() }
}

const knownNames = new WeakMap<object, readonly string[]>()

/** Every ordered pair of endpoints as `from>to`, by `from`, then `to`. */
function linkNames(seen: ClusterObservation, setup: SetupOf<'cluster'>): readonly string[] {
  const known = knownNames.get(setup)
  if (known !== undefined) return known
  const endpoints = [
    ...Object.keys(seen.brokers),
    ...Object.keys(seen.producers),
    ...Object.keys(seen.consumers),
    'ctl',
  ].sort()
  const names = endpoints.flatMap(from => endpoints.filter(to => to !== from).map(to => `${from}>${to}`))
  knownNames.set(setup, names)
  return names
}
