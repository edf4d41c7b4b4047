// What a broker is, before anything is asked of it: who else is in its cluster, and which APIs and versions they offer.

import { apiVersions } from '../../../impl/wire/apis/api-versions.ts'
import { metadata } from '../../../impl/wire/apis/metadata.ts'
import { apiByKey } from '../../../impl/wire/apis.ts'
import { defaultsOf, type ResponseOf } from '../../../impl/wire/schema.ts'
import type { Milliseconds } from '../../../model/vocabulary/units.ts'
import { isSubjectGone, subjectGone } from '../../subject-gone.ts'
import { isAddress, listedIn, noAddressText } from './address.ts'
import { Connections } from './connections.ts'
import { nameOf } from './outcomes.ts'
import { type Range, spokenApis, spokenHere } from './spoken.ts'

export type ProbedBroker = { readonly id: number; readonly address: string }

export type OfferedApi = { readonly name: string; readonly key: number; readonly from: number; readonly to: number }

export type Probe = {
  /** Ascending by id. */
  readonly brokers: readonly ProbedBroker[]
  readonly clusterId: string | null
  /** What every broker offers of what the codec has. */
  readonly apis: readonly OfferedApi[]
  /** The versions that both the brokers and the driver speak, by API. */
  readonly spoken: Readonly<Record<string, Range>>
  /** The APIs that operations need and that cannot be spoken, each with why. */
  readonly missing: Readonly<Record<string, string>>
}

export type ProbeOptions = {
  /** How long one answer may take; 10 s by default. */
  readonly answerWithinMs?: Milliseconds
  /** Gets a sentence for each thing that is wrong with an answer that can be understood all the same. */
  readonly oddities?: Set<string>
}

const clientId = 'lockstep-probe'

/** Asks a cluster what it is; `bootstrap` is `host:port,…`. Rejects with what `subjectGone` makes. */
export async function probe(
  bootstrap: string,
  { answerWithinMs = 10_000, oddities = new Set() }: ProbeOptions = {},
): Promise<Probe> {
  const connections = new Connections(answerWithinMs, oddities)
  try {
    const { address, offered } = await firstOf(connections, addressesOf(bootstrap))
    const spokenMetadata = intersection('Metadata', [offered])
    if (typeof spokenMetadata === 'string') {
      throw subjectGone(`${address} cannot be asked for its brokers: Metadata is ${spokenMetadata}`)
    }
    const connection = await connections.to(address, 'probe', clientId)
    const asked = { ...defaultsOf(metadata.request), topics: [], allowAutoTopicCreation: false }
    const told = await connections.ask(connection, metadata, spokenMetadata.to, asked)
    const brokers = told.brokers.map(({ nodeId, host, port }) => ({ id: nodeId, address: `${host}:${port}` }))
    if (brokers.length === 0) throw subjectGone(`${address} answered Metadata ${spokenMetadata.to} without any broker`)
    brokers.sort((a, b) => a.id - b.id)
    return withOffers(brokers, told.clusterId, await offersOf(connections, address, brokers))
  } finally {
    connections.close()
  }
}

/** The addresses of a bootstrap list. Throws `subjectGone` for a text that is none. */
export function addressesOf(bootstrap: string): readonly string[] {
  const addresses = listedIn(bootstrap)
  for (const address of addresses) if (!isAddress(address)) throw subjectGone(noAddressText(address))
  return addresses
}

type Offers = ReadonlyMap<number, Range>

/** The first address of the list that answers. */
async function firstOf(
  connections: Connections,
  addresses: readonly string[],
): Promise<{ readonly address: string; readonly offered: Offers }> {
  const said: string[] = []
  for (const address of addresses) {
    try {
      return { address, offered: await offeredBy(connections, address) }
    } catch (error) {
      if (!isSubjectGone(error)) throw error
      said.push(error.message)
    }
  }
  throw subjectGone(said.join('; '))
}

/** What each broker of the cluster offers, at the address that clients are told. */
async function offersOf(
  connections: Connections,
  bootstrap: string,
  brokers: readonly ProbedBroker[],
): Promise<readonly Offers[]> {
  const offers: Offers[] = []
  for (const { id, address } of brokers) {
    if (!isAddress(address))
      throw subjectGone(`${bootstrap} says that broker ${id} is at "${address}", which is no address`)
    try {
      offers.push(await offeredBy(connections, address))
    } catch (error) {
      if (!isSubjectGone(error)) throw error
      throw subjectGone(`${bootstrap} says that broker ${id} is at ${address}: ${error.message}`)
    }
  }
  return offers
}

/**
 * Asks for the versions of all APIs. Version 0 is what every broker must understand (KIP-35); one that does not says
 * which it does, in the form of version 0, and is asked once more.
 */
async function offeredBy(connections: Connections, address: string): Promise<Offers> {
  const connection = await connections.to(address, 'probe', clientId)
  let version = 0
  let answer = await askVersions(connections, connection, version)
  const own = answer.apiKeys.find(({ apiKey }) => apiKey === apiVersions.key)
  const newest = Math.min(own?.maxVersion ?? 0, apiVersions.maxVersion)
  if (
    nameOf(answer.errorCode) === 'UNSUPPORTED_VERSION' &&
    own !== undefined &&
    newest >= Math.max(own.minVersion, 1)
  ) {
    version = newest
    answer = await askVersions(connections, connection, version)
  }
  if (answer.errorCode !== 0) {
    const offers =
      own === undefined ? '' : `, and offers ${versions({ from: own.minVersion, to: own.maxVersion })} of it`
    throw subjectGone(`${address} answered ApiVersions ${version} with ${nameOf(answer.errorCode)}${offers}`)
  }
  if (answer.apiKeys.length === 0) throw subjectGone(`${address} answered ApiVersions ${version} with no API at all`)
  return new Map(
    answer.apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, { from: minVersion, to: maxVersion }]),
  )
}

async function askVersions(
  connections: Connections,
  connection: Awaited<ReturnType<Connections['to']>>,
  version: number,
): Promise<ResponseOf<typeof apiVersions>> {
  const software = { clientSoftwareName: 'kafka-lockstep', clientSoftwareVersion: '0.1.0' }
  return await connections.ask(connection, apiVersions, version, software)
}

function withOffers(brokers: readonly ProbedBroker[], clusterId: string | null, offers: readonly Offers[]): Probe {
  const apis = [...apiByKey.values()].flatMap(({ key, name }) => {
    const common = commonRange(key, offers)
    return common === null ? [] : [{ name, key, ...common }]
  })
  const spoken: Record<string, Range> = {}
  const missing: Record<string, string> = {}
  for (const name of spokenApis()) {
    const found = intersection(name, offers)
    if (typeof found === 'string') missing[name] = found
    else spoken[name] = found
  }
  return { brokers, clusterId, apis, spoken, missing }
}

/** The versions that all brokers offer; null when one does not offer the API, or they share none. */
function commonRange(key: number, offers: readonly Offers[]): Range | null {
  const ranges = offers.flatMap(offer => offer.get(key) ?? [])
  if (ranges.length < offers.length) return null
  const from = Math.max(...ranges.map(range => range.from))
  const to = Math.min(...ranges.map(range => range.to))
  return from <= to ? { from, to } : null
}

/** The versions that the brokers offer and the driver speaks, or why there are none. */
function intersection(name: string, offers: readonly Offers[]): Range | string {
  const key = [...apiByKey.values()].find(api => api.name === name)?.key ?? -1
  const here = spokenHere(name)
  if (here === undefined) return 'not spoken here'
  if (offers.some(offer => !offer.has(key))) return 'not offered'
  const common = commonRange(key, offers)
  if (common === null) return 'offered in versions that the brokers do not share'
  const range = { from: Math.max(common.from, here.from), to: Math.min(common.to, here.to) }
  if (range.from <= range.to) return range
  return `offered in ${versions(common)}, and ${versions(here)} are spoken here`
}

function versions({ from, to }: Range): string {
  return from === to ? `version ${from}` : `versions ${from} to ${to}`
}
