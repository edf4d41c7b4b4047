// A few words to write JSON Schema in, each of which knows the TypeScript type that it accepts, so that the compiler can
// compare a schema with the vocabulary.
//
// Objects never accept fields that they do not name: a misspelt field is an error, not silence.

/** A JSON Schema as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** A schema whose instances are of type `T`; `is` never has a value. */
export type Schema<T> = { readonly json: JsonSchema; readonly is?: T }

/** What a schema accepts. */
export type TypeOf<S> = S extends Schema<infer T> ? T : never

type Fields = { readonly [name: string]: Schema<unknown> }
type Instance<F extends Fields> = { readonly [K in keyof F]: TypeOf<F[K]> }
type Kinds = { readonly [kind: string]: Fields }

/** Whole numbers from `minimum` to `maximum`, both included. */
export function integer(minimum: number, maximum: number): Schema<number> {
  return { json: { type: 'integer', minimum, maximum } }
}

/** Text that matches `pattern`. */
export function text(pattern: string): Schema<string> {
  return { json: { type: 'string', pattern } }
}

/** Text of at most `maxLength` UTF-16 code units. */
export function anyText(maxLength: number): Schema<string> {
  return { json: { type: 'string', maxLength } }
}

export const boolean: Schema<boolean> = { json: { type: 'boolean' } }

/** One of the given texts or numbers. */
export function oneOfValues<const V extends string | number>(...values: readonly V[]): Schema<V> {
  return { json: { type: typeof values[0] === 'number' ? 'integer' : 'string', enum: values } }
}

/** The same, or null. Not for unions: those have no single type. */
export function nullable<T>(schema: Schema<T>): Schema<T | null> {
  const { type, enum: values, ...rest } = schema.json
  const withNull = { type: [type, 'null'], ...rest }
  return { json: Array.isArray(values) ? { ...withNull, enum: [...values, null] } : withNull }
}

/** Arrays of at most `maxItems`. */
export function list<T>(items: Schema<T>, maxItems: number, minItems = 0): Schema<readonly T[]> {
  return { json: { type: 'array', items: items.json, minItems, maxItems } }
}

/** Objects with exactly these fields. */
export function record<F extends Fields>(fields: F): Schema<Instance<F>> {
  return { json: object(fields) }
}

/** Objects whose field names match `names`, and whose fields are all alike. */
export function map<T>(names: string, values: Schema<T>): Schema<Readonly<Record<string, T>>> {
  return { json: { type: 'object', propertyNames: { pattern: names }, additionalProperties: values.json } }
}

/** Objects told apart by `kind`, which gives one relevant error where a plain `oneOf` gives one for every kind. */
export function kinds<K extends Kinds>(
  fieldsOf: K,
): Schema<{ [N in keyof K & string]: { readonly kind: N } & Instance<K[N]> }[keyof K & string]> {
  const oneOf = Object.entries(fieldsOf).map(([kind, fields]) => object({ kind: constant(kind), ...fields }))
  return { json: { type: 'object', discriminator: { propertyName: 'kind' }, oneOf } }
}

/** Either of two, where nothing tells them apart by name. */
export function either<A, B>(a: Schema<A>, b: Schema<B>): Schema<A | B> {
  return { json: { anyOf: [a.json, b.json] } }
}

/** Exactly this text or number. */
export function constant<const V extends string | number>(value: V): Schema<V> {
  return { json: { const: value } }
}

/** The JSON Schema of an object; `optional` fields may be absent. */
export function object(fields: Fields, optional: Fields = {}): JsonSchema {
  const properties = Object.fromEntries(
    Object.entries({ ...fields, ...optional }).map(([name, schema]) => [name, schema.json]),
  )
  return { type: 'object', properties, required: Object.keys(fields), additionalProperties: false }
}
