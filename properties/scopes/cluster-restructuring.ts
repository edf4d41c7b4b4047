// Shorter ways to tell what a cluster's run does: many single deliveries and moments of time become one `settle` or
// `elapse`, and a message that was held back by never delivering it is held back by a cut instead. Deleting alone cannot
// get there, because each of the many steps is needed as long as the others are single steps.
import type { OperationOf, Run } from '../scope.ts'

type Operation = OperationOf<'cluster'>

/** Runs with fewer operations, the boldest first. */
export function* restructuredCluster({ setup, operations }: Run<'cluster'>): Iterable<Run<'cluster'>> {
  for (const shorter of rows(operations)) {
    if (shorter.length < operations.length) yield { setup, operations: shorter }
  }
}

function* rows(operations: readonly Operation[]): Iterable<readonly Operation[]> {
  for (const least of [1, 2]) for (const pass of passages) yield condensed(operations, least, pass)
  yield* heldBack(operations)
  yield* windows(operations, isSchedule, operations.length)
  if (operations.length <= shortMost) yield* windows(operations, () => true, widestOfAny)
}

/** What stands for a row of single steps: some time, and all that is delivered meanwhile. */
const passages: readonly Operation[] = [
  { kind: 'settle' },
  { kind: 'elapse', ms: 500 },
  { kind: 'elapse', ms: 1000 },
  { kind: 'elapse', ms: 3000 },
]
const shortMost = 24
const widestOfAny = 5

/** Steps of which `settle` and `elapse` consist. */
function isSchedule({ kind }: Operation): boolean {
  return kind === 'deliver' || kind === 'advance' || kind === 'settle' || kind === 'elapse' || kind === 'synced'
}

/** Every row of at least `least` single steps as one passage. */
function condensed(operations: readonly Operation[], least: number, passage: Operation): readonly Operation[] {
  const result: Operation[] = []
  let row: Operation[] = []
  const finish = () => {
    if (row.length >= least) result.push(passage)
    else result.push(...row)
    row = []
  }
  for (const operation of operations) {
    if (isSchedule(operation)) {
      row.push(operation)
      continue
    }
    finish()
    result.push(operation)
  }
  finish()
  return result
}

/** One row of neighbours as one passage, the widest first. */
function* windows(
  operations: readonly Operation[],
  mayGo: (operation: Operation) => boolean,
  widest: number,
): Iterable<readonly Operation[]> {
  for (let width = Math.min(widest, operations.length); width >= 2; width--) {
    for (let start = operations.length - width; start >= 0; start--) {
      if (!operations.slice(start, start + width).every(mayGo)) continue
      for (const passage of passages) yield operations.toSpliced(start, width, passage)
    }
  }
}

/** One direction of a link is cut for a while, instead of delivering on all the others. */
function* heldBack(operations: readonly Operation[]): Iterable<readonly Operation[]> {
  const tried = new Set<string>()
  for (let end = operations.length - 1; end >= 0; end--) {
    const released = operations[end]
    if (released?.kind !== 'deliver' && released?.kind !== 'deliverLate') continue
    const { from, to } = released
    if (tried.has(`${from}>${to}`)) continue
    tried.add(`${from}>${to}`)
    for (let start = 0; start < end; start++) {
      for (const passage of passages) {
        yield [
          ...operations.slice(0, start),
          { kind: 'cut', from, to },
          ...condensed(operations.slice(start, end), 1, passage),
          { kind: 'heal', from, to },
          ...operations.slice(end),
        ]
      }
    }
  }
}
