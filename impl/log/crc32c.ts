// CRC-32C (Castagnoli), the checksum of record batches v2. Crossing into native code costs more than a small batch
// takes here, so small inputs are summed in JavaScript, eight bytes a step, and large ones by the native package.
import { crc32c as nativeCrc32c } from '@node-rs/crc32'

// Below this many bytes JavaScript is the faster of the two; see bench/log.ts.
const nativeFrom = 256

/** The CRC-32C of `bytes[from, to)` as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  return to - from < nativeFrom ? crc32cSliced(bytes, from, to) : nativeCrc32c(bytes.subarray(from, to))
}

/** The same by slicing-by-8 alone. */
export function crc32cSliced(bytes: Uint8Array, from = 0, to = bytes.length): number {
  tables ??= buildTables()
  const t = tables
  let crc = -1
  let at = from
  for (; at + 8 <= to; at += 8) {
    const low =
      crc ^
      ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24))
    crc =
      (t[1792 + (low & 255)] ?? 0) ^
      (t[1536 + ((low >>> 8) & 255)] ?? 0) ^
      (t[1280 + ((low >>> 16) & 255)] ?? 0) ^
      (t[1024 + (low >>> 24)] ?? 0) ^
      (t[768 + (bytes[at + 4] ?? 0)] ?? 0) ^
      (t[512 + (bytes[at + 5] ?? 0)] ?? 0) ^
      (t[256 + (bytes[at + 6] ?? 0)] ?? 0) ^
      (t[bytes[at + 7] ?? 0] ?? 0)
  }
  for (; at < to; at++) crc = (t[(crc ^ (bytes[at] ?? 0)) & 255] ?? 0) ^ (crc >>> 8)
  return ~crc >>> 0
}

let tables: Int32Array | null = null

/** Eight tables of 256 in one array: table k holds the effect of a byte that k more bytes follow. */
function buildTables(): Int32Array {
  const t = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
    t[byte] = crc
  }
  for (let at = 256; at < t.length; at++) {
    const before = t[at - 256] ?? 0
    t[at] = (t[before & 255] ?? 0) ^ (before >>> 8)
  }
  return t
}
