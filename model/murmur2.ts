// The hash that Kafka's Java producer chooses partitions by (Utils.murmur2): MurmurHash2, 32 bits, one fixed seed.

const seed = 0x9747b28c
const multiplier = 0x5bd1e995
const shift = 24

/**
 * The hash of some bytes (0 to 255 each) as a signed 32-bit integer. All arithmetic wraps at 32 bits, and the tail bytes
 * count as unsigned: taken as signed, keys with a byte above 127 in the tail change their partition.
 */
export function murmur2(bytes: readonly number[]): number {
  const tail = bytes.length - (bytes.length % 4)
  let hash = seed ^ bytes.length
  for (let index = 0; index < tail; index += 4) {
    const word =
      byteAt(bytes, index) |
      (byteAt(bytes, index + 1) << 8) |
      (byteAt(bytes, index + 2) << 16) |
      (byteAt(bytes, index + 3) << 24)
    const scaled = Math.imul(word, multiplier)
    hash = Math.imul(hash, multiplier) ^ Math.imul(scaled ^ (scaled >>> shift), multiplier)
  }
  if (tail < bytes.length) {
    hash ^= byteAt(bytes, tail) | (byteAt(bytes, tail + 1) << 8) | (byteAt(bytes, tail + 2) << 16)
    hash = Math.imul(hash, multiplier)
  }
  hash = Math.imul(hash ^ (hash >>> 13), multiplier)
  return hash ^ (hash >>> 15)
}

/** The UTF-8 bytes of a text. Half a surrogate pair has no UTF-8, and counts as U+FFFD, as in every web encoder. */
export function utf8Bytes(text: string): readonly number[] {
  const bytes: number[] = []
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), continuation(code))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), continuation(code >> 6), continuation(code))
    else bytes.push(0xf0 | (code >> 18), continuation(code >> 12), continuation(code >> 6), continuation(code))
  }
  return bytes
}

function continuation(bits: number): number {
  return 0x80 | (bits & 0x3f)
}

/** Zero beyond the end, where it does not change a tail. */
function byteAt(bytes: readonly number[], index: number): number {
  return bytes[index] ?? 0
}
