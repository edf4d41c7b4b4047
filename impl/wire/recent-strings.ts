// Topic names, client ids, group ids and topic ids come again and again. A small table of those seen lately saves
// decoding and allocating them anew, and gives equal strings that are the same object, which makes them fast as keys.
// A slot is overwritten by whatever hashes to it, so the table never grows.

const slots = 1024
const longestAscii = 64

const asciis: (string | undefined)[] = []
const uuids: (string | undefined)[] = []
const uuidWords = new Int32Array(slots * 4)

/** The UTF-8 text in `bytes[from, to)`. What is malformed in it becomes U+FFFD, as Kafka reads it. */
export function textOf(bytes: Uint8Array, from: number, to: number): string {
  if (to - from > longestAscii) return utf8.decode(bytes.subarray(from, to))
  let hash = to - from
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0
    if (byte >= 0x80) return utf8.decode(bytes.subarray(from, to))
    hash = (Math.imul(hash, 31) + byte) | 0
  }
  const slot = (hash ^ (hash >>> 12)) & (slots - 1)
  const known = asciis[slot]
  if (known !== undefined && isAscii(known, bytes, from, to)) return known
  const text = utf8.decode(bytes.subarray(from, to))
  asciis[slot] = text
  return text
}

/** A byte order mark is a character like any other. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

function isAscii(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) !== bytes[from + at]) return false
  }
  return true
}

/** The uuid of four words, the highest first, as 32 hex digits in lower case. */
export function uuidOf(a: number, b: number, c: number, d: number): string {
  const slot = (a ^ b ^ c ^ d ^ (d >>> 11)) & (slots - 1)
  const at = slot * 4
  const known = uuids[slot]
  const same = uuidWords[at] === a && uuidWords[at + 1] === b && uuidWords[at + 2] === c && uuidWords[at + 3] === d
  if (known !== undefined && same) return known
  const text = hex(a) + hex(b) + hex(c) + hex(d)
  uuidWords.set([a, b, c, d], at)
  uuids[slot] = text
  return text
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}
