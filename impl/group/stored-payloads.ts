// What members of a group said, as it stands in the JSON of the group's record.
//
// A consumer's words stand there in full, as long as they say everything: encoding them again must give the same bytes.
// All other words, and those of other kinds of groups, are base64. So a record can be read by people and compared with
// the model's, and a coordinator that loads it has the very bytes again.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { GenerationId } from '../../model/vocabulary/units.ts'
import {
  consumerProtocolType,
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../client/consumer-protocol.ts'
import type { JoinProtocol } from './messages.ts'
import { noBytes } from './responses.ts'

/** One of a member's protocols in a record. */
export type StoredProtocol = ({ readonly name: string } & Words) | { readonly name: string; readonly metadata: string }

/** A member's assignment in a record. */
export type StoredAssignment = readonly TopicPartition[] | string

type Words = {
  readonly topics: readonly string[]
  readonly owned: readonly TopicPartition[]
  readonly generationId: GenerationId
}

const nothingAssigned = encodeAssignment({ partitions: [], userData: null })

/**
 * What a member gets that the leader did not name. Deviation: Kafka gives no bytes at all, which clients read as the same;
 * a consumer's record could not tell the two apart.
 */
export function unnamedShare(protocolType: string | null): Uint8Array {
  return protocolType === consumerProtocolType ? nothingAssigned : noBytes
}

export function storedProtocol(protocolType: string | null, { name, metadata }: JoinProtocol): StoredProtocol {
  const words = protocolType === consumerProtocolType ? subscriptionWords(metadata) : null
  if (words === null) return { name, metadata: base64(metadata) }
  return { name, topics: words.topics, owned: words.owned, generationId: words.generationId }
}

export function loadedProtocol(stored: StoredProtocol): JoinProtocol {
  const { name } = stored
  if ('metadata' in stored) return { name, metadata: fromBase64(stored.metadata) }
  const { topics, owned, generationId } = stored
  return {
    name,
    metadata: encodeSubscription({ topics, userData: null, ownedPartitions: owned, generationId, rackId: null }),
  }
}

export function storedAssignment(protocolType: string | null, assignment: Uint8Array): StoredAssignment {
  const words = protocolType === consumerProtocolType ? assignmentWords(assignment) : null
  return words ?? base64(assignment)
}

export function loadedAssignment(stored: StoredAssignment): Uint8Array {
  return typeof stored === 'string' ? fromBase64(stored) : encodeAssignment({ partitions: stored, userData: null })
}

/** Whether two payloads are the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}

/** Null for bytes that the words would not give again. */
function subscriptionWords(metadata: Uint8Array): Words | null {
  const decoded = decodeSubscription(metadata)
  if (decoded.kind === 'malformed') return null
  const { topics, userData, ownedPartitions: owned, generationId, rackId } = decoded.value
  if (userData !== null || rackId !== null || !sameBytes(encodeSubscription(decoded.value), metadata)) return null
  return { topics, owned, generationId }
}

function assignmentWords(assignment: Uint8Array): readonly TopicPartition[] | null {
  const decoded = decodeAssignment(assignment)
  if (decoded.kind === 'malformed' || decoded.value.userData !== null) return null
  return sameBytes(encodeAssignment(decoded.value), assignment) ? decoded.value.partitions : null
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), character => character.charCodeAt(0))
}
