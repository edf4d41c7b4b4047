// Topics that come to be because somebody asked for them (`auto.create.topics.enable`). Follows `AutoTopicCreationManager`.
import type { KafkaErrorName } from '../wire/errors.ts'
import type { ControllerLink } from './controller-link.ts'
import type { CreateTopics } from './metadata.ts'

/** Creates topics with the cluster's defaults; a topic that somebody else created meanwhile is as good. */
export function createsTopics(controller: ControllerLink): CreateTopics {
  return (topics, done) => {
    const asked = topics.map(topic => ({ topic, partitions: -1, replicationFactor: -1, assignments: [], settings: [] }))
    controller.ask(
      administration => administration.createTopics(asked, false),
      created => {
        const errors = new Map<string, KafkaErrorName>()
        for (const { topic, error } of created) {
          if (error !== 'NONE' && error !== 'TOPIC_ALREADY_EXISTS') errors.set(topic, error as KafkaErrorName)
        }
        done(errors)
      },
      error => done(new Map(topics.map(topic => [topic, error]))),
    )
  }
}
