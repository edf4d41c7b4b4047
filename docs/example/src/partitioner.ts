// The partitioner of an imaginary client library. It knows nothing of its tests.

/** What a record and its topic say about where it may go. */
export type Question = {
  readonly topic: string
  readonly key: string | null
  readonly partitionCount: number
  /** Those that have a leader now. */
  readonly available: readonly number[]
}

/** Records with a key go where the key's hash says; the others are dealt in turn among the partitions that have a leader. */
export class RoundRobinPartitioner {
  readonly #dealt = new Map<string, number>()

  choose({ topic, key, partitionCount, available }: Question): number {
    if (key !== null) return (murmur2(new TextEncoder().encode(key)) & 0x7fffffff) % partitionCount
    const count = this.#dealt.get(topic) ?? 0
    this.#dealt.set(topic, count + 1)
    return available[count % available.length] ?? count % partitionCount
  }
}

/** As Kafka's Java client has it, so that all clients agree where a key is. */
function murmur2(bytes: Uint8Array): number {
  const m = 0x5bd1e995
  let hash = 0x9747b28c ^ bytes.length
  const whole = bytes.length & ~3
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 0; at < whole; at += 4) {
    const mixed = Math.imul(view.getInt32(at, true), m)
    hash = Math.imul(hash, m) ^ Math.imul(mixed ^ (mixed >>> 24), m)
  }
  for (let at = bytes.length - 1; at >= whole; at--) hash ^= (bytes[at] ?? 0) << (8 * (at - whole))
  if (bytes.length > whole) hash = Math.imul(hash, m)
  hash = Math.imul(hash ^ (hash >>> 13), m)
  return hash ^ (hash >>> 15)
}
