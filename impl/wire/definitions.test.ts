// Our tables beside Apache Kafka's own message definitions, field by field and version by version. They are JSON files in
// the kafka-clients jar, which is looked for where KAFKA_CLIENTS_JAR says, or else in Maven's local repository;
// .ci/checks/60-wire-definitions fetches it.

import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { fetch } from './apis/fetch.ts'
import { produce } from './apis/produce.ts'
import { apis } from './apis.ts'
import { type Api, type Fields, includes, int32, isFlexible, nullable, string, type Type, tagged } from './schema.ts'

const release = '4.3.1'
const inMaven = join(homedir(), `.m2/repository/org/apache/kafka/kafka-clients/${release}/kafka-clients-${release}.jar`)
const jar = process.env.KAFKA_CLIENTS_JAR ?? (existsSync(inMaven) ? inMaven : null)

/** Versions that we have beyond Kafka 4's, and their fields: what older clients know, as Kafka 3.9 defined it. */
const olderVersions = new Map([['DescribeConfigs', 0]])
const olderFields = new Set(['DescribeConfigs response 0 results[].configs[].isDefault'])

describe.skipIf(jar === null)(`our tables are Kafka ${release}'s (skipped without the kafka-clients jar)`, () => {
  const definitions = readDefinitions(jar ?? '')

  test.each(apis.map(api => [api.name, api] as const))('%s', (_name, api) => {
    const request = definitions.get(`${api.name}Request`) ?? raise(`the jar has no ${api.name}Request`)
    const response = definitions.get(`${api.name}Response`) ?? raise(`the jar has no ${api.name}Response`)
    expect(api.key).toBe(request.apiKey)
    const valid = range(request.validVersions)
    expect(api.minVersion).toBe(olderVersions.get(api.name) ?? valid.from)
    expect(api.maxVersion).toBe(request.latestVersionUnstable === true ? valid.to - 1 : valid.to)
    expect(differences(api, request, response)).toEqual([])
  })

  test('and a table with a fault is not', () => {
    const request = definitions.get('ProduceRequest') ?? raise('the jar has no ProduceRequest')
    const response = definitions.get('ProduceResponse') ?? raise('the jar has no ProduceResponse')
    const { acks, timeoutMs, transactionalId, topicData } = produce.request
    const faults: Fields[] = [
      { transactionalId, acks: int32(), timeoutMs, topicData },
      { transactionalId: string('3+'), acks, timeoutMs, topicData },
      { transactionalId: nullable('3+', string('3+')), acks, timeoutMs, topicData },
      { transactionalId, acks, timeoutMs: int32('4+'), topicData },
      { transactionalId, acks, timeoutMs: int32('0+', 1), topicData },
      { transactionalId, acks, timeoutMs: tagged(0, int32()), topicData },
      { transactionalId, acks, topicData },
      { transactionalId, acks, timeoutMs, timeout: int32(), topicData },
      { transactionalId, timeoutMs, acks, topicData },
      { transactionalId, acks, timeoutMs, topicData: fetch.request.topics },
    ]
    for (const fault of faults) expect(differences({ ...produce, request: fault }, request, response)).not.toEqual([])
    expect(differences({ ...produce, flexibleSince: 8 }, request, response)).not.toEqual([])
    expect(differences(produce, request, response)).toEqual([])
  })
})

/** What is said differently of an API, one line for each field and version. */
function differences(api: Api, request: Definition, response: Definition): string[] {
  const lines: string[] = []
  for (let version = api.minVersion; version <= api.maxVersion; version++) {
    const of = `${api.name} %s ${version}`
    const flexible = isFlexible(api, version)
    const pairs = [
      [of.replace('%s', 'request'), ours(api.request, version), theirs(request, version), request],
      [of.replace('%s', 'response'), ours(api.response, version), theirs(response, version), response],
    ] as const
    for (const [name, we, they, definition] of pairs) {
      if (flexible !== includes(range(definition.flexibleVersions), version))
        lines.push(`${name}: flexible here: ${flexible}`)
      const known = [...we].filter(line => !olderFields.has(`${name} ${line.path}`))
      if (they.length === 0 && known.length > 0) lines.push(`${name}: nothing to compare with`)
      const weSay = known.map(show)
      const theySay = they.map(show)
      lines.push(...weSay.filter((line, k) => line !== theySay[k]).map(line => `${name} here: ${line}`))
      lines.push(...theySay.filter((line, k) => line !== weSay[k]).map(line => `${name} Kafka: ${line}`))
    }
  }
  return lines
}

/** What both sides say of one field in one version, in the order of the wire. */
type Said = {
  readonly path: string
  readonly type: string
  readonly nullable: boolean
  readonly tag: number | null
  readonly byDefault: string
}

function show({ path, type, nullable, tag, byDefault }: Said): string {
  return `${path} ${type}${nullable ? ' or null' : ''}${tag === null ? '' : ` tagged ${tag}`}, ${byDefault} by default`
}

function ours(fields: Fields, version: number, prefix = ''): Said[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (!includes(field.versions, version)) return []
    const path = prefix + name
    const { type, nullable, tag, tagged } = field
    const byDefault = plainDefault(field.default)
    const isNullable = includes(nullable, version)
    const said = { path, type: typeName(type), nullable: isNullable, byDefault }
    const inner = type.kind === 'array' ? type.of : type
    const below = type.kind === 'array' ? `${path}[].` : `${path}.`
    return [
      { ...said, tag: tag !== null && includes(tagged, version) ? tag : null },
      ...(inner.kind === 'struct' ? ours(inner.fields, version, below) : []),
    ]
  })
}

function typeName(type: Type): string {
  if (type.kind === 'scalar') return type.name
  return type.kind === 'array' ? `[]${typeName(type.of)}` : 'struct'
}

/** Empty arrays, bytes and structs of defaults are all just `empty`: the fields of a struct have defaults of their own. */
function plainDefault(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'empty' : String(value)
}

type Definition = {
  readonly apiKey: number
  readonly validVersions: string
  readonly flexibleVersions: string
  readonly latestVersionUnstable?: boolean
  readonly fields: readonly FieldDefinition[]
  readonly commonStructs?: readonly { readonly name: string; readonly fields: readonly FieldDefinition[] }[]
}

type FieldDefinition = {
  readonly name: string
  readonly type: string
  readonly versions: string
  readonly nullableVersions?: string
  readonly tag?: number
  readonly taggedVersions?: string
  readonly default?: string | number | boolean
  readonly fields?: readonly FieldDefinition[]
}

function theirs(definition: Definition, version: number): Said[] {
  const common = new Map(definition.commonStructs?.map(({ name, fields }) => [name, fields]))
  const said = (fields: readonly FieldDefinition[], prefix: string): Said[] =>
    fields.flatMap(field => {
      if (!includes(range(field.versions), version)) return []
      const path = prefix + field.name.charAt(0).toLowerCase() + field.name.slice(1)
      const element = field.type.replace('[]', '')
      const array = field.type.startsWith('[]') ? '[]' : ''
      const inner = field.fields ?? common.get(element)
      const isTagged = field.taggedVersions !== undefined && includes(range(field.taggedVersions), version)
      return [
        {
          path,
          type: array + (inner === undefined ? element : 'struct'),
          nullable: field.nullableVersions !== undefined && includes(range(field.nullableVersions), version),
          tag: isTagged ? (field.tag ?? null) : null,
          byDefault: theirDefault(field, array !== '' || inner !== undefined),
        },
        ...(inner === undefined ? [] : said(inner, `${path}${array}.`)),
      ]
    })
  return said(definition.fields, '')
}

/** Kafka's defaults are texts, and for most types none need be given. An int64 beyond 2^53 - 1 is that for us. */
function theirDefault(field: FieldDefinition, hasParts: boolean): string {
  const given = field.default === undefined ? null : String(field.default)
  if (given === 'null') return 'null'
  if (hasParts || field.type === 'bytes' || field.type === 'records') return 'empty'
  if (field.type === 'bool') return given ?? 'false'
  if (field.type === 'string') return given ?? ''
  if (field.type === 'uuid') return '0'.repeat(32)
  return String(Math.min(Number(given ?? 0), Number.MAX_SAFE_INTEGER))
}

function range(versions: string): { readonly from: number; readonly to: number } {
  if (versions === 'none') return { from: 1, to: 0 }
  const [from = '', to] = versions.replace('+', '-Infinity').split('-')
  return { from: Number(from), to: Number(to ?? from) }
}

/** The message definitions in a jar, which is a zip file: its directory at the end says where each file is. */
function readDefinitions(path: string): ReadonlyMap<string, Definition> {
  const definitions = new Map<string, Definition>()
  if (path === '') return definitions
  const zip = readFileSync(path)
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'))
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = zip.readUInt16LE(at + 28)
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength)
    const message = /^common\/message\/(\w+)\.json$/.exec(name)?.[1]
    if (message !== undefined) definitions.set(message, parseDefinition(readEntry(zip, at)))
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return definitions
}

function readEntry(zip: Buffer, at: number): string {
  const isDeflated = zip.readUInt16LE(at + 10) === 8
  const length = zip.readUInt32LE(at + 20)
  const header = zip.readUInt32LE(at + 42)
  const from = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28)
  const packed = zip.subarray(from, from + length)
  return (isDeflated ? inflateRawSync(packed) : packed).toString('utf8')
}

/** Kafka's files are JSON with comments on lines of their own. */
function parseDefinition(text: string): Definition {
  return JSON.parse(text.replace(/^\s*\/\/.*$/gm, '')) as Definition
}

function raise(what: string): never {
  throw new Error(what)
}
