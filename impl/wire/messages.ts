// The messages between the nodes of a cluster as bytes. docs/protocol/wire-between-nodes.md.
//
//   size int32 | direction int8 | API key int16 | version int16 | Kafka's request or response, from its header on
//
// The size counts everything after itself. The five bytes behind it are our own: answers come back in any order between
// our nodes, and a frame that says what it is needs no memory of what was asked. The rest is Kafka's, so that the codec
// that talks to clients is the codec that replicates.

import type { Wire } from '../ports/network.ts'
import { families } from './messages/families.ts'
import type { Direction } from './messages/family.ts'
import { WireError } from './wire-error.ts'

/**
 * The chunks of a message's whole frame, its size included, none of them empty. Large records are the very bytes of the
 * message, not a copy, so they must not change until they are sent. Throws WireError for a number or a string that its
 * field cannot hold.
 */
export function encodeMessage(message: Wire): Uint8Array[] {
  const way = wayOf(message.kind)
  // The way was looked up by the message's own kind, which is more than the compiler follows.
  const chunks = way.direction.write(message as never)
  const prefix = new Uint8Array(sizeBytes + prefixBytes)
  const view = new DataView(prefix.buffer)
  const kafkaBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0) - sizeBytes
  view.setInt32(0, prefixBytes + kafkaBytes)
  view.setInt8(4, way.code)
  view.setInt16(5, way.apiKey)
  view.setInt16(7, way.version)
  const [first = prefix, ...others] = chunks
  return [prefix, first.subarray(sizeBytes), ...others]
}

/**
 * The message of a frame, which is given without the four bytes of its size. Its records are views into the frame. Throws
 * WireError for what is no frame of `encodeMessage`'s.
 */
export function decodeMessage(frame: Uint8Array): Wire {
  if (frame.length < prefixBytes) throw new WireError(`a frame of ${frame.length} bytes`)
  const view = new DataView(frame.buffer, frame.byteOffset)
  const code = view.getInt8(0)
  const apiKey = view.getInt16(1)
  const version = view.getInt16(3)
  const way = waysByApi.get(apiKey)?.find(known => known.code === code)
  if (way === undefined) throw new WireError(`no message of ours has direction ${code} and API key ${apiKey}`)
  if (way.version !== version) throw new WireError(`API ${apiKey} goes in version ${way.version}, not ${version}`)
  return way.direction.read(frame.subarray(prefixBytes))
}

const sizeBytes = 4
const prefixBytes = 5
const requestCode = 0
const responseCode = 1

/** One kind of message on its way to bytes and back; `never` since every kind has another type. */
type Way = {
  readonly kind: string
  readonly code: number
  readonly apiKey: number
  readonly version: number
  readonly direction: { readonly write: Direction<never>['write']; readonly read: (frame: Uint8Array) => Wire }
}

const ways: readonly Way[] = Object.entries(families).flatMap(([kind, { api, version, request, response }]) => [
  { kind, code: requestCode, apiKey: api.key, version, direction: request },
  ...(response === null
    ? []
    : [{ kind: `${kind}Response`, code: responseCode, apiKey: api.key, version, direction: response }]),
])

const waysByKind: ReadonlyMap<string, Way> = new Map(ways.map(way => [way.kind, way]))
const waysByApi: ReadonlyMap<number, readonly Way[]> = Map.groupBy(ways, ({ apiKey }) => apiKey)

function wayOf(kind: Wire['kind']): Way {
  const way = waysByKind.get(kind)
  if (way === undefined) throw new WireError(`no message is of kind ${kind}`)
  return way
}
