// Where in each partition the operations of a history are drawn: at the offsets of which they speak.
import { type LogIndex, partitionText } from '../properties/history/log-index.ts'
import type { Mark, MarkKind, ShownPartition } from './history-picture.ts'

type Marks = { readonly marks: Mark[]; readonly homeless: number[] }

/** Of each partition that an operation shown speaks of. `shown`: where an operation of the history stands in the picture. */
export function marksByPartition(
  index: LogIndex,
  shown: ReadonlyMap<number, number>,
): ReadonlyMap<string, Omit<ShownPartition, 'name'>> {
  const found = new Map<string, Marks>()
  const of = (name: string): Marks => {
    const marks = found.get(name) ?? { marks: [], homeless: [] }
    found.set(name, marks)
    return marks
  }
  const mark = (name: string, kind: MarkKind, operation: number, offsets: readonly number[]): void => {
    for (const run of runsOf(offsets)) of(name).marks.push({ operation, kind, ...run })
  }
  for (const [at, operation] of shown) {
    const one = index.history.operations[at]
    switch (one?.kind) {
      case 'send': {
        // Where a producer was told nothing, whoever read the value knows.
        const values = index.logOf(one.topic, one.partition)?.values
        const offsets = one.records.flatMap(
          ({ value, offset }) => offset ?? values?.get(value)?.places[0]?.offset ?? [],
        )
        mark(partitionText(one), 'send', operation, offsets)
        if (offsets.length === 0) of(partitionText(one)).homeless.push(operation)
        break
      }
      case 'poll':
        for (const [name, records] of Map.groupBy(one.records, partitionText)) {
          const offsets = records.map(({ offset }) => offset)
          mark(name, 'poll', operation, offsets)
        }
        break
      case 'commit':
      case 'committed':
      case 'resetOffsets':
        for (const place of one.offsets) {
          // -1: nothing was committed.
          if (place.offset >= 0) mark(partitionText(place), one.kind, operation, [place.offset])
        }
        break
      default:
    }
  }
  return found
}

/** Neighbouring offsets that follow each other, as one. */
function runsOf(offsets: readonly number[]): readonly { readonly first: number; readonly last: number }[] {
  const runs: { first: number; last: number }[] = []
  for (const offset of offsets) {
    const last = runs.at(-1)
    if (last !== undefined && offset === last.last + 1) last.last = offset
    else runs.push({ first: offset, last: offset })
  }
  return runs
}
