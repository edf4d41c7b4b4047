// Which versions of Apache Kafka can be had, and what each of them needs.
import { UsageError } from '../exit.ts'

/** The release that everything here is held against unless somebody asks for another. */
export const heldAgainst = '4.3.1'

/** A release as it is named in Maven Central, such as 4.3.1. */
export type KafkaVersion = {
  readonly text: string
  /** The oldest Java that its brokers run on, by its feature number: 8, 11, 17. */
  readonly java: number
  /** What its brokers log through, beside themselves, as `group:artifact:version`. */
  readonly logging: readonly string[]
}

/**
 * Reads a version. Throws `UsageError` when it is none, or one whose brokers need ZooKeeper: KRaft is there for everyday
 * use since 3.3 (KIP-833).
 */
export function kafkaVersion(text: string): KafkaVersion {
  const [, major = '', minor = ''] = /^(\d+)\.(\d+)\.\d+$/.exec(text) ?? []
  if (major === '') {
    throw new UsageError(`${text} is no version of Apache Kafka. Write all of its numbers, such as ${heldAgainst}.`)
  }
  if (Number(major) < 3 || (major === '3' && Number(minor) < 3)) {
    throw new UsageError(
      `Apache Kafka ${text} needs ZooKeeper, which is not started here. Choose 3.3.1 or newer, such as ${heldAgainst}.`,
    )
  }
  return Number(major) < 4
    ? { text, java: 8, logging: ['org.slf4j:slf4j-reload4j:1.7.36'] }
    : {
        text,
        java: 17,
        logging: ['org.apache.logging.log4j:log4j-slf4j-impl:2.24.3', 'org.apache.logging.log4j:log4j-core:2.24.3'],
      }
}
