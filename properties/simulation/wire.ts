// Messages as bytes in a simulated cluster: what is in flight is what was read from the frame of its sender.

import type { Wire } from '../../impl/ports/network.ts'
import { decodeMessage, encodeMessage } from '../../impl/wire/messages.ts'

/** How a message gets from one node to another: as it is, or by way of its bytes. */
export type Carry = (message: Wire) => Wire

export const asItIs: Carry = message => message

/**
 * The message that a receiver reads from the frame that its sender wrote: nothing of one is shared with the other. Throws
 * where a message cannot be written or read, and where the size of a frame is not that of its bytes.
 */
export const asBytes: Carry = message => {
  const stream = joined(encodeMessage(message))
  const size = new DataView(stream.buffer).getInt32(0)
  const frame = stream.subarray(sizeBytes)
  if (size !== frame.length)
    throw new Error(`the frame of a ${message.kind} says ${size} bytes and has ${frame.length}`)
  return decodeMessage(frame)
}

const sizeBytes = 4

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
