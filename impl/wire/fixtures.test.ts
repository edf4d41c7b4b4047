// Bytes that real clients and Apache Kafka exchanged, recorded by `.ci/clients/record.ts`: what we read from them and write
// again must be the same bytes.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { apiVersions } from './apis/api-versions.ts'
import { apiByKey } from './apis.ts'
import { decodeRequestBody, decodeResponse, encodeRequest, encodeResponse, readRequestHeader } from './frames.ts'
import type { Api } from './schema.ts'

type Fixture = {
  readonly client: string
  readonly clientVersion: string
  readonly broker: string
  readonly apiKey: number
  readonly apiVersion: number
  readonly direction: 'request' | 'response'
  readonly frame: string
}

const folder = join(import.meta.dirname, 'fixtures')
const files = readdirSync(folder).filter(name => name.endsWith('.json'))

/** Clients whose bytes are not what their own version of the API is, and why Kafka takes them all the same. */
const peculiar: readonly { readonly client: string; readonly api: string; readonly why: string }[] = [
  { client: 'confluent-kafka', api: 'Metadata', why: 'an array of four bytes for all topics; what follows is ignored' },
]

/** APIs that clients ask Apache Kafka for and we do not offer. */
const notOffered: ReadonlyMap<number, string> = new Map([[69, 'ConsumerGroupDescribe, of the groups of KIP-848']])

/** franz-go asks with a version that Apache Kafka 4.3.1 does not have either, and goes on with what it is answered. */
function isOfTheFuture({ apiKey, apiVersion }: Fixture): boolean {
  return apiKey === apiVersions.key && apiVersion > apiVersions.maxVersion
}

test('there are recordings of several clients', () => {
  expect(files.length).toBeGreaterThanOrEqual(5)
})

describe.each(files)('%s', file => {
  const recorded = JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly Fixture[]
  const fixtures = recorded.filter(one => !notOffered.has(one.apiKey) && !isOfTheFuture(one))
  test.each(
    fixtures.map(one => [apiByKey.get(one.apiKey)?.name ?? one.apiKey, one.apiVersion, one.direction, one] as const),
  )('%s %i %s', (_, version, direction, fixture) => {
    const api = apiByKey.get(fixture.apiKey)
    if (api === undefined) throw new Error(`there is no table for API ${fixture.apiKey}`)
    const frame = Buffer.from(fixture.frame, 'hex')
    const again = direction === 'request' ? requestAgain(frame) : responseAgain(api, version, frame)
    const isPeculiar = peculiar.some(({ client, api: name }) => client === fixture.client && name === api.name)
    if (isPeculiar && direction === 'request' && again.length < frame.length) {
      expect(frame.subarray(0, again.length).toString('hex')).toBe(again.toString('hex'))
    } else expect(again.toString('hex')).toBe(fixture.frame)
  })
})

function requestAgain(frame: Buffer): Buffer {
  const { apiKey, apiVersion, correlationId, clientId, bodyAt } = readRequestHeader(frame)
  const api = apiByKey.get(apiKey)
  if (api === undefined) throw new Error(`there is no table for API ${apiKey}`)
  const body = decodeRequestBody(api, apiVersion, frame, bodyAt, 'ignored')
  return withoutSize(encodeRequest(api, apiVersion, correlationId, clientId, body))
}

function responseAgain(api: Api, version: number, frame: Buffer): Buffer {
  const { correlationId, body } = decodeResponse(api, version, frame)
  return withoutSize(encodeResponse(api, version, correlationId, body))
}

function withoutSize(chunks: readonly Uint8Array[]): Buffer {
  return Buffer.concat(chunks).subarray(4)
}
