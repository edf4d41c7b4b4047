// Flavoured numbers: arithmetic needs no cast, and mixing two units does not compile.

/** A position in a partition's log. End offsets are exclusive, always. */
export type Offset = number & { readonly unit?: 'Offset' }
/** Counts the leaders of one partition, from 0; -1 where a record or request carries none. */
export type LeaderEpoch = number & { readonly unit?: 'LeaderEpoch' }
/** Counts the changes of one partition's state at the controller (leader, in-sync set), from 0. */
export type PartitionEpoch = number & { readonly unit?: 'PartitionEpoch' }
/** Names one registration of a broker; rises with every registration of any broker; -1 when unregistered. */
export type BrokerEpoch = number & { readonly unit?: 'BrokerEpoch' }
/** Counts controllers, from 1. */
export type ControllerEpoch = number & { readonly unit?: 'ControllerEpoch' }
/** Position in the controller's log of decisions, from 0. */
export type MetadataOffset = number & { readonly unit?: 'MetadataOffset' }
/** Identity of one idempotent producer session; -1 where there is none. */
export type ProducerId = number & { readonly unit?: 'ProducerId' }
/** Epoch of a producer id; -1 where there is none. */
export type ProducerEpoch = number & { readonly unit?: 'ProducerEpoch' }
/** Number of a record in one producer session and partition, 0 to 2^31-1, wrapping to 0; -1 where there is none. */
export type Sequence = number & { readonly unit?: 'Sequence' }
/** Counts a group's rebalances, from 1 (0 before the first). */
export type GenerationId = number & { readonly unit?: 'GenerationId' }
/** Pairs a response with its request within one requester. */
export type CorrelationId = number & { readonly unit?: 'CorrelationId' }
/** Milliseconds on some node's clock, or a length of time. */
export type Milliseconds = number & { readonly unit?: 'Milliseconds' }
/** A number of bytes. */
export type Bytes = number & { readonly unit?: 'Bytes' }
/** A broker's number, from 1; its endpoint's name is `b` and the number. */
export type BrokerId = number & { readonly unit?: 'BrokerId' }
/** A partition's number within its topic, from 0. */
export type PartitionIndex = number & { readonly unit?: 'PartitionIndex' }
