// Receiving into memory of our own choice. Node offers that (`onread`) to sockets that connect and not to those that are
// accepted; so an accepted connection's handle is put into a socket that has it. Received this way, the bytes of a large
// request are copied once, by the kernel, to where they stay; docs/decisions/0008-wire.md says what that is worth.
//
// `_handle` is not documented. Where it is missing, and with TLS, bytes come in chunks that Node allocates.
import { Socket } from 'node:net'
import type { FrameAssembler } from './frame-assembler.ts'

type WithHandle = { _handle: { readonly close: unknown } | null }

/** The frames of a stream, as they are received: whoever visits one answers whether it is done with the bytes. */
export type FrameVisitor = (frame: Buffer) => boolean

/**
 * Lets the frames of an accepted connection be assembled and visited. `received` is called after every piece, with what
 * the assembler threw if it did. Answers the socket to use from here on. `accepted` must be paused, and was not read from.
 */
export function receiveFrames(
  accepted: Socket,
  assembler: FrameAssembler,
  visit: FrameVisitor,
  received: (failure: unknown) => void,
): Socket {
  const attempt = (step: () => void): void => {
    let failure: unknown = null
    try {
      step()
    } catch (error) {
      failure = error
    }
    received(failure)
  }
  const handle = 'encrypted' in accepted ? null : takeHandle(accepted)
  if (handle === null) {
    accepted.on('data', (chunk: Buffer) => attempt(() => assembler.take(chunk, visit)))
    return accepted
  }
  const onread = {
    buffer: () => assembler.space(),
    callback: (count: number): boolean => {
      // What arrives in the assembler's own space is overwritten by what arrives next.
      attempt(() => assembler.arrived(count, visit))
      return true
    },
  }
  // `handle` is an option that the types do not know.
  const socket = new Socket({ handle, onread, readable: true, writable: true, allowHalfOpen: false } as never)
  return socket
}

/** Takes the connection away from a socket, which is of no more use then. */
function takeHandle(socket: Socket): WithHandle['_handle'] {
  const owner = socket as unknown as WithHandle
  const handle = owner._handle ?? null
  if (handle === null || typeof handle.close !== 'function') return null
  owner._handle = null
  // The server counts the connection out, and closes without waiting for it.
  socket.destroy()
  return handle
}
