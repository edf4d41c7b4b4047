// What the controller tells the brokers besides the image of the vocabulary: where brokers listen and which life of a
// name a topic is. The model has neither, so the fields are absent where nobody has set them.
import type { MetadataImage } from '../../model/vocabulary/messages.ts'
import type { BrokerId } from '../../model/vocabulary/units.ts'

/** A UUID as 32 hexadecimal digits. A topic that is created again under its old name has another one (KIP-516). */
export type TopicId = string

/** Where clients and other brokers reach a broker. */
export type BrokerPlace = { readonly host: string; readonly port: number; readonly rack: string | null }

/** What an image has beyond the vocabulary. Brokers by id, topics by name; those without an entry have none. */
export type ImageExtras = {
  /** Keeps the logs of another cluster from being taken for this one's. */
  readonly clusterId: string
  readonly places: readonly (BrokerPlace & { readonly brokerId: BrokerId })[]
  readonly topicIds: readonly { readonly topic: string; readonly topicId: TopicId }[]
}

/** The controller's decisions up to a metadata offset. */
export type ClusterImage = MetadataImage & { readonly extras?: ImageExtras }
