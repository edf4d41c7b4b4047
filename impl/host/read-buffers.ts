// Memory for large reads, used again when what was read has been sent. Without it every answer to a fetch is a megabyte
// that the collector has to find and the kernel has to hand out anew.
//
// Whoever sends what a log answered gives it back when it is sent; whoever keeps it simply does not.
import type { Bytes } from '../../model/vocabulary/units.ts'

/** A megabyte, which is what a fetch of one partition asks for, and a batch that begins before its end. */
const bufferBytes: Bytes = 1_179_648
/** Below this, allocating is as cheap. */
const leastBytes: Bytes = 65_536
const keptMax = 12

const free: ArrayBufferLike[] = []
const lent = new WeakSet<ArrayBufferLike>()

/** Memory for a read of `size` bytes, with anything in it. */
export function takeReadBuffer(size: Bytes): Uint8Array {
  // Not Buffer's shared pool: a few bytes kept would keep all of it.
  if (size < leastBytes || size > bufferBytes) return new Uint8Array(Buffer.allocUnsafeSlow(size).buffer)
  const memory = free.pop() ?? Buffer.allocUnsafeSlow(bufferBytes).buffer
  lent.add(memory)
  return new Uint8Array(memory, 0, size)
}

/** Nobody looks at these bytes any more. Bytes that were not taken from here are left alone. */
export function giveReadBufferBack({ buffer }: Uint8Array): void {
  if (!lent.delete(buffer)) return
  if (free.length < keptMax) free.push(buffer)
}
