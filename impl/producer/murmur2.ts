// MurmurHash2, 32 bits, as the Java client computes it (`org.apache.kafka.common.utils.Utils.murmur2`).

/**
 * Hashes the first `length` bytes of `bytes`.
 *
 * @returns the hash as a signed 32-bit integer, as in Java.
 */
export function murmur2(bytes: Uint8Array, length: number = bytes.length): number {
  const tail = length & ~3
  let hash = 0x9747b28c ^ length
  for (let i = 0; i < tail; i += 4) {
    const word =
      byteAt(bytes, i) | (byteAt(bytes, i + 1) << 8) | (byteAt(bytes, i + 2) << 16) | (byteAt(bytes, i + 3) << 24)
    const mixed = Math.imul(word, multiplier)
    hash = Math.imul(hash, multiplier) ^ Math.imul(mixed ^ (mixed >>> 24), multiplier)
  }
  const left = length - tail
  if (left === 3) hash ^= byteAt(bytes, tail + 2) << 16
  if (left >= 2) hash ^= byteAt(bytes, tail + 1) << 8
  if (left >= 1) hash = Math.imul(hash ^ byteAt(bytes, tail), multiplier)
  hash = Math.imul(hash ^ (hash >>> 13), multiplier)
  return hash ^ (hash >>> 15)
}

const multiplier = 0x5bd1e995

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0
}
