// What a schema cannot say of a set-up: numbers that must fit each other, and clients that must be there.
import type { LogConfig } from '../model/vocabulary/log.ts'
import type { Trace } from './trace.ts'

/** Why a run with this set-up makes no sense, and what to do; null when it does. */
export function impossibleSetup(trace: Trace): string | null {
  switch (trace.scope) {
    case 'log':
      return tooLargeMessages(trace.setup.config, 'the set-up')
    case 'cluster': {
      const { setup, operations } = trace
      const unfit = tooLargeMessages(setup.offsetsConfig, 'the set-up of the offsets topic')
      if (unfit !== null) return unfit
      for (const [index, operation] of operations.entries()) {
        if (operation.kind === 'createTopic') {
          const config = tooLargeMessages(operation.config, `the topic created at index ${index}`)
          if (config !== null) return config
        }
        const producer = 'producer' in operation ? operation.producer : null
        if (producer !== null && numberOf(producer) > setup.producers) {
          return missing('producer', producer, index, setup.producers)
        }
        const consumer = 'consumer' in operation ? operation.consumer : null
        if (consumer !== null && numberOf(consumer) > setup.consumers) {
          return missing('consumer', consumer, index, setup.consumers)
        }
      }
      return null
    }
    case 'partitioner':
    case 'assignor':
    case 'producer':
    case 'group':
      return null
  }
}

/** A batch that is allowed must fit into a segment; Kafka refuses such settings too. */
function tooLargeMessages(config: LogConfig, where: string): string | null {
  if (config.maxMessageBytes <= config.segmentBytes) return null
  return (
    `${where} allows batches (maxMessageBytes ${config.maxMessageBytes}) that no segment can hold ` +
    `(segmentBytes ${config.segmentBytes}). Lower the one or raise the other.`
  )
}

function numberOf(endpoint: string): number {
  return Number(endpoint.slice(1))
}

function missing(what: string, name: string, index: number, count: number): string {
  return (
    `the operation at index ${index} names ${name}, and the set-up has ${count} ${what}s. ` +
    `Raise "${what}s" in the set-up or leave the operation out.`
  )
}
