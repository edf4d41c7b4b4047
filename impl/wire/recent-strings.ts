// Topic names, client ids, group ids and topic ids come again and again. A small table of those seen lately saves
// decoding and allocating them anew, and gives equal strings that are the same object, which makes them fast as keys.
// A slot is overwritten by whatever hashes to it, so the table never grows.

const slots = 1024
const longestAscii = 64

const asciis: (string | undefined)[] = []
const uuids: (string | undefined)[] = []
const uuidWords = new Int32Array(slots * 4)

/** The ASCII string in `bytes[from, to)`; null when it is not ASCII, or too long to be worth remembering. */
export function recentAscii(bytes: Uint8Array, from: number, to: number): string | null {
  if (to - from > longestAscii) return null
  let hash = to - from
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0
    if (byte >= 0x80) return null
    hash = (Math.imul(hash, 31) + byte) | 0
  }
  const slot = (hash ^ (hash >>> 12)) & (slots - 1)
  const known = asciis[slot]
  if (known !== undefined && isAscii(known, bytes, from, to)) return known
  const text = String.fromCharCode(...bytes.subarray(from, to))
  asciis[slot] = text
  return text
}

function isAscii(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) !== bytes[from + at]) return false
  }
  return true
}

/** The uuid of four big-endian words, as 32 hex digits in lower case. */
export function recentUuid(a: number, b: number, c: number, d: number): string {
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
