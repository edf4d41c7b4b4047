// Whole requests and responses as frames: size, header (KIP-511, KIP-482) and body.

import { apiByKey } from './apis.ts'
import { compileRead, type Read, type Version } from './read.ts'
import { Reader } from './reader.ts'
import { type Api, isFlexible, type RequestOf, type ResponseOf } from './schema.ts'
import { WireError } from './wire-error.ts'
import { compileWrite, type Write } from './write.ts'
import { Writer } from './writer.ts'

/** What stands before a request's body. */
export type RequestHeader = {
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  /** The index of the body's first byte in the frame; -1 for an API or a version that we do not have. */
  readonly bodyAt: number
}

/**
 * Reads the header of a request, whose frame is given without its size. Of an API or version that we do not have, the
 * first eight bytes are understood all the same, so that UNSUPPORTED_VERSION can be answered; the client id is then read
 * if there is one. `known` are the APIs that we have, by their keys. Throws WireError.
 */
export function readRequestHeader(frame: Uint8Array, known: ReadonlyMap<number, Api> = apiByKey): RequestHeader {
  const reader = new Reader(frame)
  const apiKey = reader.int16()
  const apiVersion = reader.int16()
  const correlationId = reader.int32()
  const api = known.get(apiKey)
  if (api === undefined || apiVersion < api.minVersion || apiVersion > api.maxVersion) {
    return { apiKey, apiVersion, correlationId, clientId: readClientIdIfAny(reader), bodyAt: -1 }
  }
  const clientId = readClientId(reader)
  if (isFlexible(api, apiVersion)) skipTagged(reader)
  return { apiKey, apiVersion, correlationId, clientId, bodyAt: reader.at }
}

/**
 * Decodes a request's body, from `bodyAt` on. Its bytes are views into the frame. Throws WireError.
 *
 * What follows the body is `refused`, or `ignored` as Kafka's own broker ignores it: librdkafka 2.16 asks for all topics
 * with an array of four bytes where Metadata 13 has one of one, and lives from that.
 */
export function decodeRequestBody<A extends Api>(
  api: A,
  version: number,
  frame: Uint8Array,
  bodyAt: number,
  trailing: 'refused' | 'ignored' = 'refused',
): RequestOf<A> {
  return readBody(codecOf(api, version).readRequest, new Reader(frame, bodyAt), trailing)
}

/**
 * Encodes a response, as the chunks of its whole frame: size, header, body. Large byte fields are the very arrays of
 * `body`, so they must not change until they are sent. Throws WireError for a body that the version cannot hold.
 */
export function encodeResponse<A extends Api>(
  api: A,
  version: number,
  correlationId: number,
  body: ResponseOf<A>,
): Uint8Array[] {
  const { writeResponse } = codecOf(api, version)
  writer.begin()
  writer.int32(0)
  writer.int32(correlationId)
  if (hasTaggedResponseHeader(api, version)) writer.unsignedVarint(0)
  writeResponse(writer, body as never)
  return withSize()
}

/** Encodes a request, as `encodeResponse` does a response. */
export function encodeRequest<A extends Api>(
  api: A,
  version: number,
  correlationId: number,
  clientId: string | null,
  body: RequestOf<A>,
): Uint8Array[] {
  const { writeRequest } = codecOf(api, version)
  writer.begin()
  writer.int32(0)
  writer.int16(api.key)
  writer.int16(version)
  writer.int32(correlationId)
  writer.string(clientId, false)
  if (isFlexible(api, version)) writer.unsignedVarint(0)
  writeRequest(writer, body as never)
  return withSize()
}

/**
 * Decodes a response, whose frame is given without its size. Throws WireError. What follows the body is `refused`, or
 * `ignored` as clients ignore it: librdkafka 2.16's mock cluster ends every flexible Metadata with a byte too many.
 * `surplus` is how many bytes that were.
 */
export function decodeResponse<A extends Api>(
  api: A,
  version: number,
  frame: Uint8Array,
  trailing: 'refused' | 'ignored' = 'refused',
): { readonly correlationId: number; readonly body: ResponseOf<A>; readonly surplus: number } {
  const { readResponse } = codecOf(api, version)
  const reader = new Reader(frame)
  const correlationId = reader.int32()
  if (hasTaggedResponseHeader(api, version)) skipTagged(reader)
  const body = readBody<ResponseOf<A>>(readResponse, reader, trailing)
  return { correlationId, body, surplus: reader.left }
}

/** One for all, since encoding never waits. */
const writer = new Writer()

function withSize(): Uint8Array[] {
  const size = writer.length - 4
  const chunks = writer.finish()
  const first = chunks[0]
  if (first !== undefined) {
    // The four bytes that were kept free are the first thing in the first chunk.
    first[0] = size >>> 24
    first[1] = size >>> 16
    first[2] = size >>> 8
    first[3] = size
  }
  return chunks
}

function readBody<F>(read: Read, reader: Reader, trailing: 'refused' | 'ignored' = 'refused'): F {
  const body = read(reader)
  if (trailing === 'refused' && reader.left > 0) throw new WireError(`${reader.left} bytes follow the body`, reader.at)
  // The function was compiled from the table that the type is taken from.
  return body as F
}

/** A client reads the answer to ApiVersions before it knows what the broker understands, so its header stays version 0. */
function hasTaggedResponseHeader(api: Api, version: number): boolean {
  return isFlexible(api, version) && api.key !== apiVersionsKey
}

const apiVersionsKey = 18

/** The client id has its two-byte length in flexible headers, too. */
function readClientId(reader: Reader): string | null {
  const length = reader.stringLength(false)
  return length === -1 ? null : reader.string(length)
}

function readClientIdIfAny(reader: Reader): string | null {
  try {
    return readClientId(reader)
  } catch (error) {
    if (error instanceof WireError) return null
    throw error
  }
}

function skipTagged(reader: Reader): void {
  const count = reader.unsignedVarint()
  for (let k = 0; k < count; k++) {
    reader.unsignedVarint()
    reader.skip(reader.unsignedVarint())
  }
}

type Codec = {
  readonly readRequest: Read
  readonly readResponse: Read
  readonly writeRequest: Write
  readonly writeResponse: Write
}

const codecs = new WeakMap<Api, Codec[]>()

/** The functions of a version are compiled when they are first needed, and kept. */
function codecOf(api: Api, version: number): Codec {
  let ofApi = codecs.get(api)
  if (ofApi === undefined) {
    ofApi = []
    codecs.set(api, ofApi)
  }
  const known = ofApi[version]
  if (known !== undefined) return known
  const codec = compile(api, version)
  ofApi[version] = codec
  return codec
}

function compile(api: Api, number: number): Codec {
  if (!Number.isInteger(number) || number < api.minVersion || number > api.maxVersion) {
    throw new WireError(`${api.name} has no version ${number}`)
  }
  const version: Version = { number, flexible: isFlexible(api, number) }
  return {
    readRequest: compileRead(api.request, version),
    readResponse: compileRead(api.response, version),
    writeRequest: compileWrite(api.request, version),
    writeResponse: compileWrite(api.response, version),
  }
}
