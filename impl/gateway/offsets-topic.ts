// The topic that keeps the groups comes to be when somebody first asks for a coordinator, as in Kafka
// (`AutoTopicCreationManager`). Kafka answers COORDINATOR_NOT_AVAILABLE meanwhile; here the answer waits.
import { offsetsTopic } from '../broker/topics.ts'
import { zeroUuid } from '../wire/schema.ts'
import type { ControllerLink } from './controller-link.ts'
import type { ClusterView } from './view.ts'

/** `offsets.topic.num.partitions` and `offsets.topic.replication.factor`. */
export type OffsetsTopicSettings = { readonly partitions: number; readonly replicationFactor: number }

/** Sees to it that the topic is there, and goes on. When it cannot be created, whoever asks is told so anyway. */
export function ensureOffsetsTopic(
  view: ClusterView,
  controller: ControllerLink,
  { partitions, replicationFactor }: OffsetsTopicSettings,
  goOn: () => void,
): void {
  if (view.topicId(offsetsTopic) !== zeroUuid) {
    goOn()
    return
  }
  controller.ask(
    administration =>
      administration.createInternalTopic({
        topic: offsetsTopic,
        partitions,
        replicationFactor,
        assignments: [],
        settings: [
          { name: 'cleanup.policy', value: 'compact' },
          { name: 'segment.bytes', value: '104857600' },
        ],
      }),
    goOn,
    goOn,
  )
}
