// Which operations of a history are drawn when there are more than anybody can look at.
import type { Anomaly } from '../properties/history/anomaly.ts'
import type { HistoryOperation } from '../properties/history/history.ts'

const operationsMost = 4000
/** Of what is rare in a good history, so that a bad one leaves room for the rest. */
const rareMost = 500

/** Of an anomaly with more operations in its proof the first ones are drawn. */
export const proofMost = 20

/**
 * Indices into `operations`, ascending: all when they are few. Otherwise what proves the anomalies, which is drawn however
 * much it is; what is rare; and of the others every so many.
 */
export function chosenOperations(
  operations: readonly HistoryOperation[],
  anomalies: readonly Anomaly[],
): readonly number[] {
  const all = Array.from(operations, (_, index) => index)
  if (all.length <= operationsMost) return all
  const chosen = new Set(anomalies.flatMap(anomaly => anomaly.operations.slice(0, proofMost)))
  const rare = all.filter(index => isRare(operations[index]))
  for (const index of everySoMany(rare, rareMost)) chosen.add(index)
  for (const index of everySoMany(all, Math.max(operationsMost - chosen.size, operationsMost / 4))) chosen.add(index)
  return all.filter(index => chosen.has(index))
}

function isRare(operation: HistoryOperation | undefined): boolean {
  if (operation === undefined) return false
  const { kind, completed } = operation
  return kind === 'crash' || kind === 'rebalance' || kind === 'resetOffsets' || completed !== 'ok'
}

/** At most so many, spread over all of them. */
function everySoMany(indices: readonly number[], most: number): readonly number[] {
  const every = Math.max(1, Math.ceil(indices.length / most))
  return indices.filter((_, place) => place % every === 0)
}
