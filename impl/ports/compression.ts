// Decompression as the core sees it: one of the only ways out of impl/. Compressing is the clients' business.
import type { Bytes } from '../../model/vocabulary/units.ts'

/** Kafka's codecs by their number in a batch's attributes (1 to 4). */
export const codecNames = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

/** The bytes that were compressed; null when they are no such thing, or would be more than `bytesMax`. */
export type Decompress = (codec: number, bytes: Uint8Array, bytesMax: Bytes) => Uint8Array | null

/** For logs in which nothing is compressed. */
export const neverCompressed: Decompress = () => null
