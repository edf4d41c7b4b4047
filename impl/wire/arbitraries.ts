// Values for every table, derived from the table itself, for tests: whatever a version can say, and nothing else.

import fc from 'fast-check'
import { type Api, type Fields, fieldsOf, includes, type Scalar, type Type } from './schema.ts'

/** One API in one version. */
export type ApiVersion = { readonly api: Api; readonly version: number }

/** Every version of every API given. */
export function versionsOf(apis: readonly Api[]): readonly ApiVersion[] {
  return apis.flatMap(api =>
    Array.from({ length: api.maxVersion - api.minVersion + 1 }, (_, k) => ({ api, version: api.minVersion + k })),
  )
}

/** A message or struct, with its defaults for the fields that the version lacks. */
export function messages(fields: Fields, version: number): fc.Arbitrary<Record<string, unknown>> {
  const { body, tagged } = fieldsOf(fields, version)
  const present = new Set([...body, ...tagged].map(([name]) => name))
  const values = Object.entries(fields).map(([name, field]) => {
    if (!present.has(name)) return [name, fc.constant(field.default)] as const
    const value = ofType(field.type, version)
    const orNull = includes(field.nullable, version) ? fc.option(value, { freq: 4 }) : value
    const isDefaultAllowed = field.default !== null || includes(field.nullable, version)
    return [name, isDefaultAllowed ? fc.oneof(orNull, fc.constant(field.default)) : orNull] as const
  })
  return fc.record(Object.fromEntries(values), { noNullPrototype: true })
}

function ofType(type: Type, version: number): fc.Arbitrary<unknown> {
  if (type.kind === 'struct') return messages(type.fields, version)
  if (type.kind === 'array') return fc.array(ofType(type.of, version), { maxLength: 3 })
  return scalars[type.name]
}

const text = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 12 }), longText())
const binary = fc.oneof(fc.uint8Array({ maxLength: 20 }), large())

const scalars: { readonly [N in Scalar]: fc.Arbitrary<unknown> } = {
  bool: fc.boolean(),
  int8: fc.integer({ min: -0x80, max: 0x7f }),
  int16: fc.integer({ min: -0x8000, max: 0x7fff }),
  uint16: fc.integer({ min: 0, max: 0xffff }),
  int32: fc.integer(),
  int64: fc.oneof(fc.maxSafeInteger(), fc.integer()),
  float64: fc.double({ noNaN: true }),
  uuid: fc.uint8Array({ minLength: 16, maxLength: 16 }).map(bytes => bytes.toHex()),
  string: text,
  bytes: binary,
  records: binary,
}

/** Around the length at which a compact length takes a second byte, and that of strings that are remembered. */
function longText(): fc.Arbitrary<string> {
  return fc.integer({ min: 60, max: 140 }).map(length => 'é'.repeat(length % 2) + 'x'.repeat(length))
}

/** Around the size from which bytes become a chunk of their own. */
function large(): fc.Arbitrary<Uint8Array> {
  return fc.integer({ min: 4090, max: 4100 }).map(length => new Uint8Array(length).fill(length))
}
