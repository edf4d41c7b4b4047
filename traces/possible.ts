// What a schema cannot say of a set-up: clients that operations name must be there.
//
// Not refused: batches that are allowed to be larger than a segment. Such a batch gets a segment of its own on both sides,
// and generated runs use that.
import type { ClusterOperation } from '../model/vocabulary/cluster.ts'
import type { Trace } from './trace.ts'

/** Why a run with this set-up makes no sense, and what to do; null when it does. */
export function impossibleSetup(trace: Trace): string | null {
  if (trace.scope !== 'cluster') return null
  const { producers, consumers } = trace.setup
  for (const [index, operation] of trace.operations.entries()) {
    for (const name of clientsOf(operation)) {
      const isProducer = name.startsWith('p')
      const count = isProducer ? producers : consumers
      if (numberOf(name) > count) return missing(isProducer ? 'producers' : 'consumers', name, index, count)
    }
  }
  return null
}

/** The clients that an operation cannot do without. */
function clientsOf(operation: ClusterOperation): readonly string[] {
  if ('producer' in operation) return [operation.producer]
  if ('consumer' in operation) return [operation.consumer]
  return []
}

function numberOf(endpoint: string): number {
  return Number(endpoint.slice(1))
}

function missing(what: string, name: string, index: number, count: number): string {
  return (
    `the operation at index ${index} names ${name}, and the set-up has only ${count} ${what}. ` +
    `Raise "${what}" in the set-up or leave the operation out.`
  )
}
