// Numbers as bytes: 64-bit integers and zigzag varints, without bigint wherever the value is exact without it.

const twoTo32 = 0x1_0000_0000
const exactZigzag = 2 ** 52

/** Reads a big-endian signed 64-bit integer; exact up to 2^53. */
export function readInt64(view: DataView, at: number): number {
  return view.getInt32(at) * twoTo32 + view.getUint32(at + 4)
}

/** Writes a big-endian signed 64-bit integer. */
export function writeInt64(view: DataView, at: number, value: number): void {
  const high = Math.floor(value / twoTo32)
  view.setInt32(at, high)
  view.setUint32(at + 4, value - high * twoTo32)
}

/** Bytes that `writeVarint` takes for a whole number: zigzag, seven bits a byte, low bits first. */
export function varintSize(value: number): number {
  if (value >= -64 && value < 64) return 1
  if (value >= -8192 && value < 8192) return 2
  let size = 3
  for (let bound = 1_048_576; size < 10 && (value < -bound || value >= bound); bound *= 128) size++
  return size
}

/** Writes a zigzag varint (or varlong: they differ in range only) and answers the position behind it. */
export function writeVarint(view: DataView, at: number, value: number): number {
  if (value >= -0x4000_0000 && value < 0x4000_0000) {
    let rest = (value << 1) ^ (value >> 31)
    for (; rest > 127; rest >>>= 7) view.setUint8(at++, (rest & 127) | 128)
    view.setUint8(at++, rest)
    return at
  }
  if (value <= -exactZigzag || value >= exactZigzag) return writeBigVarint(view, at, BigInt(value))
  let rest = value < 0 ? -value * 2 - 1 : value * 2
  for (; rest > 127; rest = Math.floor(rest / 128)) view.setUint8(at++, (rest % 128) | 128)
  view.setUint8(at++, rest)
  return at
}

function writeBigVarint(view: DataView, start: number, value: bigint): number {
  let at = start
  let rest = value < 0n ? -value * 2n - 1n : value * 2n
  for (; rest > 127n; rest >>= 7n) view.setUint8(at++, Number(rest & 127n) | 128)
  view.setUint8(at++, Number(rest))
  return at
}
