// What a message family is: one of our requests and its response, the Kafka API that stands for both on the wire, and how
// the values of one become the values of the other.

import type { ErrorName } from '../../../model/vocabulary/errors.ts'
import type { WireRequest, WireResponse } from '../../ports/network.ts'
import { errorName } from '../errors.ts'
import { decodeRequestBody, decodeResponse, encodeRequest, encodeResponse, readRequestHeader } from '../frames.ts'
import type { Api, Fields, ValueOf } from '../schema.ts'
import { WireError } from '../wire-error.ts'

export type RequestKind = WireRequest['kind']
export type RequestOfKind<K extends RequestKind> = Extract<WireRequest, { readonly kind: K }>
export type ResponseOfKind<K extends RequestKind> = Extract<WireResponse, { readonly kind: `${K}Response` }>

/** One message's way to bytes and back. `read` gives exactly what `write` was given; it throws WireError for nonsense. */
export type Direction<Message> = {
  /** The chunks of Kafka's whole frame, its size included. */
  readonly write: (message: Message) => Uint8Array[]
  /** The frame is given without its size; the message's bytes are views into it. */
  readonly read: (frame: Uint8Array) => Message
}

export type Family<K extends RequestKind> = {
  readonly api: Api
  readonly version: number
  readonly request: Direction<RequestOfKind<K>>
  /** Null for what is never answered. */
  readonly response: Direction<ResponseOfKind<K>> | null
}

/** How the value of a message and the value of a Kafka message become each other. */
export type Mapping<Message, Body> = {
  readonly toBody: (message: Message) => Body
  readonly toMessage: (body: Body, correlationId: number) => Message
}

/** A family whose messages go as this version of this API; the other versions are not understood between our nodes. */
export function defineFamily<K extends RequestKind, Q extends Fields, A extends Fields>(
  api: Api<Q, A>,
  version: number,
  request: Mapping<RequestOfKind<K>, ValueOf<Q>>,
  response: Mapping<ResponseOfKind<K>, ValueOf<A>> | null,
): Family<K> {
  return {
    api,
    version,
    request: requestDirection(api, version, request),
    response: response === null ? null : responseDirection(api, version, response),
  }
}

type WithCorrelationId = { readonly correlationId: number }

function requestDirection<Message extends WithCorrelationId, Q extends Fields, A extends Fields>(
  api: Api<Q, A>,
  version: number,
  { toBody, toMessage }: Mapping<Message, ValueOf<Q>>,
): Direction<Message> {
  const known = new Map([[api.key, api]])
  return {
    write: message => encodeRequest(api, version, message.correlationId, null, toBody(message)),
    read: frame => {
      const { apiKey, apiVersion, correlationId, bodyAt } = readRequestHeader(frame, known)
      if (apiKey !== api.key || apiVersion !== version) {
        throw new WireError(`the header is of API ${apiKey} in version ${apiVersion}, not of ${api.key} in ${version}`)
      }
      return toMessage(decodeRequestBody(api, version, frame, bodyAt), correlationId)
    },
  }
}

function responseDirection<Message extends WithCorrelationId, Q extends Fields, A extends Fields>(
  api: Api<Q, A>,
  version: number,
  { toBody, toMessage }: Mapping<Message, ValueOf<A>>,
): Direction<Message> {
  return {
    write: message => encodeResponse(api, version, message.correlationId, toBody(message)),
    read: frame => {
      const { correlationId, body } = decodeResponse(api, version, frame)
      return toMessage(body, correlationId)
    },
  }
}

/** The one element of an array. Throws WireError when there are none or several. */
export function only<T>(values: readonly T[], what: string): T {
  const [value] = values
  if (value === undefined || values.length !== 1) throw new WireError(`${values.length} ${what}, not one`)
  return value
}

/** What a version may leave null, and our messages never do. Throws WireError for null. */
export function present<T>(value: T | null, what: string): T {
  if (value === null) throw new WireError(`${what} is null`)
  return value
}

/** The error of a number. Throws WireError for one that Kafka does not have. */
export function errorOf(code: number): ErrorName {
  const name = errorName(code)
  if (name === null) throw new WireError(`there is no error ${code}`)
  // Nodes of ours say no other errors than the types of their messages name.
  return name as ErrorName
}

/** Items of the same topic, as far as they follow each other: order is kept, also when a topic comes twice. */
export function byTopic<T extends { readonly topic: string }>(items: readonly T[]): readonly TopicItems<T>[] {
  const groups: { topic: string; items: T[] }[] = []
  for (const item of items) {
    const last = groups.at(-1)
    if (last?.topic === item.topic) last.items.push(item)
    else groups.push({ topic: item.topic, items: [item] })
  }
  return groups
}

export type TopicItems<T> = { readonly topic: string; readonly items: readonly T[] }
