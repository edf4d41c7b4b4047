// The language of the schema tables. A table says of each field of a message its type, the versions that have it, those
// that may hold null, and its tag, as Kafka's message definitions do (KIP-482 for tags and flexible versions). Both
// directions of the codec are compiled from it (read.ts, write.ts), so that they cannot drift apart.
//
// Values are plain objects in which every field is present, under Kafka's own names: one that a version lacks has its
// default after decoding, and is not looked at when encoding. A field inside a struct is there in those of its versions
// in which the struct is: `0+` is all that the struct has.

/** `3+` is from version 3 on, `0-7` is both ends included, `2` is that version alone. */
export type Versions = `${number}+` | `${number}-${number}` | `${number}`

/** Versions from `from` to `to`, both included; none when `from` is larger. */
export type VersionRange = { readonly from: number; readonly to: number }

/**
 * What a scalar is in TypeScript. An int64 is a number; what is beyond ±(2^53 - 1) is read as ±(2^53 - 1). A uuid is 32
 * hex digits in lower case. Bytes and records are views into the frame that they were read from.
 */
export type Scalars = {
  readonly bool: boolean
  readonly int8: number
  readonly int16: number
  readonly uint16: number
  readonly int32: number
  readonly int64: number
  readonly float64: number
  readonly uuid: string
  readonly string: string
  readonly bytes: Uint8Array
  readonly records: Uint8Array
}

export type Scalar = keyof Scalars

export type Type =
  | { readonly kind: 'scalar'; readonly name: Scalar }
  | { readonly kind: 'array'; readonly of: Type }
  | { readonly kind: 'struct'; readonly fields: Fields }

/** One field of a message; `T` is the type of its value. */
export type Field<T> = {
  readonly type: Type
  readonly versions: VersionRange
  /** The versions in which it may be null. */
  readonly nullable: VersionRange
  /** Its number among the tagged fields, in the versions of `tagged`; null when it is never tagged. */
  readonly tag: number | null
  readonly tagged: VersionRange
  readonly default: T
}

/** The fields of a message or struct, in the order in which they are on the wire. */
export type Fields = { readonly [name: string]: Field<unknown> }

/** The value that a message or struct of these fields has. */
export type ValueOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never }

/** What an array holds: a scalar by its name, or a struct by its fields. */
export type Element = Scalar | Fields
type ElementOf<E extends Element> = E extends Scalar ? Scalars[E] : E extends Fields ? ValueOf<E> : never

/** One API: its number and name, the versions that we offer, and what its messages hold. */
export type Api<Q extends Fields = Fields, A extends Fields = Fields> = {
  readonly key: number
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
  /** The first version with compact lengths and tagged fields; null when no version has them. */
  readonly flexibleSince: number | null
  readonly request: Q
  readonly response: A
}

/** The value of an API's request: `RequestOf<typeof produce>`. */
export type RequestOf<A extends Api> = ValueOf<A['request']>

/** The value of an API's response: `ResponseOf<typeof produce>`. */
export type ResponseOf<A extends Api> = ValueOf<A['response']>

/** Makes an API of its table. It does nothing, but tells the compiler the table's exact type. */
export function defineApi<Q extends Fields, A extends Fields>(api: Api<Q, A>): Api<Q, A> {
  return api
}

export const zeroUuid = '00000000000000000000000000000000'

export const bool = scalar('bool', false)
export const int8 = scalar('int8', 0)
export const int16 = scalar('int16', 0)
export const uint16 = scalar('uint16', 0)
export const int32 = scalar('int32', 0)
export const int64 = scalar('int64', 0)
export const float64 = scalar('float64', 0)
export const uuid = scalar('uuid', zeroUuid)
export const string = scalar('string', '')
export const bytes = scalar('bytes', new Uint8Array(0))
export const records = scalar('records', new Uint8Array(0))

/** An array of scalars or of structs; empty by default. */
export function array<E extends Element>(versions: Versions, element: E): Field<readonly ElementOf<E>[]> {
  const of: Type = typeof element === 'string' ? { kind: 'scalar', name: element } : structType(element)
  return field({ kind: 'array', of }, versions, Object.freeze([]))
}

/** A struct, whose default has the default of each of its fields. */
export function struct<F extends Fields>(versions: Versions, fields: F): Field<ValueOf<F>> {
  return field(structType(fields), versions, defaultsOf(fields))
}

/** The same field, which may be null in these versions. The default stays what it was unless it is given. */
export function nullable<T>(versions: Versions, of: Field<T>, byDefault: T | null = of.default): Field<T | null> {
  return { ...of, nullable: versionRange(versions), default: byDefault }
}

/** The same field, tagged in these versions: only written when it is not its default. */
export function tagged<T>(tag: number, of: Field<T>, versions?: Versions): Field<T> {
  return { ...of, tag, tagged: versions === undefined ? of.versions : versionRange(versions) }
}

/** The value in which every field has its default. */
export function defaultsOf<F extends Fields>(fields: F): ValueOf<F> {
  const values = Object.fromEntries(Object.entries(fields).map(([name, of]) => [name, of.default]))
  // The values are those of the very fields that ValueOf takes the types from.
  return Object.freeze(values) as ValueOf<F>
}

export function includes(range: VersionRange, version: number): boolean {
  return range.from <= version && version <= range.to
}

export function isFlexible(api: Api, version: number): boolean {
  return api.flexibleSince !== null && version >= api.flexibleSince
}

/** The fields that a version has: those in its body in their order, and the tagged ones in the order of their tags. */
export function fieldsOf(
  fields: Fields,
  version: number,
): { readonly body: NamedFields; readonly tagged: NamedFields } {
  const present = Object.entries(fields).filter(([, of]) => includes(of.versions, version))
  const isTagged = ([, of]: NamedField) => of.tag !== null && includes(of.tagged, version)
  return {
    body: present.filter(one => !isTagged(one)),
    tagged: present.filter(isTagged).sort(([, a], [, b]) => (a.tag ?? 0) - (b.tag ?? 0)),
  }
}

export type NamedField = readonly [name: string, field: Field<unknown>]
export type NamedFields = readonly NamedField[]

function scalar<N extends Scalar>(name: N, zero: Scalars[N]) {
  return (versions: Versions = '0+', byDefault: Scalars[N] = zero): Field<Scalars[N]> =>
    field({ kind: 'scalar', name }, versions, byDefault)
}

function field<T>(type: Type, versions: Versions, byDefault: T): Field<T> {
  return { type, versions: versionRange(versions), nullable: never, tag: null, tagged: never, default: byDefault }
}

function structType(fields: Fields): Type {
  return { kind: 'struct', fields }
}

const never: VersionRange = { from: 1, to: 0 }

function versionRange(versions: Versions): VersionRange {
  if (versions.endsWith('+')) return { from: Number(versions.slice(0, -1)), to: Number.POSITIVE_INFINITY }
  const [from, to = from] = versions.split('-').map(Number)
  return { from: from ?? 0, to: to ?? 0 }
}
